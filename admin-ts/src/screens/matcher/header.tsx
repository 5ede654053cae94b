import { __, sprintf } from '@wordpress/i18n';
import type { ReportSummary } from '../../../../companion/src/contract/report.ts';
import { Age } from '../../components/age.tsx';
import { Figures, Panel } from '../../components/frame.tsx';
import { useSourceTitle } from '../../data/run-queries.ts';
import { formatInstant, formatNumber, formatShare, userCount } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { ScreenLink } from '../../router.tsx';
import { reasonText } from '../../words.ts';

/** Users that are in no bar of the chart, one line each; together with the labels they add up to the users read. */
function Rest( { report }: { report: ReportSummary } ) {
	const { totals } = report;
	const lines = [
		totals.waiting > 0 ? `${ __( 'Waiting for a label:', 'rollcall' ) } ${ userCount( totals.waiting ) }.` : '',
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

/** Users whose domain the owner's threshold hides from the companion, and what that means. */
function Hidden( { count }: { count: number } ) {
	return count === 0 ? null : (
		<p className="rollcall-muted">
			{
				/* translators: %s: number of users as "12 users". */
				sprintf( __( '%s below your threshold.', 'rollcall' ), userCount( count ) )
			}{ ' ' }
			{ __(
				'So few people have their domains that these are not sent to the companion, so they have no label. Companies among them come back with the next run, which matches them on this site. A run in this browser labels all of them without sending anything.',
				'rollcall'
			) }{ ' ' }
			{ pageSettings().can.settings ? <ScreenLink to="settings">{ __( 'Change the threshold', 'rollcall' ) }</ScreenLink> : null }
		</p>
	);
}

/** When the figures are from. */
function AsOf( { report }: { report: ReportSummary } ) {
	const sourceTitle = useSourceTitle();
	const run = report.newest_run;
	if ( report.source !== 'users' && report.source !== 'all' ) {
		return (
			<p className="rollcall-muted">
				{ sprintf(
					/* translators: 1: such as "Comment authors", 2: date and time. */
					__( '%1$s, as the run of %2$s found them.', 'rollcall' ),
					sourceTitle( report.source ),
					formatInstant( report.as_of )
				) }{ ' ' }
				{ report.run_id === null ? null : (
					<ScreenLink to="runs" view={ String( report.run_id ) }>
						{ __( 'Open run', 'rollcall' ) }
					</ScreenLink>
				) }
			</p>
		);
	}
	return (
		<p className="rollcall-muted">
			{ run ? (
				<>
					{ __( 'Newest run:', 'rollcall' ) } <Age instant={ run.finished_at ?? run.started_at } />.{ ' ' }
				</>
			) : null }
			{ report.source === 'all'
				? __(
						'Users are live; everything else is as its newest run found it, so people may be counted in several of them.',
						'rollcall'
					)
				: __( 'Figures are live and include sign-ups since then.', 'rollcall' ) }
		</p>
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
	const people = report.source === 'users' ? __( 'Users', 'rollcall' ) : __( 'People', 'rollcall' );
	return (
		<Panel>
			<Figures
				figures={ [
					{ label: people, value: formatNumber( report.totals.users_read ) },
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
			<AsOf report={ report } />
			<Rest report={ report } />
			<Hidden count={ report.totals.below_threshold } />
		</Panel>
	);
}
