import { Button, SelectControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { Run } from '../../../../companion/src/contract/report.ts';
import { Panel } from '../../components/frame.tsx';
import { useRuns, useSourceTitle } from '../../data/run-queries.ts';
import { formatInstant, formatNumber } from '../../format.ts';
import { useRouter } from '../../router.tsx';

/** Runs that can be compared: the newest that are done. */
const SHOWN = 100;

const sameSources = ( a: Run, b: Run ) => a.sources.toSorted().join() === b.sources.toSorted().join();

/** The run before one, of the same sources where there is one. */
export function runBefore( run: Run, done: readonly Run[] ): Run | undefined {
	const earlier = done.filter( ( other ) => other.run_id < run.run_id );
	return earlier.find( ( other ) => sameSources( other, run ) ) ?? earlier[ 0 ];
}

/** Picks two runs. `fixed` is one of them already. */
export function CompareForm( { fixed }: { fixed?: Run } ) {
	const done = useRuns( { per_page: SHOWN } ).data?.items.filter( ( run ) => run.state === 'done' ) ?? [];
	const sourceTitle = useSourceTitle();
	const { go } = useRouter();
	const [ picked, setPicked ] = useState< { after?: string; before?: string } >( {} );
	const newest = fixed ?? done[ 0 ];
	const after = done.find( ( run ) => String( run.run_id ) === picked.after ) ?? newest;
	const before = done.find( ( run ) => String( run.run_id ) === picked.before ) ?? ( after && runBefore( after, done ) ) ?? done.at( -1 );
	if ( done.length < 2 || ! after || ! before ) {
		return null;
	}
	const choices = done.map( ( run ) => ( {
		value: String( run.run_id ),
		label: sprintf(
			/* translators: 1: date and time of a run, 2: sources such as "WordPress users", 3: number of companies. */
			__( '%1$s · %2$s · companies: %3$s', 'rollcall' ),
			formatInstant( run.started_at ),
			run.sources.map( sourceTitle ).join( ', ' ),
			formatNumber( run.matched_companies )
		),
	} ) );
	const is_same = after.run_id === before.run_id;
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		if ( ! is_same ) {
			go( 'runs', [ before.run_id, after.run_id ].toSorted( ( a, b ) => a - b ).join( '-' ) );
		}
	};
	return (
		<Panel title={ fixed ? __( 'Compare with another run', 'rollcall' ) : __( 'Compare two runs', 'rollcall' ) }>
			<form className="rollcall-compare" onSubmit={ onSubmit }>
				<SelectControl
					label={ fixed ? __( 'Other run', 'rollcall' ) : __( 'One run', 'rollcall' ) }
					value={ String( before.run_id ) }
					options={ fixed ? choices.filter( ( { value } ) => value !== String( fixed.run_id ) ) : choices }
					onChange={ ( value ) => setPicked( { ...picked, before: value } ) }
					__next40pxDefaultSize
					__nextHasNoMarginBottom
				/>
				{ fixed ? null : (
					<SelectControl
						label={ __( 'The other run', 'rollcall' ) }
						value={ String( after.run_id ) }
						options={ choices }
						onChange={ ( value ) => setPicked( { ...picked, after: value } ) }
						__next40pxDefaultSize
						__nextHasNoMarginBottom
					/>
				) }
				<Button type="submit" variant="secondary" disabled={ is_same } accessibleWhenDisabled __next40pxDefaultSize>
					{ __( 'Compare', 'rollcall' ) }
				</Button>
			</form>
			{ is_same ? <p className="rollcall-muted">{ __( 'Choose two different runs.', 'rollcall' ) }</p> : null }
		</Panel>
	);
}
