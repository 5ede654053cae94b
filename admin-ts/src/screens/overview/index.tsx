import { __ } from '@wordpress/i18n';
import type { ComponentProps } from 'react';
import type { Run } from '../../../../companion/src/contract/report.ts';
import type { Overview as OverviewData } from '../../../../companion/src/contract/site.ts';
import { Age } from '../../components/age.tsx';
import { connectionTone } from '../../components/connection-state.tsx';
import { Answer, RowError } from '../../components/faces.tsx';
import { Badge, Facts, Figures, Frame, Panel } from '../../components/frame.tsx';
import { NextStep } from '../../components/next-step.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { useOverview } from '../../data/queries.ts';
import { useSourceTitle } from '../../data/run-queries.ts';
import { companyCount, formatNumber, userCount } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { reportViewOf, ScreenLink } from '../../router.tsx';
import { connectionStateText, runPlaceText, runScheduleText, runStateText, sourceText } from '../../words.ts';
import { listSourceOf } from './list-source.ts';
import { Monitors } from './monitors.tsx';

function NewestRun( { run, schedule }: { run: Run; schedule: OverviewData[ 'run_schedule' ] } ) {
	const sourceTitle = useSourceTitle();
	return (
		<Panel
			title={ __( 'Newest run', 'rollcall' ) }
			actions={
				<span className="rollcall-actions">
					<ScreenLink to="runs">{ __( 'All runs', 'rollcall' ) }</ScreenLink>
					<ScreenLink to="matcher" view={ reportViewOf( run ) }>
						{ __( 'Open report', 'rollcall' ) }
					</ScreenLink>
				</span>
			}
		>
			{ run.error_code ? <RowError code={ run.error_code } message={ run.error_message } /> : null }
			<Figures
				figures={ [
					{ label: __( 'At listed companies', 'rollcall' ), value: formatNumber( run.matched_users ) },
					{ label: __( 'Companies', 'rollcall' ), value: formatNumber( run.matched_companies ) },
					{ label: __( 'People read', 'rollcall' ), value: formatNumber( run.users_read ) },
				] }
			/>
			<Facts
				rows={ [
					{
						term: __( 'State', 'rollcall' ),
						children: (
							<>
								{ runStateText( run.state ) } · <Age instant={ run.finished_at ?? run.started_at } />
							</>
						),
					},
					{
						term: __( 'Started by', 'rollcall' ),
						children: run.scheduled ? __( 'The schedule', 'rollcall' ) : run.started_by || '–',
					},
					{ term: __( 'Addresses', 'rollcall' ), children: run.sources.map( sourceTitle ).join( ', ' ) },
					{ term: __( 'Matched in', 'rollcall' ), children: runPlaceText( run.ran_in ) },
					{
						term: __( 'Next run', 'rollcall' ),
						children: (
							<>
								{ runScheduleText( schedule ) }{ ' ' }
								{ pageSettings().can.settings ? (
									<ScreenLink to="settings">{ __( 'Change', 'rollcall' ) }</ScreenLink>
								) : null }
							</>
						),
					},
				] }
			/>
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

/** What to do next. A site that was matched in a browser has its report without a companion. */
function stepOf( { next_step, newest_run, list_source, company_count }: OverviewData ): ComponentProps< typeof NextStep > {
	const in_browser = next_step === 'connect' && newest_run?.ran_in === 'browser';
	return {
		step: in_browser ? 'look' : next_step,
		is_sample: list_source === 'sample',
		has_list: company_count > 0,
		has_companion: ! in_browser,
	};
}

/** What to do next, the newest figures and whether the companion is there. */
export default function Overview() {
	const overview = useOverview();
	return (
		<Frame
			title={ __( 'Overview', 'rollcall' ) }
			subtitle={ __( 'See which companies your users work at, and whether your sites are up.', 'rollcall' ) }
		>
			<Answer of={ overview } lines={ 8 }>
				{ ( data ) => (
					<div className="rollcall-stack">
						{ data.open_run ? (
							<RunProgress key={ data.open_run.run_id } open={ data.open_run } />
						) : (
							<NextStep { ...stepOf( data ) } />
						) }
						{ data.newest_run ? <NewestRun run={ data.newest_run } schedule={ data.run_schedule } /> : null }
						<Monitors />
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
