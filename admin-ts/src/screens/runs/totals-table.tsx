import { __ } from '@wordpress/i18n';
import type { RunComparison } from '../../../../companion/src/contract/report.ts';
import { LABELS, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { Panel } from '../../components/frame.tsx';
import { formatNumber } from '../../format.ts';
import { labelText } from '../../words.ts';

type Totals = NonNullable< RunComparison[ 'before_totals' ] >;
type Line = { name: string; before: number; after: number };

/** People by type of address; the two kinds of personal mail share a line. */
function lines( before: Totals, after: Totals ): Line[] {
	const sums = new Map< string, Line >();
	const add = ( name: string, is_before: boolean, count: number ) => {
		const line = sums.get( name ) ?? { name, before: 0, after: 0 };
		sums.set( name, is_before ? { ...line, before: line.before + count } : { ...line, after: line.after + count } );
	};
	for ( const [ totals, is_before ] of [ [ before, true ] as const, [ after, false ] as const ] ) {
		for ( const label of wordsOf( LABELS ) ) {
			add( labelText( label ), is_before, totals.labels.find( ( row ) => row.label === label )?.user_count ?? 0 );
		}
		add( __( 'No usable address', 'rollcall' ), is_before, totals.no_usable_address );
		add( __( 'Below your threshold', 'rollcall' ), is_before, totals.below_threshold );
		add( __( 'Waiting for a label', 'rollcall' ), is_before, totals.waiting );
		add( __( 'People read', 'rollcall' ), is_before, totals.users_read );
	}
	return [ ...sums.values() ].filter( ( line ) => line.before + line.after > 0 );
}

/** "+12", "−3" or "0", with a real minus sign. */
export function differenceText( before: number, after: number ): string {
	const difference = after - before;
	return `${ difference > 0 ? '+' : difference < 0 ? '−' : '' }${ formatNumber( Math.abs( difference ) ) }`;
}

/** How the types of address shifted from one run to the other. */
export function TotalsTable( { comparison }: { comparison: RunComparison } ) {
	const { before_totals, after_totals } = comparison;
	if ( ! before_totals || ! after_totals ) {
		return null;
	}
	const title = __( 'People by type of address', 'rollcall' );
	return (
		<Panel title={ title }>
			<div className="rollcall-scroll" tabIndex={ 0 } role="region" aria-label={ title }>
				<table className="rollcall-plain-table is-wide">
					<thead>
						<tr>
							<th scope="col">{ __( 'Type of address', 'rollcall' ) }</th>
							<th scope="col" className="is-number">
								{ __( 'Earlier run', 'rollcall' ) }
							</th>
							<th scope="col" className="is-number">
								{ __( 'Later run', 'rollcall' ) }
							</th>
							<th scope="col" className="is-number">
								{ __( 'Difference', 'rollcall' ) }
							</th>
						</tr>
					</thead>
					<tbody>
						{ lines( before_totals, after_totals ).map( ( line ) => (
							<tr key={ line.name }>
								<th scope="row">{ line.name }</th>
								<td className="is-number">{ formatNumber( line.before ) }</td>
								<td className="is-number">{ formatNumber( line.after ) }</td>
								<td className="is-number">{ differenceText( line.before, line.after ) }</td>
							</tr>
						) ) }
					</tbody>
				</table>
			</div>
		</Panel>
	);
}
