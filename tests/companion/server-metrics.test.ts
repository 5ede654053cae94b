import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsText, type SiteFigures } from '../../companion/src/server-metrics.ts';
import { makeVitals } from '../make-vitals.ts';
import { makeMonitor, makeSite } from './make-figures.ts';
import { readMetrics, type Sample } from './prometheus-text.ts';

const PROCESS = { started_at_ms: 1_795_000_000_250, cpu_seconds: 1.5, resident_bytes: 80_000_000, heap_bytes: 20_000_000 };

const textOf = ( ...sites: SiteFigures[] ): string =>
	[ ...metricsText( { companion_version: '0.2.0', sites, process: PROCESS } ) ].join( '' );

const samples = ( name: string, ...sites: SiteFigures[] ): Sample[] => readMetrics( textOf( ...sites ) ).get( name )?.samples ?? [];

const value = ( name: string, ...sites: SiteFigures[] ): number | undefined => samples( name, ...sites )[ 0 ]?.value;

test( 'every family has help and type, also without a site', () => {
	const families = readMetrics( textOf() );
	assert.ok( families.size >= 25 );
	for ( const [ name, { help, type } ] of families ) {
		assert.match( name, /^(rollcall|process|nodejs)_[a-z_]+$/ );
		assert.ok( help.endsWith( '.' ) && type !== '', name );
	}
} );

test( 'names of families stay: dashboards and alerts are written on them', () => {
	assert.deepEqual( [ ...readMetrics( textOf() ).keys() ].toSorted(), [
		'nodejs_heap_used_bytes',
		'process_cpu_seconds_total',
		'process_resident_memory_bytes',
		'process_start_time_seconds',
		'rollcall_build_info',
		'rollcall_checks_running',
		'rollcall_checks_total',
		'rollcall_checks_waiting',
		'rollcall_dead_man_last_timestamp_seconds',
		'rollcall_exchange_failures_total',
		'rollcall_exchange_last_timestamp_seconds',
		'rollcall_loop_lag_seconds',
		'rollcall_monitor_info',
		'rollcall_monitor_last_check_timestamp_seconds',
		'rollcall_monitor_response_time_seconds',
		'rollcall_monitor_state',
		'rollcall_monitor_up',
		'rollcall_monitoring',
		'rollcall_monitors',
		'rollcall_monitors_stalled',
		'rollcall_offline',
		'rollcall_spool_dead_letters_total',
		'rollcall_spool_disk_full',
		'rollcall_spool_dropped_total',
		'rollcall_spool_oldest_timestamp_seconds',
		'rollcall_spool_quarantines_total',
		'rollcall_spool_unsent_rows',
	] );
} );

const STATES: [ NonNullable< ReturnType< typeof makeMonitor >[ 'state' ] > | null, number | undefined, number | undefined ][] = [
	[ 'up', 1, 1 ],
	[ 'degraded', 1, 2 ],
	[ 'down', 0, 3 ],
	[ 'unknown', undefined, 4 ],
	[ null, undefined, undefined ],
];
for ( const [ state, up, number ] of STATES ) {
	test( `a monitor whose newest check found ${ state ?? 'nothing yet' } is ${ up ?? 'neither up nor down' }`, () => {
		const site = makeSite( { monitors: () => [ makeMonitor( { state } ) ] } );
		assert.equal( value( 'rollcall_monitor_up', site ), up );
		assert.equal( value( 'rollcall_monitor_state', site ), number );
	} );
}

test( 'times are seconds', () => {
	const vitals = makeVitals( { oldest_unsent_at_ms: 1500, dead_man_at_ms: 2500, loop_lag_ms: 7 } );
	const site = makeSite( { vitals, exchanged_at_ms: 3500 } );
	assert.equal( value( 'rollcall_monitor_response_time_seconds', site ), 0.412 );
	assert.equal( value( 'rollcall_monitor_last_check_timestamp_seconds', site ), 1_795_000_010.5 );
	assert.equal( value( 'rollcall_spool_oldest_timestamp_seconds', site ), 1.5 );
	assert.equal( value( 'rollcall_dead_man_last_timestamp_seconds', site ), 2.5 );
	assert.equal( value( 'rollcall_exchange_last_timestamp_seconds', site ), 3.5 );
	assert.equal( value( 'rollcall_loop_lag_seconds', makeSite( { site_url: 'https://other.example' } ), site ), 0.007 );
	assert.equal( value( 'process_start_time_seconds' ), 1_795_000_000.25 );
} );

test( 'checks are counted by state and reason, failed exchanges by reason', () => {
	const site = makeSite( {
		checks: [
			{ state: 'up', error_code: 'ok', count: 5 },
			{ state: 'down', error_code: 'connect_refused', count: 2 },
		],
		exchange_failures: [ { error_code: 'answer_invalid', count: 3 } ],
	} );
	assert.deepEqual( samples( 'rollcall_checks_total', site ), [
		{ name: 'rollcall_checks_total', labels: { site: 'https://site.example', state: 'up', code: 'ok' }, value: 5 },
		{ name: 'rollcall_checks_total', labels: { site: 'https://site.example', state: 'down', code: 'connect_refused' }, value: 2 },
	] );
	assert.equal( value( 'rollcall_exchange_failures_total', site ), 3 );
} );

test( 'two sites with the same monitor, as a copy of a site has it, are told apart', () => {
	const found = samples( 'rollcall_monitor_up', makeSite(), makeSite( { site_url: 'https://copy.example' } ) );
	assert.deepEqual(
		found.map( ( { labels } ) => labels.site ),
		[ 'https://site.example', 'https://copy.example' ]
	);
} );

const NAMES = [ 'a "quoted" one', 'back\\slash', 'two\nlines', '\\n', '}', 'x="y",z="', 'Ä 🚀', 'lone \ud800', '# HELP x y', '\r\u2028' ];
for ( const name of NAMES ) {
	test( `the name ${ JSON.stringify( name ) } comes back as it was`, () => {
		const site = makeSite( { monitors: () => [ makeMonitor( { name } ) ] } );
		assert.equal( samples( 'rollcall_monitor_info', site )[ 0 ]?.labels.name, name.toWellFormed() );
	} );
}

test( 'a target shows no query and no fragment, which may hold a secret', () => {
	const url = 'https://shop.example/path?token=s3cret#frag';
	const text = textOf( makeSite( { monitors: () => [ makeMonitor( { url, name: '' } ) ] } ) );
	assert.doesNotMatch( text, /s3cret|frag/ );
	const [ info ] = readMetrics( text ).get( 'rollcall_monitor_info' )?.samples ?? [];
	assert.equal( info?.labels.target, 'https://shop.example/path' );
	assert.equal( info.labels.name, 'https://shop.example/path' );
} );

test( '10,000 monitors come in pieces, so that checks go on in between', () => {
	const monitors = Array.from( { length: 10_000 }, ( _, index ) =>
		makeMonitor( { monitor_uid: index.toString( 16 ).padStart( 32, '0' ), name: `m ${ index }` } )
	);
	const site = makeSite( { monitors: () => monitors } );
	const pieces = [ ...metricsText( { companion_version: '0.2.0', sites: [ site ], process: PROCESS } ) ];
	assert.ok( Math.max( ...pieces.map( ( piece ) => piece.split( '\n' ).length ) ) <= 201 );
	assert.equal( readMetrics( pieces.join( '' ) ).get( 'rollcall_monitor_up' )?.samples.length, 10_000 );
} );
