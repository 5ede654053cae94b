import { __ } from '@wordpress/i18n';
import type { Monitoring } from '../../../../companion/src/contract/monitor.ts';
import { Answer } from '../../components/faces.tsx';
import { Age } from '../../components/age.tsx';
import { Facts, Figures, Panel } from '../../components/frame.tsx';
import { useMonitoring } from '../../data/monitor-queries.ts';
import { formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { ScreenLink } from '../../router.tsx';

function Counts( { counts }: { counts: Monitoring[ 'state_counts' ] } ) {
	return (
		<Figures
			figures={ [
				{ label: __( 'Up', 'rollcall' ), value: formatNumber( counts.up ) },
				{ label: __( 'Slow or degraded', 'rollcall' ), value: formatNumber( counts.degraded ) },
				{ label: __( 'Down', 'rollcall' ), value: formatNumber( counts.down ) },
				{ label: __( 'No reading', 'rollcall' ), value: formatNumber( counts.no_reading ) },
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
				{ ( { monitor_count, no_data_since, state_counts } ) => (
					<>
						{ monitor_count > 0 ? <Counts counts={ state_counts } /> : <Empty /> }
						{ no_data_since ? (
							<Facts rows={ [ { term: __( 'No data since', 'rollcall' ), children: <Age instant={ no_data_since } /> } ] } />
						) : null }
					</>
				) }
			</Answer>
		</Panel>
	);
}
