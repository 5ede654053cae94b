import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { Run } from '../../../../companion/src/contract/report.ts';
import type { Overview as OverviewData } from '../../../../companion/src/contract/site.ts';
import { Age } from '../../components/age.tsx';
import { connectionTone } from '../../components/connection-state.tsx';
import { Answer, RowError } from '../../components/faces.tsx';
import { Badge, Facts, Figures, Frame, Panel } from '../../components/frame.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { useOverview } from '../../data/queries.ts';
import { companyCount, formatNumber, userCount } from '../../format.ts';
import { ScreenLink, useLink } from '../../router.tsx';
import { connectionStateText, runStateText, sourceText } from '../../words.ts';
import { listSourceOf } from './list-source.ts';

const STEPS = [ 'connect', 'wait_for_list', 'run', 'look' ] as const;
type Step = OverviewData[ 'next_step' ];

function stepTitle( step: Step ): string {
	switch ( step ) {
		case 'connect':
			return __( 'Connect the companion', 'rollcall' );
		case 'wait_for_list':
			return __( 'Get the companies list', 'rollcall' );
		case 'run':
			return __( 'Run the matcher', 'rollcall' );
		case 'look':
			return __( 'Look at your report', 'rollcall' );
	}
}

function stepText( step: Step ): string {
	switch ( step ) {
		case 'connect':
			return __(
				'The companion (the helper program) fetches the companies list and matches domains for this site. It takes one command, on this server or on any computer.',
				'rollcall'
			);
		case 'wait_for_list':
			return __(
				'The companion is fetching the list of companies. This takes a minute or so, and the page goes on by itself.',
				'rollcall'
			);
		case 'run':
			return __( 'Everything is ready. You see exactly which domains will be sent before anything leaves this site.', 'rollcall' );
		case 'look':
			return __( 'See which companies your users work at, and filter, sort and export the result.', 'rollcall' );
	}
}

/** Where the button of a step leads. */
function stepPlace( step: Step ): { screen: string; view: string; label: string } {
	switch ( step ) {
		case 'connect':
			return { screen: 'connect', view: '', label: __( 'Connect', 'rollcall' ) };
		case 'wait_for_list':
			return { screen: 'companies', view: '', label: __( 'See the list', 'rollcall' ) };
		case 'run':
			return { screen: 'matcher', view: '', label: __( 'Go to the matcher', 'rollcall' ) };
		case 'look':
			return { screen: 'matcher', view: 'report', label: __( 'Open report', 'rollcall' ) };
	}
}

/** What to do next, with the way there as four steps of which the done ones are ticked. */
function NextStep( { step }: { step: Step } ) {
	const place = stepPlace( step );
	const link = useLink( place.screen, place.view );
	const at = STEPS.indexOf( step );
	return (
		<Panel className="is-accent">
			<p className="rollcall-eyebrow">{ __( 'Next step', 'rollcall' ) }</p>
			<h2 className="rollcall-next__title">{ stepTitle( step ) }</h2>
			<p className="rollcall-next__text">{ stepText( step ) }</p>
			<Button variant="primary" { ...link } __next40pxDefaultSize>
				{ place.label }
			</Button>
			<ol className="rollcall-stages is-spaced">
				{ STEPS.map( ( name, index ) => (
					<li
						key={ name }
						className={ index < at ? 'is-done' : index === at ? 'is-now' : '' }
						aria-current={ index === at ? 'step' : undefined }
					>
						{ stepTitle( name ) }
					</li>
				) ) }
			</ol>
		</Panel>
	);
}

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
							<NextStep step={ data.next_step } />
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
