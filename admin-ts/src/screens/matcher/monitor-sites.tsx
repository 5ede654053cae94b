import { Button, Modal } from '@wordpress/components';
import type { Action } from '@wordpress/dataviews';
import { __, _n, sprintf } from '@wordpress/i18n';
import type { MonitorsAnswer } from '../../../../companion/src/contract/monitor.ts';
import type { ReportCompanyRow } from '../../../../companion/src/contract/report.ts';
import type { Row } from '../../components/data-table.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { useMonitorCompanies } from '../../data/monitor-queries.ts';
import { useOverview } from '../../data/queries.ts';
import { useReport } from '../../data/run-queries.ts';
import { companyCount, formatNumber } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';

/** Companies whose sites are to be monitored; `all` is every one of the report. */
export type Companies = readonly ReportCompanyRow[] | 'all';

/** Monitoring the sites of the selected companies. */
export function monitorActions( onMonitor: ( companies: Companies ) => void ): Action< Row< ReportCompanyRow > >[] {
	return [
		{
			id: 'monitor',
			label: __( 'Monitor site', 'rollcall' ),
			isEligible: ( { row } ) => row.monitor === null,
			supportsBulk: true,
			callback: ( items ) => onMonitor( items.map( ( { row } ) => row ) ),
		},
	];
}

/** How the companion names itself to the sites of others. */
function useUserAgent(): string | undefined {
	const connection = useOverview().data?.connection;
	return connection && `Rollcall/${ connection.companion_version ?? connection.plugin_version } (+${ connection.contact_url })`;
}

function Ask( { count }: { count: number | undefined } ) {
	const agent = useUserAgent();
	return (
		<>
			<p>
				{ count === undefined
					? __( 'All companies of the report are taken.', 'rollcall' )
					: sprintf(
							/* translators: %s: such as "386 companies". */
							__(
								'One monitor is added for the website of each of %s. What is monitored already stays as it is.',
								'rollcall'
							),
							companyCount( count )
						) }
			</p>
			<p>
				{ __(
					'They are sites of others, so the companion is polite: it asks each every 60 minutes, never two pages of one domain at a time, and looks up whether mail to the domain can be delivered.',
					'rollcall'
				) }
			</p>
			{ agent ? (
				<p>
					{ __( 'It says who it is:', 'rollcall' ) } <code>{ agent }</code>
				</p>
			) : null }
		</>
	);
}

function Result( { answer }: { answer: MonitorsAnswer } ) {
	const { added, known, refused } = answer;
	const sentences = [
		/* translators: %s: number of monitors. */
		sprintf( _n( '%s monitor was added.', '%s monitors were added.', added, 'rollcall' ), formatNumber( added ) ),
		known > 0
			? sprintf(
					/* translators: %s: number of sites. */
					_n( '%s site is monitored already.', '%s sites are monitored already.', known, 'rollcall' ),
					formatNumber( known )
				)
			: '',
		refused.length > 0
			? sprintf(
					/* translators: %s: number of companies. */
					_n( '%s company has no usable website.', '%s companies have no usable website.', refused.length, 'rollcall' ),
					formatNumber( refused.length )
				)
			: '',
	];
	return (
		<>
			<p role="status">
				{ sentences.filter( Boolean ).join( ' ' ) } <ScreenLink to="monitors">{ __( 'All monitors', 'rollcall' ) }</ScreenLink>
			</p>
			{ refused.length > 0 ? (
				<details>
					<summary>{ __( 'Details', 'rollcall' ) }</summary>
					<ul className="rollcall-plain-list">
						{ refused.map( ( { error_message }, index ) => (
							<li key={ index }>{ error_message }</li>
						) ) }
					</ul>
				</details>
			) : null }
		</>
	);
}

/** Asks before the sites of companies are monitored, and says what became of it. */
export function MonitorSites( { companies, onClose }: { companies: Companies; onClose: () => void } ) {
	const add = useMonitorCompanies();
	const in_report = useReport().data?.matched_companies;
	const chosen = companies === 'all' ? [] : companies.map( ( { list_uid, source_id } ) => ( { list_uid, source_id } ) );
	return (
		<Modal title={ __( 'Monitor these companies’ sites', 'rollcall' ) } size="medium" onRequestClose={ onClose }>
			<KeepFocus>
				<div className="rollcall-stack is-tight">
					{ add.data ? <Result answer={ add.data } /> : <Ask count={ companies === 'all' ? in_report : companies.length } /> }
					{ add.error ? <ErrorFace error={ add.error } /> : null }
				</div>
				<div className="rollcall-actions is-end">
					<Button variant={ add.data ? 'primary' : 'tertiary' } onClick={ onClose } __next40pxDefaultSize>
						{ add.data ? __( 'Close', 'rollcall' ) : __( 'Cancel', 'rollcall' ) }
					</Button>
					{ add.data ? null : (
						<Button
							variant="primary"
							isBusy={ add.isPending }
							disabled={ add.isPending }
							accessibleWhenDisabled
							onClick={ () => add.mutate( { companies: chosen } ) }
							__next40pxDefaultSize
						>
							{ __( 'Monitor sites', 'rollcall' ) }
						</Button>
					) }
				</div>
			</KeepFocus>
		</Modal>
	);
}
