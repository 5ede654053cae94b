import type { Vitals } from './contract/monitor.ts';
import { CONTRACT_VERSION, MONITOR_STATES, type CheckCode, type CheckType, type MonitorState } from './contract/vocabulary.ts';

/** What the newest slot of a monitor found; nulls when it was never checked. */
export type MonitorFigures = {
	monitor_uid: string;
	name: string;
	type: CheckType;
	url: string;
	state: MonitorState | null;
	response_time_ms: number | null;
	last_slot_ms: number | null;
};

/** How the work for one site does. Counts grow from the start of the process. */
export type SiteFigures = {
	site_url: string;
	vitals: Vitals;
	/** The schedule of this site is looked at in time. */
	is_monitoring: boolean;
	checks: readonly { state: MonitorState; error_code: CheckCode; count: number }[];
	exchange_failures: readonly { error_code: string; count: number }[];
	exchanged_at_ms: number | null;
	/** Active monitors; read while other work goes on, so it may change in between. */
	monitors: () => Iterable< MonitorFigures >;
};

/** Memory in bytes, processor time in seconds. */
export type ProcessFigures = { started_at_ms: number; cpu_seconds: number; resident_bytes: number; heap_bytes: number };

export type Figures = { companion_version: string; sites: readonly SiteFigures[]; process: ProcessFigures };

type Labels = Readonly< Record< string, string > >;
/** A null value is none: the sample is left out. */
type Sample = { labels: Labels; value: number | null };
type Family = { name: string; type: 'gauge' | 'counter'; help: string; samples: ( figures: Figures ) => Iterable< Sample > };

/** Lines between two pauses: 10,000 monitors in one go would hold the checks up. */
const CHUNK_LINES = 200;

const seconds = ( ms: number | null ): number | null => ( ms === null ? null : ms / 1000 );

const whole = ( value: ( figures: Figures ) => number | null ) => ( figures: Figures ) => [ { labels: {}, value: value( figures ) } ];

const bySite = ( value: ( site: SiteFigures ) => number | null ) => ( figures: Figures ) =>
	figures.sites.map( ( site ) => ( { labels: { site: site.site_url }, value: value( site ) } ) );

const byVital = ( value: ( vitals: Vitals ) => number | null ) => bySite( ( site ) => value( site.vitals ) );

function byMonitor( value: ( monitor: MonitorFigures ) => number | null, more: ( monitor: MonitorFigures ) => Labels = () => ( {} ) ) {
	return function* ( figures: Figures ): Iterable< Sample > {
		for ( const { site_url, monitors } of figures.sites ) {
			for ( const monitor of monitors() ) {
				const labels = { site: site_url, monitor: monitor.monitor_uid, name: monitor.name || targetOf( monitor.url ) };
				yield { labels: { ...labels, ...more( monitor ) }, value: value( monitor ) };
			}
		}
	};
}

const NUMBERS = Object.entries( MONITOR_STATES )
	.map( ( [ word, number ] ) => `${ number } ${ word }` )
	.join( ', ' );

const gauge = ( name: string, help: string, samples: Family[ 'samples' ] ): Family => ( { name, type: 'gauge', help, samples } );
const counter = ( name: string, help: string, samples: Family[ 'samples' ] ): Family => ( { name, type: 'counter', help, samples } );

const FAMILIES: readonly Family[] = [
	gauge( 'rollcall_build_info', 'Version of the companion and of its contract.', ( { companion_version } ) => [
		{ labels: { version: companion_version, contract: String( CONTRACT_VERSION ) }, value: 1 },
	] ),
	gauge(
		'rollcall_monitor_info',
		'What an active monitor checks.',
		byMonitor(
			() => 1,
			( { type, url } ) => ( { type, target: targetOf( url ) } )
		)
	),
	gauge(
		'rollcall_monitor_up',
		'1 when the newest check reached the target, 0 when it did not; none while nothing is known.',
		byMonitor( ( { state } ) => ( state === null || state === 'unknown' ? null : state === 'down' ? 0 : 1 ) )
	),
	gauge(
		'rollcall_monitor_state',
		`State that the newest check found: ${ NUMBERS }.`,
		byMonitor( ( { state } ) => ( state === null ? null : MONITOR_STATES[ state ] ) )
	),
	gauge(
		'rollcall_monitor_response_time_seconds',
		'Time that the newest check took.',
		byMonitor( ( { response_time_ms } ) => seconds( response_time_ms ) )
	),
	gauge(
		'rollcall_monitor_last_check_timestamp_seconds',
		'When the newest check was planned.',
		byMonitor( ( { last_slot_ms } ) => seconds( last_slot_ms ) )
	),
	counter( 'rollcall_checks_total', 'Checks by what they found.', ( { sites } ) =>
		sites.flatMap( ( { site_url, checks } ) =>
			checks.map( ( { state, error_code, count } ) => ( { labels: { site: site_url, state, code: error_code }, value: count } ) )
		)
	),
	gauge(
		'rollcall_monitors',
		'Active monitors.',
		byVital( ( vitals ) => vitals.monitor_count )
	),
	gauge(
		'rollcall_monitors_stalled',
		'Active monitors that did not run within two intervals.',
		byVital( ( vitals ) => vitals.stalled_count )
	),
	gauge(
		'rollcall_checks_running',
		'Checks under way.',
		byVital( ( vitals ) => vitals.running_count )
	),
	gauge(
		'rollcall_checks_waiting',
		'Checks that wait for room.',
		byVital( ( vitals ) => vitals.waiting_count )
	),
	gauge(
		'rollcall_monitoring',
		'1 while the checks of the site are planned in time.',
		bySite( ( site ) => Number( site.is_monitoring ) )
	),
	gauge(
		'rollcall_offline',
		'1 while the network of the companion itself is away.',
		byVital( ( vitals ) => Number( vitals.offline_since_ms !== null ) )
	),
	gauge(
		'rollcall_spool_unsent_rows',
		'Rows that WordPress has not signed for.',
		byVital( ( vitals ) => vitals.unsent_count )
	),
	gauge(
		'rollcall_spool_oldest_timestamp_seconds',
		'When the oldest of these rows was stored; none when there are none.',
		byVital( ( vitals ) => seconds( vitals.oldest_unsent_at_ms ) )
	),
	gauge(
		'rollcall_spool_disk_full',
		'1 while the disk takes nothing.',
		byVital( ( vitals ) => Number( vitals.disk_full ) )
	),
	counter(
		'rollcall_spool_dropped_total',
		'Checks that were lost: no room on the disk, or past the quota.',
		byVital( ( vitals ) => vitals.dropped_count )
	),
	counter(
		'rollcall_spool_dead_letters_total',
		'Rows that the site refuses for good.',
		byVital( ( vitals ) => vitals.dead_letter_count )
	),
	counter(
		'rollcall_spool_quarantines_total',
		'Times that a damaged store was put aside.',
		byVital( ( vitals ) => vitals.quarantine_count )
	),
	counter( 'rollcall_exchange_failures_total', 'Exchanges with WordPress that failed, by the reason.', ( { sites } ) =>
		sites.flatMap( ( { site_url, exchange_failures } ) =>
			exchange_failures.map( ( { error_code, count } ) => ( { labels: { site: site_url, code: error_code }, value: count } ) )
		)
	),
	gauge(
		'rollcall_exchange_last_timestamp_seconds',
		'Last exchange that WordPress signed for; none when there was none.',
		bySite( ( site ) => seconds( site.exchanged_at_ms ) )
	),
	gauge(
		'rollcall_dead_man_last_timestamp_seconds',
		'Last call of the dead-man address that was answered; none when there was none.',
		byVital( ( vitals ) => seconds( vitals.dead_man_at_ms ) )
	),
	gauge(
		'rollcall_loop_lag_seconds',
		'Greatest delay of the event loop in the last minute.',
		whole( ( { sites } ) => Math.max( 0, ...sites.map( ( { vitals } ) => vitals.loop_lag_ms ) ) / 1000 )
	),
	gauge(
		'process_start_time_seconds',
		'When the process was started.',
		whole( ( figures ) => seconds( figures.process.started_at_ms ) )
	),
	counter(
		'process_cpu_seconds_total',
		'Time of the processor, user and system.',
		whole( ( figures ) => figures.process.cpu_seconds )
	),
	gauge(
		'process_resident_memory_bytes',
		'Resident memory.',
		whole( ( figures ) => figures.process.resident_bytes )
	),
	gauge(
		'nodejs_heap_used_bytes',
		'Memory that values of the program take.',
		whole( ( figures ) => figures.process.heap_bytes )
	),
];

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The figures in Prometheus's text format 0.0.4, in pieces: between two of them other work may be done.
 *  https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function* metricsText( figures: Figures ): Generator< string > {
	for ( const { name, type, help, samples } of FAMILIES ) {
		let lines = [ `# HELP ${ name } ${ escaped( help ) }`, `# TYPE ${ name } ${ type }` ];
		for ( const { labels, value } of samples( figures ) ) {
			if ( value !== null ) {
				lines.push( `${ name }${ labelText( labels ) } ${ value }` );
			}
			if ( lines.length >= CHUNK_LINES ) {
				yield `${ lines.join( '\n' ) }\n`;
				lines = [];
			}
		}
		if ( lines.length > 0 ) {
			yield `${ lines.join( '\n' ) }\n`;
		}
	}
}

function labelText( labels: Labels ): string {
	const pairs = Object.entries( labels ).map( ( [ name, value ] ) => `${ name }="${ escaped( value ).replaceAll( '"', '\\"' ) }"` );
	return pairs.length === 0 ? '' : `{${ pairs.join( ',' ) }}`;
}

function escaped( value: string ): string {
	return value.toWellFormed().replaceAll( '\\', '\\\\' ).replaceAll( '\n', '\\n' );
}

/** A target without its query and fragment, which may hold a secret. */
function targetOf( url: string ): string {
	return url.replace( /[?#][\s\S]*$/, '' );
}
