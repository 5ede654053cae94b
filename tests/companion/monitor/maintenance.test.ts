import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
	isInMaintenance,
	maintenanceSpans,
	windowFault,
	type MaintenanceWindow,
	type WindowFault,
} from '../../../companion/src/monitor/maintenance.ts';
import { seededRandom } from './random.ts';

const HOUR = 3_600_000;
const iso = ( at_ms: number ): string => new Date( at_ms ).toISOString().slice( 0, 16 );
const shown = ( windows: MaintenanceWindow[], from: string, to: string ): string[] =>
	maintenanceSpans( windows, Date.parse( `${ from }Z` ), Date.parse( `${ to }Z` ) ).map(
		( span ) => `${ iso( span.from_ms ) } - ${ iso( span.to_ms ) }`
	);
const cron = ( text: string, time_zone = 'UTC', duration_seconds = 3600 ): MaintenanceWindow => ( {
	kind: 'cron',
	cron: text,
	time_zone,
	duration_seconds,
} );
const weekly = ( changed: Partial< Extract< MaintenanceWindow, { kind: 'weekly' } > > = {} ): MaintenanceWindow => ( {
	kind: 'weekly',
	weekdays: [ 'sunday' ],
	begins_at: '02:30',
	duration_seconds: 3600,
	time_zone: 'Europe/Berlin',
	...changed,
} );
const single = ( from: string, to: string ): MaintenanceWindow => ( {
	kind: 'single',
	from_ms: Date.parse( `${ from }Z` ),
	to_ms: Date.parse( `${ to }Z` ),
} );

/** Windows, from, to (UTC), spans (UTC). */
const cases: [ string, MaintenanceWindow[], string, string, string[] ][] = [
	[
		'a single window',
		[ single( '2026-05-01T10:00', '2026-05-01T12:00' ) ],
		'2026-05-01T00:00',
		'2026-05-02T00:00',
		[ '2026-05-01T10:00 - 2026-05-01T12:00' ],
	],
	[
		'a single window that is half over',
		[ single( '2026-05-01T10:00', '2026-05-01T12:00' ) ],
		'2026-05-01T11:00',
		'2026-05-02T00:00',
		[ '2026-05-01T11:00 - 2026-05-01T12:00' ],
	],
	[ 'a single window of another day', [ single( '2026-05-01T10:00', '2026-05-01T12:00' ) ], '2026-05-02T00:00', '2026-05-03T00:00', [] ],
	[
		'a week',
		[ weekly() ],
		'2026-06-01T00:00',
		'2026-06-15T00:00',
		[ '2026-06-07T00:30 - 2026-06-07T01:30', '2026-06-14T00:30 - 2026-06-14T01:30' ],
	],
	[
		'two days of a week',
		[ weekly( { weekdays: [ 'saturday', 'monday' ], begins_at: '23:00' } ) ],
		'2026-06-06T00:00',
		'2026-06-09T00:00',
		[ '2026-06-06T21:00 - 2026-06-06T22:00', '2026-06-08T21:00 - 2026-06-08T22:00' ],
	],
	[
		'one that began before',
		[ weekly( { duration_seconds: 86_400 } ) ],
		'2026-06-07T12:00',
		'2026-06-07T13:00',
		[ '2026-06-07T12:00 - 2026-06-07T13:00' ],
	],
	[
		'spring, Berlin: 02:30 does not exist, so it begins at 03:00',
		[ weekly() ],
		'2026-03-28T12:00',
		'2026-03-30T00:00',
		[ '2026-03-29T01:00 - 2026-03-29T02:00' ],
	],
	[
		'autumn, Berlin: 02:30 comes twice, so it begins once, at the first',
		[ weekly() ],
		'2026-10-24T12:00',
		'2026-10-26T00:00',
		[ '2026-10-25T00:30 - 2026-10-25T01:30' ],
	],
	[
		'autumn, Berlin: three hours are three hours',
		[ weekly( { begins_at: '01:30', duration_seconds: 10_800 } ) ],
		'2026-10-24T12:00',
		'2026-10-26T00:00',
		[ '2026-10-24T23:30 - 2026-10-25T02:30' ],
	],
	[
		'spring, Berlin: every day at 02:30',
		[ cron( '30 2 * * *', 'Europe/Berlin' ) ],
		'2026-03-28T00:00',
		'2026-03-31T00:00',
		[ '2026-03-28T01:30 - 2026-03-28T02:30', '2026-03-29T01:00 - 2026-03-29T02:00', '2026-03-30T00:30 - 2026-03-30T01:30' ],
	],
	[
		'autumn, Berlin: every half hour goes through both hours',
		[ cron( '*/30 * * * *', 'Europe/Berlin', 600 ) ],
		'2026-10-25T00:00',
		'2026-10-25T02:00',
		[
			'2026-10-25T00:00 - 2026-10-25T00:10',
			'2026-10-25T00:30 - 2026-10-25T00:40',
			'2026-10-25T01:00 - 2026-10-25T01:10',
			'2026-10-25T01:30 - 2026-10-25T01:40',
		],
	],
	[
		'spring, Sao Paulo in 2018: midnight does not exist, so it begins at 01:00',
		[ cron( '0 0 * * *', 'America/Sao_Paulo' ) ],
		'2018-11-03T12:00',
		'2018-11-05T12:00',
		[ '2018-11-04T03:00 - 2018-11-04T04:00', '2018-11-05T02:00 - 2018-11-05T03:00' ],
	],
	[
		'autumn, Sao Paulo in 2018: 23:30 comes twice',
		[ cron( '30 23 * * 6', 'America/Sao_Paulo' ) ],
		'2018-02-17T12:00',
		'2018-02-18T12:00',
		[ '2018-02-18T01:30 - 2018-02-18T02:30' ],
	],
	[
		'Sao Paulo today has no summer time',
		[ cron( '0 0 * * *', 'America/Sao_Paulo' ) ],
		'2026-11-01T00:00',
		'2026-11-02T00:00',
		[ '2026-11-01T03:00 - 2026-11-01T04:00' ],
	],
	[
		'Lord Howe changes by half an hour',
		[ cron( '15 2 * * *', 'Australia/Lord_Howe' ) ],
		'2026-10-03T12:00',
		'2026-10-04T12:00',
		[ '2026-10-03T15:30 - 2026-10-03T16:30' ],
	],
	[ 'a leap day', [ cron( '0 0 29 2 *' ) ], '2026-01-01T00:00', '2029-01-01T00:00', [ '2028-02-29T00:00 - 2028-02-29T01:00' ] ],
	[
		'the turn of the year',
		[ cron( '30 23 31 12 *' ) ],
		'2026-12-31T00:00',
		'2027-01-02T00:00',
		[ '2026-12-31T23:30 - 2027-01-01T00:30' ],
	],
	[ 'after 2038', [ cron( '0 4 19 1 *' ) ], '2038-01-01T00:00', '2039-01-01T00:00', [ '2038-01-19T04:00 - 2038-01-19T05:00' ] ],
	[
		'windows that overlap or touch are one',
		[ cron( '0 1 * * *' ), cron( '30 1 * * *' ), single( '2026-05-01T02:30', '2026-05-01T03:00' ) ],
		'2026-05-01T00:00',
		'2026-05-02T00:00',
		[ '2026-05-01T01:00 - 2026-05-01T03:00' ],
	],
	[ 'no windows', [], '2026-05-01T00:00', '2026-05-02T00:00', [] ],
];

describe( 'maintenance', () => {
	for ( const [ name, windows, from, to, expected ] of cases ) {
		it( `of ${ name }`, () => {
			assert.deepEqual( shown( windows, from, to ), expected );
		} );
	}

	it( 'holds from its first millisecond to the one before its end', () => {
		const at = Date.parse( '2026-05-01T10:00Z' );
		const windows = [ cron( '0 10 * * *' ) ];
		assert.deepEqual(
			[ at - 1, at, at + HOUR - 1, at + HOUR ].map( ( moment ) => isInMaintenance( windows, moment ) ),
			[ false, true, true, false ]
		);
	} );

	const faults: [ MaintenanceWindow, WindowFault | null ][] = [
		[ weekly(), null ],
		[ cron( '*/5 0-6 1,15 * MON-FRI' ), null ],
		[ single( '2026-05-01T10:00', '2026-05-01T10:00' ), 'ends_before_it_begins' ],
		[ weekly( { weekdays: [] } ), 'no_weekday' ],
		[ weekly( { begins_at: '24:00' } ), 'bad_time' ],
		[ weekly( { begins_at: '2:30' } ), 'bad_time' ],
		[ weekly( { duration_seconds: 0 } ), 'bad_duration' ],
		[ weekly( { duration_seconds: 1.5 } ), 'bad_duration' ],
		[ weekly( { duration_seconds: 8 * 86_400 } ), 'bad_duration' ],
		[ weekly( { time_zone: 'Europe/Atlantis' } ), 'bad_time_zone' ],
		[ weekly( { time_zone: '+02:00' } ), 'bad_time_zone' ],
		[ weekly( { time_zone: '' } ), 'bad_time_zone' ],
		[ cron( '61 * * * *' ), 'bad_cron' ],
		[ cron( '* * * *' ), 'bad_cron' ],
		[ cron( '0 * * * * *' ), 'bad_cron' ],
		[ cron( '@daily' ), 'bad_cron' ],
		[ cron( 'a b c d e' ), 'bad_cron' ],
		[ cron( '' ), 'bad_cron' ],
		[ cron( '0 0 31 2 *' ), 'never' ],
	];
	for ( const [ window, fault ] of faults ) {
		it( `${ JSON.stringify( window ) } ${ fault === null ? 'is a window' : `has the fault ${ fault }` }`, () => {
			assert.equal( windowFault( window, Date.UTC( 2026, 0, 1 ) ), fault );
		} );
	}

	// Uptime is recomputed for windows of any length: a span that depends on where one begins to look would change the past.
	it( 'is the same whether a time is looked at whole or in parts', () => {
		const zones = [ 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu' ];
		for ( let seed = 1; seed <= 60; seed++ ) {
			const random = seededRandom( seed );
			const windows = [
				cron( `${ random( 60 ) } ${ random( 24 ) } * * *`, zones[ random( 5 ) ], 60 + random( 40_000 ) ),
				weekly( { time_zone: zones[ random( 5 ) ] } ),
			];
			const from_ms = Date.UTC( 2026, [ 2, 9 ][ random( 2 ) ] ?? 0, 20 ) + random( 7 * 24 ) * HOUR;
			const cut_ms = from_ms + random( 14 * 24 * HOUR );
			const to_ms = cut_ms + random( 24 * HOUR );
			const length = ( from: number, to: number ): number =>
				maintenanceSpans( windows, from, to ).reduce( ( sum, span ) => sum + span.to_ms - span.from_ms, 0 );
			assert.equal( length( from_ms, cut_ms ) + length( cut_ms, to_ms ), length( from_ms, to_ms ), `seed ${ seed }` );
		}
	} );
} );
