import { __, sprintf } from '@wordpress/i18n';
import { Fragment } from 'react';
import type { Monitor } from '../../../../companion/src/contract/monitor.ts';
import { CHECK_TYPES, SCREEN_STATES, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { Age, useNow } from '../../components/age.tsx';
import { column } from '../../components/data-table.tsx';
import { Badge } from '../../components/frame.tsx';
import { screenStateText, StateBadge } from '../../components/site-state.tsx';
import { formatDuration, formatInstant } from '../../format.ts';
import { AllowLines } from './allow-lines.tsx';
import { checkCodeText, checkTypeText, formatSeconds, formatUptime, wasAsked, withoutTarget } from './words.ts';

/** An address that breaks between its parts rather than within a word. */
function Breaking( { text }: { text: string } ) {
	return text.split( /(?<=[./?&])(?=[^./?&\s])/ ).map( ( part, index ) => (
		<Fragment key={ index }>
			{ index > 0 ? <wbr /> : null }
			{ part }
		</Fragment>
	) );
}

/** What the newest check had to say, with the way out when the companion may not ask the address. */
export function LastError( { row }: { row: Monitor } ) {
	const code = row.last_error_code;
	if ( code === null || code === 'ok' ) {
		return <>–</>;
	}
	return (
		<span className="rollcall-cell__error">
			{ checkCodeText( code, row.url ) }
			{ row.last_error_message ? (
				<span className="rollcall-cell__more" title={ row.last_error_message }>
					<Breaking text={ withoutTarget( row.last_error_message, row.url ) } />
				</span>
			) : null }
			{ code === 'target_refused' ? (
				<details className="rollcall-inline-details">
					<summary>{ __( 'How to allow it', 'rollcall' ) }</summary>
					<AllowLines target={ row.url } always />
				</details>
			) : null }
		</span>
	);
}

/** For how long it has been up or down; the instant is its title. */
function Since( { row }: { row: Monitor } ) {
	const now_ms = useNow( 10_000 );
	if ( row.state_since === null || ! [ 'up', 'degraded', 'down' ].includes( row.screen_state ) ) {
		return null;
	}
	return (
		<time className="rollcall-muted" dateTime={ row.state_since } title={ formatInstant( row.state_since ) }>
			{
				/* translators: %s: length of time, such as "12 minutes". */
				sprintf( __( 'For %s', 'rollcall' ), formatDuration( Math.max( 0, now_ms - Date.parse( row.state_since ) ) / 1000 ) )
			}
		</time>
	);
}

/** Both shares with the time that they are of. */
function Uptime( { row }: { row: Monitor } ) {
	if ( row.uptime_24h === null && row.uptime_30d === null ) {
		return <>–</>;
	}
	return (
		<>
			<span>
				{
					/* translators: %s: such as 99.95%. */
					sprintf( __( '%s in 24 hours', 'rollcall' ), formatUptime( row.uptime_24h ) )
				}
			</span>
			<span>
				{
					/* translators: %s: such as 99.95%. */
					sprintf( __( '%s in 30 days', 'rollcall' ), formatUptime( row.uptime_30d ) )
				}
			</span>
		</>
	);
}

function figures() {
	return [
		column< Monitor >( {
			id: 'status_code',
			label: __( 'Status', 'rollcall' ),
			value: ( row ) => row.last_status_code ?? 0,
			show: ( row ) => row.last_status_code ?? '–',
			is_number: true,
		} ),
		column< Monitor >( {
			id: 'response_time',
			label: __( 'Response', 'rollcall' ),
			value: ( row ) => row.last_response_time_ms ?? 0,
			// With the status, which has no column of its own at first: each takes 15 characters, whatever is in it.
			show: ( row ) => (
				<>
					{ row.last_status_code === null ? null : <span>{ row.last_status_code }</span> }
					<span className="rollcall-nowrap">
						{ row.last_response_time_ms === null || ! wasAsked( row.url, row.last_error_code )
							? '–'
							: formatSeconds( row.last_response_time_ms ) }
					</span>
				</>
			),
			sorts: true,
			is_number: true,
		} ),
		column< Monitor >( {
			id: 'uptime',
			label: __( 'Uptime', 'rollcall' ),
			value: ( row ) => row.uptime_24h ?? 0,
			show: ( row ) => <Uptime row={ row } />,
		} ),
	];
}

function others() {
	return [
		column< Monitor >( {
			id: 'interval_seconds',
			label: __( 'Checked every', 'rollcall' ),
			value: ( row ) => row.interval_seconds,
			show: ( row ) => formatDuration( row.interval_seconds ),
			is_number: true,
		} ),
		column< Monitor >( {
			id: 'company',
			label: __( 'Company', 'rollcall' ),
			value: ( row ) => row.company?.name ?? '',
			show: ( row ) => row.company?.name ?? '–',
		} ),
		column< Monitor >( {
			id: 'is_public',
			label: __( 'Visitors', 'rollcall' ),
			value: ( row ) => row.is_public,
			show: ( row ) => ( row.is_public ? <Badge>{ __( 'See it', 'rollcall' ) }</Badge> : '–' ),
		} ),
	];
}

/** Columns of the Monitors screen. */
export function columns() {
	return [
		column< Monitor >( {
			id: 'name',
			label: __( 'Monitor', 'rollcall' ),
			value: ( row ) => row.name,
			show: ( row ) => (
				<span data-monitor-uid={ row.monitor_uid }>
					<Breaking text={ row.name } />
				</span>
			),
			sorts: true,
			always: true,
		} ),
		column< Monitor >( {
			id: 'url',
			label: __( 'Target', 'rollcall' ),
			value: ( row ) => row.url,
			// An empty line would stand below a name that is the target.
			show: ( row ) => ( [ row.name, '' ].includes( row.url ) ? checkTypeText( row.type ) : <Breaking text={ row.url } /> ),
		} ),
		column< Monitor >( {
			id: 'state',
			label: __( 'State', 'rollcall' ),
			value: ( row ) => row.screen_state,
			show: ( row ) => (
				<>
					<StateBadge state={ row.screen_state } />
					<Since row={ row } />
				</>
			),
			sorts: true,
			choices: wordsOf( SCREEN_STATES )
				.filter( ( state ) => state !== 'maintenance' )
				.map( ( state ) => ( { value: state, label: screenStateText( state ) } ) ),
			is_quick: true,
		} ),
		column< Monitor >( {
			id: 'type',
			label: __( 'Type', 'rollcall' ),
			value: ( row ) => row.type,
			show: ( row ) => checkTypeText( row.type ),
			sorts: true,
			choices: wordsOf( CHECK_TYPES ).map( ( type ) => ( { value: type, label: checkTypeText( type ) } ) ),
			is_quick: true,
		} ),
		column< Monitor >( {
			id: 'last_error',
			label: __( 'Last error', 'rollcall' ),
			value: ( row ) => row.last_error_message,
			show: ( row ) => <LastError row={ row } />,
		} ),
		column< Monitor >( {
			id: 'last_checked_at',
			label: __( 'Checked', 'rollcall' ),
			value: ( row ) => row.last_checked_at ?? '',
			show: ( row ) => ( row.last_checked_at ? <Age instant={ row.last_checked_at } /> : __( 'Never', 'rollcall' ) ),
			sorts: true,
		} ),
		...figures(),
		...others(),
	];
}
