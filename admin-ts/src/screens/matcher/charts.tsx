import { __, sprintf } from '@wordpress/i18n';
import type { ReportSummary } from '../../../../companion/src/contract/report.ts';
import { COMPANY_STATUSES, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { BarChart, type Bar } from '../../components/bar-chart.tsx';
import { ColumnChart } from '../../components/column-chart.tsx';
import { Panel } from '../../components/frame.tsx';
import { companyCount, userCount } from '../../format.ts';
import { labelText, statusText } from '../../words.ts';
import type { TabName } from './report-view.tsx';

type KeyCount = ReportSummary[ 'batches' ][ number ];

/** Types of address with users, most users first. The two kinds of personal mail share a bar. */
function typeBars( report: ReportSummary ): Bar[] {
	const sums = new Map< string, { key: string; value: number; is_accent: boolean } >();
	for ( const row of report.totals.labels ) {
		const name = labelText( row.label );
		const before = sums.get( name );
		const key = before ? `${ before.key },${ row.label }` : row.label;
		sums.set( name, { key, value: ( before?.value ?? 0 ) + row.user_count, is_accent: row.label === 'company' } );
	}
	return [ ...sums ]
		.map( ( [ label, { key, value, is_accent } ] ) => ( { key, label, value, text: userCount( value ), is_accent } ) )
		.filter( ( bar ) => bar.value > 0 )
		.sort( ( a, b ) => b.value - a.value );
}

function text( row: KeyCount ): string {
	/* translators: 1: number of users as "3 users", 2: number of companies as "2 companies". */
	return sprintf( __( '%1$s, %2$s', 'rollcall' ), userCount( row.user_count ), companyCount( row.company_count ) );
}

function barOf( row: KeyCount ): Bar {
	return { key: row.key, label: row.key || __( 'Unknown', 'rollcall' ), value: row.user_count, text: text( row ) };
}

function statusBars( report: ReportSummary ): Bar[] {
	const words = wordsOf( COMPANY_STATUSES );
	return report.statuses.map( ( row ) => {
		const status = words.find( ( word ) => word === row.key ) ?? 'unknown';
		return { ...barOf( row ), label: statusText( status ) };
	} );
}

/** The shape of the result in four small charts; picking a part shows its rows in the tables below. */
export function Charts( { report, onPick }: { report: ReportSummary; onPick: ( tab: TabName, field: string, value: string ) => void } ) {
	const showRows = ( bar: Bar ) =>
		/* translators: %s: what a bar of a chart stands for, such as a batch. */
		sprintf( __( 'Show the rows of %s', 'rollcall' ), bar.label );
	return (
		<div className="rollcall-grid is-charts">
			<Panel>
				<BarChart
					title={ __( 'Users by type of address', 'rollcall' ) }
					bars={ typeBars( report ) }
					onPick={ ( key ) => onPick( 'domains', 'label', key ) }
					pickLabel={ showRows }
				/>
			</Panel>
			<Panel>
				<ColumnChart
					title={ __( 'Users by batch', 'rollcall' ) }
					columns={ report.batches.map( barOf ).reverse() }
					headings={ [ __( 'Batch', 'rollcall' ), __( 'Users and companies', 'rollcall' ) ] }
					onPick={ ( key ) => onPick( 'companies', 'batch', key ) }
				/>
			</Panel>
			<Panel>
				<BarChart
					title={ __( 'Users by industry', 'rollcall' ) }
					bars={ report.industries.map( barOf ) }
					onPick={ ( key ) => onPick( 'companies', 'industry', key ) }
					pickLabel={ showRows }
				/>
			</Panel>
			<Panel>
				<BarChart
					title={ __( 'Users by status of the company', 'rollcall' ) }
					bars={ statusBars( report ) }
					onPick={ ( key ) => onPick( 'companies', 'status', key ) }
					pickLabel={ showRows }
				/>
			</Panel>
		</div>
	);
}
