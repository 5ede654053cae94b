import { Notice } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import type { ReactNode } from 'react';
import type { Monitoring, Vitals } from '../../../../companion/src/contract/monitor.ts';
import { Age } from '../../components/age.tsx';
import { useMonitoring } from '../../data/monitor-queries.ts';
import { formatInstant, formatNumber } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';

const UNSENT_MS = 5 * 60_000;

/** Something that is wrong with monitoring itself, and what to do about it. */
export type Trouble = { id: string; status: 'error' | 'warning'; title: string; text: string };

type Lost = Monitoring[ 'lost_24h' ];

const instantOf = ( at_ms: number ): string => formatInstant( new Date( at_ms ).toISOString() );

function lossOf( { disk_full }: Vitals, { dropped_count }: Lost ): Trouble[] {
	const lost =
		dropped_count === 0
			? __( 'Nothing was lost in the last 24 hours.', 'rollcall' )
			: sprintf(
					/* translators: %s: number of checks. */
					_n( '%s check was lost in the last 24 hours.', '%s checks were lost in the last 24 hours.', dropped_count, 'rollcall' ),
					formatNumber( dropped_count )
				);
	if ( disk_full ) {
		const text = __(
			'Make room on the computer where the companion runs. It goes on checking and keeps the newest in memory.',
			'rollcall'
		);
		return [
			{ id: 'disk', status: 'error', title: __( 'The disk of the companion is full.', 'rollcall' ), text: `${ lost } ${ text }` },
		];
	}
	if ( dropped_count > 0 ) {
		const text = __(
			'There was no room for them, or WordPress could not be reached for too long. States and outages are complete.',
			'rollcall'
		);
		return [ { id: 'lost', status: 'warning', title: lost, text } ];
	}
	return [];
}

function countsOf( { stalled_count, quarantine_count }: Vitals, { dead_letter_count }: Lost ): Trouble[] {
	const found: Trouble[] = [];
	if ( stalled_count > 0 ) {
		found.push( {
			id: 'stalled',
			status: 'warning',
			title: sprintf(
				/* translators: %s: number of monitors. */
				_n( '%s monitor is not checked in time.', '%s monitors are not checked in time.', stalled_count, 'rollcall' ),
				formatNumber( stalled_count )
			),
			text: __( 'The companion has more to do than it can. Check less often, or run it on a faster computer.', 'rollcall' ),
		} );
	}
	if ( dead_letter_count > 0 ) {
		found.push( {
			id: 'refused',
			status: 'warning',
			title: sprintf(
				/* translators: %s: number of results. */
				_n(
					'This site refused %s result for good in the last 24 hours.',
					'This site refused %s results for good in the last 24 hours.',
					dead_letter_count,
					'rollcall'
				),
				formatNumber( dead_letter_count )
			),
			text: __( 'A firewall or security plugin stops it. Let calls to the address of Rollcall pass.', 'rollcall' ),
		} );
	}
	if ( quarantine_count > 0 ) {
		found.push( {
			id: 'damaged',
			status: 'warning',
			title: __( 'The companion found its store damaged and began a new one.', 'rollcall' ),
			text: __( 'The old file is kept beside it. Look at the disk of that computer.', 'rollcall' ),
		} );
	}
	return found;
}

/** What is wrong with monitoring as the companion last said, worst first. */
export function troublesOf( vitals: Vitals, lost: Lost, now_ms: number ): Trouble[] {
	const found = lossOf( vitals, lost );
	if ( vitals.offline_since_ms !== null ) {
		found.push( {
			id: 'offline',
			status: 'error',
			title: sprintf(
				/* translators: %s: date and time. */
				__( 'The network of the companion is away since %s.', 'rollcall' ),
				instantOf( vitals.offline_since_ms )
			),
			text: __( 'Until it is back nothing is learnt of public sites, and nothing counts as down.', 'rollcall' ),
		} );
	}
	found.push( ...countsOf( vitals, lost ) );
	if ( vitals.oldest_unsent_at_ms !== null && now_ms - vitals.oldest_unsent_at_ms > UNSENT_MS ) {
		found.push( {
			id: 'unsent',
			status: 'warning',
			title: sprintf(
				/* translators: %s: number of results. */
				_n( '%s result waits to be stored here.', '%s results wait to be stored here.', vitals.unsent_count, 'rollcall' ),
				formatNumber( vitals.unsent_count )
			),
			text: sprintf(
				/* translators: %s: date and time. */
				__( 'The oldest is of %s. They are handed over by themselves.', 'rollcall' ),
				instantOf( vitals.oldest_unsent_at_ms )
			),
		} );
	}
	if ( vitals.dead_man_error !== null ) {
		found.push( {
			id: 'dead-man',
			status: 'warning',
			title: __( 'The address that is called while monitoring goes on did not answer.', 'rollcall' ),
			text: vitals.dead_man_error,
		} );
	}
	return found;
}

function One( { status, title, children }: { status: 'error' | 'warning'; title: ReactNode; children: ReactNode } ) {
	return (
		<Notice status={ status } isDismissible={ false } className="rollcall-error">
			<p className="rollcall-error__title">{ title }</p>
			<p className="rollcall-error__hint">{ children }</p>
		</Notice>
	);
}

function Silence( { monitoring }: { monitoring: Monitoring } ) {
	if ( ! monitoring.is_connected ) {
		return (
			<One status="warning" title={ __( 'No companion is connected, so nothing is checked.', 'rollcall' ) }>
				{ __( 'Checks are made by the companion (the helper program), on this server or on any computer.', 'rollcall' ) }{ ' ' }
				<ScreenLink to="connect">{ __( 'Connect the companion', 'rollcall' ) }</ScreenLink>
			</One>
		);
	}
	if ( monitoring.no_data_since === null ) {
		return null;
	}
	const since = sprintf(
		/* translators: %s: date and time. */
		__( 'No data since %s', 'rollcall' ),
		formatInstant( monitoring.no_data_since )
	);
	return (
		<One
			status="error"
			title={
				<>
					{ since } (<Age instant={ monitoring.no_data_since } />)
				</>
			}
		>
			{ __(
				'The companion (the helper program) does not call, so nothing below is newer than that. Start it again on the computer where it runs; what it has checked meanwhile it hands over by itself.',
				'rollcall'
			) }{ ' ' }
			<ScreenLink to="connect">{ __( 'See the connection', 'rollcall' ) }</ScreenLink>
		</One>
	);
}

/** Says what is wrong with monitoring itself, so that nobody takes old figures for new ones. */
export function Notices() {
	const monitoring = useMonitoring().data;
	if ( ! monitoring ) {
		return null;
	}
	const is_heard = monitoring.is_connected && monitoring.no_data_since === null;
	const troubles = is_heard && monitoring.vitals ? troublesOf( monitoring.vitals, monitoring.lost_24h, Date.now() ) : [];
	return (
		<>
			<Silence monitoring={ monitoring } />
			{ troubles.map( ( { id, status, title, text } ) => (
				<One key={ id } status={ status } title={ title }>
					{ text }
				</One>
			) ) }
		</>
	);
}
