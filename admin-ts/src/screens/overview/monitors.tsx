import { __ } from '@wordpress/i18n';
import { Answer } from '../../components/faces.tsx';
import { Age } from '../../components/age.tsx';
import { Facts, Figures, Panel } from '../../components/frame.tsx';
import { useMonitoring, useMonitorTotal } from '../../data/monitor-queries.ts';
import { formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { ScreenLink } from '../../router.tsx';

function Counts() {
	const [ up, degraded ] = [ useMonitorTotal( 'up' ), useMonitorTotal( 'degraded' ) ];
	const [ down, unknown ] = [ useMonitorTotal( 'down' ), useMonitorTotal( 'no_reading' ) ];
	const shown = ( count: number | undefined ) => ( count === undefined ? '–' : formatNumber( count ) );
	return (
		<Figures
			figures={ [
				{ label: __( 'Up', 'rollcall' ), value: shown( up ) },
				{ label: __( 'Slow or degraded', 'rollcall' ), value: shown( degraded ) },
				{ label: __( 'Down', 'rollcall' ), value: shown( down ) },
				{ label: __( 'No reading', 'rollcall' ), value: shown( unknown ) },
			] }
		/>
	);
}

function Empty() {
	return (
		<p className="rollcall-muted">
			{ __( 'Nothing is monitored yet.', 'rollcall' ) }{ ' ' }
			{ pageSettings().can.manage ? (
				<ScreenLink to="monitors" view="add">
					{ __( 'Add the first monitor', 'rollcall' ) }
				</ScreenLink>
			) : null }
		</p>
	);
}

/** How many monitors are up and down, and since when nothing is known. */
export function Monitors() {
	const monitoring = useMonitoring();
	return (
		<Panel
			title={ __( 'Monitors', 'rollcall' ) }
			actions={ <ScreenLink to="monitors">{ __( 'All monitors', 'rollcall' ) }</ScreenLink> }
		>
			<Answer of={ monitoring } lines={ 3 }>
				{ ( { monitor_count, no_data_since } ) => (
					<>
						{ monitor_count > 0 ? <Counts /> : <Empty /> }
						{ no_data_since ? (
							<Facts rows={ [ { term: __( 'No data since', 'rollcall' ), children: <Age instant={ no_data_since } /> } ] } />
						) : null }
					</>
				) }
			</Answer>
		</Panel>
	);
}
