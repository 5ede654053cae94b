import { ExternalLink } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { Age } from '../../components/age.tsx';
import { Answer, RowError } from '../../components/faces.tsx';
import { Badge, Panel } from '../../components/frame.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { linkTo } from '../../data/api.ts';
import { useLists, useReport, useRuns } from '../../data/queries.ts';
import { companyCount, formatNumber } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';
import { runStateText, sourceText } from '../../words.ts';
import { StartRun } from './start-run.tsx';

/** The two links of step two: where the companies come from, and the copy that is used here. */
function ListLinks() {
	const list = useLists().data?.items[ 0 ];
	if ( ! list ) {
		return null;
	}
	const is_sample = list.url.startsWith( 'sample:' );
	return (
		<span className="rollcall-step__links">
			{ is_sample ? (
				<ScreenLink to="companies">{ __( 'Source: built-in sample', 'rollcall' ) }</ScreenLink>
			) : (
				<ExternalLink href={ list.url }>{ __( 'Sourced here', 'rollcall' ) }</ExternalLink>
			) }
			{ list.active_version > 0 ? (
				<ExternalLink href={ linkTo( '/companies.json' ) }>{ __( 'Cached here', 'rollcall' ) }</ExternalLink>
			) : null }
			{ list.row_count > 0 ? <span className="rollcall-muted">{ companyCount( list.row_count ) }</span> : null }
			{ list.active_source === 'sample' ? <Badge tone="warning">{ sourceText( 'sample' ) }</Badge> : null }
		</span>
	);
}

function Steps() {
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
				<ScreenLink to="matcher" view="report">
					{ __( 'Open report', 'rollcall' ) }
				</ScreenLink>
			</li>
		</ol>
	);
}

function Runs() {
	const runs = useRuns();
	return (
		<Answer of={ runs } lines={ 3 }>
			{ ( { items } ) =>
				items.length === 0 ? null : (
					<Panel title={ __( 'Runs', 'rollcall' ) }>
						<div className="rollcall-scroll" tabIndex={ 0 } role="region" aria-label={ __( 'Runs', 'rollcall' ) }>
							<table className="rollcall-plain-table">
								<thead>
									<tr>
										<th scope="col">{ __( 'Started', 'rollcall' ) }</th>
										<th scope="col">{ __( 'By', 'rollcall' ) }</th>
										<th scope="col">{ __( 'State', 'rollcall' ) }</th>
										<th scope="col" className="is-number">
											{ __( 'Users read', 'rollcall' ) }
										</th>
										<th scope="col" className="is-number">
											{ __( 'Matched users', 'rollcall' ) }
										</th>
										<th scope="col" className="is-number">
											{ __( 'Companies', 'rollcall' ) }
										</th>
									</tr>
								</thead>
								<tbody>
									{ items.map( ( run ) => (
										<tr key={ run.run_id }>
											<td>
												<Age instant={ run.started_at } />
											</td>
											<td>{ run.started_by || '–' }</td>
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

/** What the matcher does, what it would send, the run itself, and the runs before it. */
export function MatcherView() {
	const report = useReport();
	return (
		<div className="rollcall-stack">
			<Steps />
			<Answer of={ report } lines={ 5 }>
				{ ( { open_run, newest_run } ) => (
					<>
						{ newest_run?.error_code ? <RowError code={ newest_run.error_code } message={ newest_run.error_message } /> : null }
						{ open_run ? <RunProgress key={ open_run.run_id } open={ open_run } /> : <StartRun newest={ newest_run } /> }
					</>
				) }
			</Answer>
			<Runs />
		</div>
	);
}
