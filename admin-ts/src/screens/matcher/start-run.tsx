import { Button, Notice, ProgressBar } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { Run, SendPreview } from '../../../../companion/src/contract/report.ts';
import { Age } from '../../components/age.tsx';
import { Answer, ErrorFace } from '../../components/faces.tsx';
import { Panel } from '../../components/frame.tsx';
import { Sending } from '../../components/sending.tsx';
import { useLists } from '../../data/queries.ts';
import { useSendPreview, useStartRun } from '../../data/run-queries.ts';
import { formatInstant, formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { ScreenLink } from '../../router.tsx';

function Counting( { preview }: { preview: SendPreview } ) {
	const share = preview.users_total > 0 ? ( 100 * preview.users_read ) / preview.users_total : 0;
	return (
		<>
			<ProgressBar className="rollcall-progress" value={ share } aria-label={ __( 'Users read', 'rollcall' ) } />
			<p role="status">
				{ sprintf(
					/* translators: 1: users read, 2: users in all. */
					__( 'Reading your user list: %1$s of %2$s users. Nothing is sent yet.', 'rollcall' ),
					formatNumber( preview.users_read ),
					formatNumber( preview.users_total )
				) }
			</p>
		</>
	);
}

/** Says before a run that its result will mean nothing, while made-up companies stand in for a list. */
function SampleWarning() {
	const is_sample = useLists().data?.items.some( ( list ) => list.active_source === 'sample' ) ?? false;
	return is_sample ? (
		<Notice status="warning" isDismissible={ false }>
			{ __( 'The companies in use are a made-up sample, so a report with them means nothing.', 'rollcall' ) }{ ' ' }
			<ScreenLink to="companies">{ __( 'Get the real list', 'rollcall' ) }</ScreenLink>
		</Notice>
	) : null;
}

function Ready( { preview, has_report }: { preview: SendPreview; has_report: boolean } ) {
	const start = useStartRun();
	const is_paired = preview.companion_name !== '';
	return (
		<>
			{ preview.users_total === 0 ? (
				<p>{ __( 'This site has no users yet. Run the matcher when it has some.', 'rollcall' ) }</p>
			) : null }
			{ preview.host_count > 0 ? (
				<Sending preview={ preview } />
			) : (
				<p className="rollcall-send">
					{ __( 'No domain has to be sent: all of them are matched. A run brings the report up to date.', 'rollcall' ) }
				</p>
			) }
			<SampleWarning />
			{ is_paired ? null : (
				<Notice status="warning" isDismissible={ false }>
					{ __( 'No companion is connected, so a run would wait for one.', 'rollcall' ) }{ ' ' }
					<ScreenLink to="connect">{ __( 'Connect one', 'rollcall' ) }</ScreenLink>
				</Notice>
			) }
			{ start.error ? <ErrorFace error={ start.error } /> : null }
			<div className="rollcall-actions">
				<Button
					variant={ has_report && preview.host_count === 0 ? 'secondary' : 'primary' }
					isBusy={ start.isPending }
					disabled={ start.isPending || preview.users_total === 0 }
					accessibleWhenDisabled
					onClick={ () => start.mutate( { agreed: preview.agreed_at === null, sources: [ 'users' ], ran_in: 'companion' } ) }
					__next40pxDefaultSize
				>
					{ __( 'Run matcher', 'rollcall' ) }
				</Button>
				{ preview.agreed_at ? (
					<span className="rollcall-muted">
						{
							/* translators: %s: date and time. */
							sprintf( __( 'Sending domains was agreed to on %s.', 'rollcall' ), formatInstant( preview.agreed_at ) )
						}
					</span>
				) : (
					<span className="rollcall-muted">
						{ __( 'By pressing the button you agree that these domains are sent, now and in later runs.', 'rollcall' ) }
					</span>
				) }
			</div>
		</>
	);
}

/** Shows exactly what a run sends, and asks. Counting goes on in the background of this panel until all users are read. */
export function StartRun( { newest }: { newest: Run | null } ) {
	const { can } = pageSettings();
	const preview = useSendPreview( can.manage );
	const title = newest ? __( 'Run it again', 'rollcall' ) : __( 'Before the first run', 'rollcall' );
	return (
		<Panel title={ title } className="is-accent">
			{ newest ? (
				<p className="rollcall-muted">
					{ __( 'The newest run ended:', 'rollcall' ) } <Age instant={ newest.finished_at ?? newest.started_at } />
				</p>
			) : null }
			{ can.manage ? (
				<Answer of={ preview } lines={ 3 }>
					{ ( data ) =>
						data.counted ? <Ready preview={ data } has_report={ newest !== null } /> : <Counting preview={ data } />
					}
				</Answer>
			) : (
				<p>{ __( 'Ask an administrator to run the matcher.', 'rollcall' ) }</p>
			) }
		</Panel>
	);
}
