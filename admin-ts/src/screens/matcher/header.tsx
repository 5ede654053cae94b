import { __, sprintf } from '@wordpress/i18n';
import type { ReportSummary } from '../../../../companion/src/contract/report.ts';
import { Age } from '../../components/age.tsx';
import { Figures, Panel } from '../../components/frame.tsx';
import { formatNumber, formatShare, userCount } from '../../format.ts';
import { reasonText } from '../../words.ts';

/** Users that are in no bar of the chart, one line each; together with the labels they add up to the users read. */
function Rest( { report }: { report: ReportSummary } ) {
	const { totals } = report;
	const lines = [
		totals.waiting > 0 ? `${ __( 'Waiting for a label:', 'rollcall' ) } ${ userCount( totals.waiting ) }.` : '',
		totals.below_threshold > 0 ? `${ __( 'Below your threshold:', 'rollcall' ) } ${ userCount( totals.below_threshold ) }.` : '',
		totals.no_usable_address > 0 ? `${ __( 'No usable address:', 'rollcall' ) } ${ userCount( totals.no_usable_address ) }.` : '',
	].filter( Boolean );
	if ( lines.length === 0 ) {
		return null;
	}
	return (
		<div className="rollcall-muted">
			<span>{ lines.join( ' ' ) }</span>{ ' ' }
			{ totals.reasons.length > 0 ? (
				<details className="rollcall-inline-details">
					<summary>{ __( 'Why?', 'rollcall' ) }</summary>
					<ul>
						{ totals.reasons.map( ( row ) => (
							<li key={ row.reason }>
								{ reasonText( row.reason ) }: { formatNumber( row.user_count ) }
							</li>
						) ) }
					</ul>
				</details>
			) : null }
		</div>
	);
}

/** A run sends hosts, the report counts registrable domains: without this the two figures contradict each other. */
function DomainsNote( { ambiguous }: { ambiguous: number } ) {
	/* translators: %s: number of domains. */
	const claimed = sprintf( __( '%s claimed by several companies', 'rollcall' ), formatNumber( ambiguous ) );
	return (
		<>
			{ __( 'With their subdomains', 'rollcall' ) }
			{ ambiguous > 0 ? (
				<>
					<br />
					{ claimed }
				</>
			) : null }
		</>
	);
}

/** The figures at the top of the report. */
export function Header( { report }: { report: ReportSummary } ) {
	const run = report.newest_run;
	return (
		<Panel>
			<Figures
				figures={ [
					{ label: __( 'Users', 'rollcall' ), value: formatNumber( report.totals.users_read ) },
					{
						label: __( 'At listed companies', 'rollcall' ),
						value: formatNumber( report.matched_users ),
					},
					{ label: __( 'Companies', 'rollcall' ), value: formatNumber( report.matched_companies ) },
					{ label: __( 'Match rate', 'rollcall' ), value: formatShare( report.match_rate ) },
					{
						label: __( 'Domains', 'rollcall' ),
						value: formatNumber( report.domain_count ),
						note: <DomainsNote ambiguous={ report.ambiguous_domains } />,
					},
				] }
			/>
			<p className="rollcall-muted">
				{ run ? (
					<>
						{ __( 'Newest run:', 'rollcall' ) } <Age instant={ run.finished_at ?? run.started_at } />.{ ' ' }
					</>
				) : null }
				{ __( 'Figures are live and include sign-ups since then.', 'rollcall' ) }
			</p>
			<Rest report={ report } />
		</Panel>
	);
}
