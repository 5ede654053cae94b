import { Button, ExternalLink } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import type { Run } from '../../../../companion/src/contract/report.ts';
import { Age } from '../../components/age.tsx';
import { Answer, RowError } from '../../components/faces.tsx';
import { Badge, Panel } from '../../components/frame.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { linkTo } from '../../data/api.ts';
import { isOpen, useLists } from '../../data/queries.ts';
import { useReport, useRuns } from '../../data/run-queries.ts';
import { companyCount, formatNumber } from '../../format.ts';
import { reportViewOf, ScreenLink, useLink } from '../../router.tsx';
import { runStateText, sourceText } from '../../words.ts';
import { StartRun } from './start-run.tsx';

/** The list that every site begins with; only of this one is there a copy as JSON. */
const DEFAULT_UID = 'yc';

/** Where the companies come from, and the copy that is used here: of Y Combinator's list while it is on. */
function ListLinks() {
	const lists = ( useLists().data?.items ?? [] ).filter( ( { enabled } ) => enabled );
	const list = lists.find( ( { list_uid } ) => list_uid === DEFAULT_UID ) ?? lists[ 0 ];
	if ( ! list ) {
		return null;
	}
	const more = lists.filter( ( { list_uid, active_version } ) => list_uid !== list.list_uid && active_version > 0 ).length;
	return (
		<span className="rollcall-step__links">
			<SourceLink url={ list.url } />
			{ list.list_uid === DEFAULT_UID && list.active_version > 0 ? (
				<ExternalLink href={ linkTo( '/companies.json' ) }>{ __( 'Cached here', 'rollcall' ) }</ExternalLink>
			) : null }
			{ list.row_count > 0 ? <span className="rollcall-muted">{ companyCount( list.row_count ) }</span> : null }
			{ list.active_source === 'sample' ? <Badge tone="warning">{ sourceText( 'sample' ) }</Badge> : null }
			{ more > 0 ? (
				<ScreenLink to="companies">
					{
						/* translators: %s: number of lists. */
						sprintf( _n( 'and %s more list', 'and %s more lists', more, 'rollcall' ), formatNumber( more ) )
					}
				</ScreenLink>
			) : null }
		</span>
	);
}

/** A list that is kept in WordPress has no address. */
function SourceLink( { url }: { url: string } ) {
	if ( url === '' ) {
		return null;
	}
	return url.startsWith( 'sample:' ) ? (
		<ScreenLink to="companies">{ __( 'Source: built-in sample', 'rollcall' ) }</ScreenLink>
	) : (
		<ExternalLink href={ url }>{ __( 'Sourced here', 'rollcall' ) }</ExternalLink>
	);
}

function Steps( { has_report }: { has_report: boolean } ) {
	return (
		<ol className="rollcall-steps">
			<li className="rollcall-step">
				<p>{ __( 'We extract email domains from your user list.', 'rollcall' ) }</p>
				<span className="rollcall-muted">{ __( 'Addresses stay in WordPress.', 'rollcall' ) }</span>
			</li>
			<li className="rollcall-step">
				<p>{ __( 'We match these domains against our database of YC companies.', 'rollcall' ) }</p>
				<ListLinks />
			</li>
			<li className="rollcall-step">
				<p>{ __( 'You get a detailed report of matches, enriched with company data.', 'rollcall' ) }</p>
				{ has_report ? (
					<ScreenLink to="matcher" view="report">
						{ __( 'Open report', 'rollcall' ) }
					</ScreenLink>
				) : null }
			</li>
		</ol>
	);
}

/** The open run is a panel of its own, which is newer than its row here. */
function ended( runs: readonly Run[] ): readonly Run[] {
	return runs.filter( ( run ) => ! isOpen( run ) );
}

function Runs() {
	const runs = useRuns( { per_page: 5 } );
	return (
		<Answer of={ runs } lines={ 3 }>
			{ ( { items } ) =>
				items.every( isOpen ) ? null : (
					<Panel
						title={ __( 'Newest runs', 'rollcall' ) }
						actions={ <ScreenLink to="runs">{ __( 'All runs, and any two compared', 'rollcall' ) }</ScreenLink> }
					>
						<div className="rollcall-scroll" tabIndex={ 0 } role="region" aria-label={ __( 'Newest runs', 'rollcall' ) }>
							<table className="rollcall-plain-table is-wide">
								<thead>
									<tr>
										<th scope="col">{ __( 'Started', 'rollcall' ) }</th>
										<th scope="col">{ __( 'By', 'rollcall' ) }</th>
										<th scope="col">{ __( 'State', 'rollcall' ) }</th>
										<th scope="col" className="is-number">
											{ __( 'People read', 'rollcall' ) }
										</th>
										<th scope="col" className="is-number">
											{ __( 'At listed companies', 'rollcall' ) }
										</th>
										<th scope="col" className="is-number">
											{ __( 'Companies', 'rollcall' ) }
										</th>
									</tr>
								</thead>
								<tbody>
									{ ended( items ).map( ( run ) => (
										<tr key={ run.run_id }>
											<td>
												<ScreenLink to="runs" view={ String( run.run_id ) }>
													<Age instant={ run.started_at } />
												</ScreenLink>
											</td>
											<td>{ run.scheduled ? __( 'The schedule', 'rollcall' ) : run.started_by || '–' }</td>
											<td>
												<Badge tone={ run.state === 'done' ? 'good' : run.state === 'failed' ? 'bad' : 'neutral' }>
													{ runStateText( run.state ) }
												</Badge>
											</td>
											<td className="is-number">{ formatNumber( run.users_read ) }</td>
											<td className="is-number">
												{ run.state === 'done' ? formatNumber( run.matched_users ) : '–' }
											</td>
											<td className="is-number">
												{ run.state === 'done' ? formatNumber( run.matched_companies ) : '–' }
											</td>
										</tr>
									) ) }
								</tbody>
							</table>
						</div>
					</Panel>
				)
			}
		</Answer>
	);
}

/** What the newest run found, with the way to all of it. */
function Found( { run }: { run: Run } ) {
	const link = useLink( 'matcher', reportViewOf( run ) );
	return (
		<Panel title={ __( 'Your report is ready', 'rollcall' ) } className="is-accent">
			<p>
				{ sprintf(
					/* translators: 1: number of people at companies, 2: number of people in all, 3: such as "1,179 companies". */
					__( '%1$s of %2$s people are at %3$s of your lists.', 'rollcall' ),
					formatNumber( run.matched_users ),
					formatNumber( run.users_read ),
					companyCount( run.matched_companies )
				) }
			</p>
			<div className="rollcall-actions">
				<Button variant="primary" { ...link } __next40pxDefaultSize>
					{ __( 'See your report', 'rollcall' ) }
				</Button>
			</div>
		</Panel>
	);
}

/** What the matcher does, what it would send, the run itself, and the runs before it. */
export function MatcherView() {
	const report = useReport();
	return (
		<div className="rollcall-stack">
			<Steps has_report={ Boolean( report.data?.newest_run ) } />
			<Answer of={ report } lines={ 5 }>
				{ ( { open_run, newest_run } ) => (
					<>
						{ newest_run?.error_code ? <RowError code={ newest_run.error_code } message={ newest_run.error_message } /> : null }
						<KeepFocus>
							{ open_run ? (
								<RunProgress key={ open_run.run_id } open={ open_run } />
							) : (
								<div className="rollcall-stack">
									{ newest_run?.state === 'done' ? <Found run={ newest_run } /> : null }
									<StartRun newest={ newest_run } />
								</div>
							) }
						</KeepFocus>
					</>
				) }
			</Answer>
			<Runs />
		</div>
	);
}
