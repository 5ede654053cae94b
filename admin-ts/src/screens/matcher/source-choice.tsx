import { BaseControl, CheckboxControl } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import type { AddressSource } from '../../../../companion/src/contract/report.ts';
import { formatNumber } from '../../format.ts';

/** What stands below the name of a source: how many people it has, or why it cannot be read. */
function noteOf( { source, available, people_count }: AddressSource ): string {
	if ( ! available ) {
		return __( 'Not on this site.', 'rollcall' );
	}
	if ( source === 'paste' ) {
		return __( 'A file of any size is read in your browser.', 'rollcall' );
	}
	return people_count === null
		? ''
		: sprintf(
				/* translators: %s: number of people. */
				_n( '%s person', '%s people', people_count, 'rollcall' ),
				formatNumber( people_count )
			);
}

/** Which addresses a run reads. */
export function SourceChoice( {
	sources,
	chosen,
	onChange,
}: {
	sources: readonly AddressSource[];
	chosen: readonly string[];
	onChange: ( chosen: string[] ) => void;
} ) {
	return (
		<fieldset className="rollcall-choice">
			<BaseControl.VisualLabel as="legend">{ __( 'Whose addresses?', 'rollcall' ) }</BaseControl.VisualLabel>
			<div className="rollcall-choice__options">
				{ sources.map( ( source ) => (
					<CheckboxControl
						key={ source.source }
						label={ source.title }
						help={ noteOf( source ) }
						checked={ chosen.includes( source.source ) }
						disabled={ ! source.available }
						onChange={ ( is_on ) =>
							onChange(
								sources
									.map( ( { source: name } ) => name )
									.filter( ( name ) => ( name === source.source ? is_on : chosen.includes( name ) ) )
							)
						}
						__nextHasNoMarginBottom
					/>
				) ) }
			</div>
		</fieldset>
	);
}
