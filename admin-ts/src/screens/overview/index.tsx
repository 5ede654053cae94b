import { __, sprintf } from '@wordpress/i18n';
import type { Run } from '../../../../companion/src/contract/report.ts';
import type { Overview as OverviewData } from '../../../../companion/src/contract/site.ts';
import { Age } from '../../components/age.tsx';
import { connectionTone } from '../../components/connection-state.tsx';
import { Answer, RowError } from '../../components/faces.tsx';
import { Badge, Facts, Figures, Frame, Panel } from '../../components/frame.tsx';
import { NextStep } from '../../components/next-step.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { useOverview } from '../../data/queries.ts';
import { companyCount, formatNumber, userCount } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';
import { connectionStateText, runStateText, sourceText } from '../../words.ts';
import { listSourceOf } from './list-source.ts';

function NewestRun( { run }: { run: Run } ) {
	return (
		<Panel
			title={ __( 'Newest run', 'rollcall' ) }
			actions={
				<ScreenLink to="matcher" view="report">
					{ __( 'Open report', 'rollcall' ) }
				</ScreenLink>
			}
		>
			{ run.error_code ? <RowError code={ run.error_code } message={ run.error_message } /> : null }
			<Figures
				figures={ [
					{ label: __( 'Users at listed companies', 'rollcall' ), value: formatNumber( run.matched_users ) },
					{ label: __( 'Companies', 'rollcall' ), value: formatNumber( run.matched_companies ) },
					{ label: __( 'Users read', 'rollcall' ), value: formatNumber( run.users_read ) },
				] }
			/>
			<p className="rollcall-muted">
				{ runStateText( run.state ) } · <Age instant={ run.finished_at ?? run.started_at } />
				{ run.started_by ? (
					<>
						{ ' · ' }
						{
							/* translators: %s: name of a user. */
							sprintf( __( 'started by %s', 'rollcall' ), run.started_by )
						}
					</>
				) : null }
			</p>
		</Panel>
	);
}

function Connection( { overview }: { overview: OverviewData } ) {
	const { connection } = overview;
	return (
		<Panel title={ __( 'Companion', 'rollcall' ) } actions={ <ScreenLink to="connect">{ __( 'Details', 'rollcall' ) }</ScreenLink> }>
			<Facts
				rows={ [
					{
						term: __( 'State', 'rollcall' ),
						children: <Badge tone={ connectionTone( connection.state ) }>{ connectionStateText( connection.state ) }</Badge>,
					},
					{
						term: __( 'Last seen', 'rollcall' ),
						children: connection.last_seen_at ? <Age instant={ connection.last_seen_at } /> : __( 'Never', 'rollcall' ),
					},
				] }
			/>
		</Panel>
	);
}

function Site( { overview }: { overview: OverviewData } ) {
	const source = listSourceOf( overview.list_source );
	return (
		<Panel
			title={ __( 'What is matched', 'rollcall' ) }
			actions={ <ScreenLink to="companies">{ __( 'Companies', 'rollcall' ) }</ScreenLink> }
		>
			<Facts
				rows={ [
					{ term: __( 'This site', 'rollcall' ), children: userCount( overview.user_count ) },
					{
						term: __( 'Lists', 'rollcall' ),
						children: overview.company_count > 0 ? companyCount( overview.company_count ) : __( 'No list yet', 'rollcall' ),
					},
					{
						term: __( 'Source', 'rollcall' ),
						children:
							source === 'sample' ? (
								<Badge tone="warning">{ sourceText( source ) }</Badge>
							) : source ? (
								sourceText( source )
							) : (
								'–'
							),
					},
				] }
			/>
		</Panel>
	);
}

/** What to do next, the newest figures and whether the companion is there. */
export default function Overview() {
	const overview = useOverview();
	return (
		<Frame title={ __( 'Overview', 'rollcall' ) } subtitle={ __( 'See which companies your users work at.', 'rollcall' ) }>
			<Answer of={ overview } lines={ 8 }>
				{ ( data ) => (
					<div className="rollcall-stack">
						{ data.open_run ? (
							<RunProgress key={ data.open_run.run_id } open={ data.open_run } />
						) : (
							<NextStep step={ data.next_step } is_sample={ data.list_source === 'sample' } />
						) }
						{ data.newest_run ? <NewestRun run={ data.newest_run } /> : null }
						<div className="rollcall-grid">
							<Connection overview={ data } />
							<Site overview={ data } />
						</div>
					</div>
				) }
			</Answer>
		</Frame>
	);
}
