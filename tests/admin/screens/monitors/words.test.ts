import { describe, expect, it } from 'vitest';
import { firstStep, stepsOf, summaryOf } from '../../../../admin-ts/src/screens/monitors/check-steps.ts';
import { troublesOf } from '../../../../admin-ts/src/screens/monitors/notices.tsx';
import { checkCodeText, formatSeconds, formatUptime, withoutTarget } from '../../../../admin-ts/src/screens/monitors/words.ts';
import { CHECK_CODES, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { makeVitals } from '../../../make-vitals.ts';
import { makeCheck, makeResult } from '../../monitor-fixtures.ts';

describe( 'words of monitors', () => {
	it( 'name every reason of a check, each in another way', () => {
		const words = wordsOf( CHECK_CODES ).map( ( code ) => checkCodeText( code ) );
		expect( new Set( words ).size ).toBe( words.length );
		expect( words.filter( ( text ) => text === 'Fine' ).length ).toBe( 1 );
	} );

	it( 'do not say that the check failed when a registry does not answer', () => {
		expect( checkCodeText( 'check_failed_internally', 'rdap://shop.test' ) ).toBe( 'The registry could not be asked' );
	} );

	it.each( [
		[ 412, '0.412 s' ],
		[ 0, '0.000 s' ],
		[ 10_000, '10.000 s' ],
	] )( 'write %d ms as %s', ( milliseconds, text ) => {
		expect( formatSeconds( milliseconds ) ).toBe( text );
	} );

	it.each( [
		[ 1, '100%' ],
		[ 0.99999, '99.99%' ],
		[ 0.9995, '99.95%' ],
		[ 0, '0%' ],
		[ null, '–' ],
	] )( 'write the uptime %s as %s, never rounded up', ( share, text ) => {
		expect( formatUptime( share ) ).toBe( text );
	} );
} );

describe( 'the steps of a check', () => {
	it( 'begin with the query, and say how many it found', () => {
		expect( firstStep( undefined ) ).toBe( 'Querying active URLs' );
		expect( firstStep( makeCheck( { active_count: 12 } ) ) ).toBe( 'Querying active URLs: 12 found.' );
	} );

	it.each( [
		[ {}, [ 'Received status code 200 from https://shop.test/', 'Response time 0.412 s', 'Stored' ] ],
		[
			{ state: 'down', error_code: 'http_status', error_message: 'Refused.', status_code: 503, response_time_ms: 81 },
			[ 'Received status code 503 from https://shop.test/', 'The status is an error: Refused.', 'Response time 0.081 s', 'Stored' ],
		],
		[
			{ url: 'tcp://mail.test:25', status_code: null },
			[ 'Received an answer from tcp://mail.test:25', 'Response time 0.412 s', 'Stored' ],
		],
		[ { name: 'Backup', url: '', status_code: null, response_time_ms: 0 }, [ 'The last call of Backup came in time', 'Stored' ] ],
		[
			{ name: 'Backup', url: '', status_code: null, response_time_ms: 0, state: 'unknown', error_code: 'not_checked_yet' },
			[ 'No call of Backup came yet', 'Stored' ],
		],
		[
			{
				name: 'Backup',
				url: '',
				status_code: null,
				response_time_ms: 0,
				state: 'down',
				error_code: 'push_missed',
				error_message: 'The call never came.',
			},
			[ 'No call of Backup came in time. The call never came.', 'Stored' ],
		],
		[
			{
				state: 'down',
				error_code: 'dns_nxdomain',
				error_message: 'There is no gone.test.',
				url: 'https://gone.test/',
				status_code: null,
				response_time_ms: null,
			},
			[ 'The name does not exist: https://gone.test/. There is no gone.test.', 'Stored' ],
		],
	] as const )( 'are of a result with %j: %j', ( over, steps ) => {
		expect( stepsOf( makeResult( over ) ) ).toEqual( steps );
	} );

	it( 'end with what came of all', () => {
		const results = [ makeResult(), makeResult( { state: 'down' } ), makeResult( { state: 'unknown' } ) ];
		expect( summaryOf( makeCheck( { state: 'done', done: 3, results } ) ) ).toBe(
			'3 checked: 1 up, 0 slow or degraded, 1 down, 1 without a reading.'
		);
	} );
} );

describe( 'what a check found', () => {
	it.each( [
		[ 'GET https://shop.test answered 503.', 'https://shop.test/?q=1', 'answered 503.' ],
		[ 'GET https://shop.test/health answered 503.', 'https://shop.test/health', 'answered 503.' ],
		[ 'mail.test:25 refused the connection.', 'tcp://mail.test:25', 'refused the connection.' ],
		[ 'GET https://www.shop.test answered 503.', 'https://shop.test/', 'GET https://www.shop.test answered 503.' ],
		[ 'No beat came in time.', '', 'No beat came in time.' ],
		[ '', 'https://shop.test/', '' ],
	] )( 'of "%s" is said below %s as "%s"', ( message, url, shown ) => {
		expect( withoutTarget( message, url ) ).toBe( shown );
	} );
} );

describe( 'what is wrong with monitoring', () => {
	const NOW_MS = Date.parse( '2026-11-23T12:00:00Z' );
	const NONE = { dropped_count: 0, dead_letter_count: 0 };
	const titles = ( over: Parameters< typeof makeVitals >[ 0 ], lost = NONE ) =>
		troublesOf( makeVitals( over ), lost, NOW_MS ).map( ( { title, text } ) => `${ title } ${ text }` );

	it( 'is nothing while all is well', () => {
		expect( titles( {} ) ).toEqual( [] );
	} );

	it.each( [
		[ { disk_full: true, dropped_count: 1234 }, /disk of the companion is full\. Nothing was lost in the last 24 hours\./ ],
		[ { stalled_count: 3 }, /^3 monitors are not checked in time\./ ],
		[ { offline_since_ms: NOW_MS }, /network of the companion is away since/ ],
		[ { quarantine_count: 1 }, /found its store damaged/ ],
		[ { unsent_count: 40, oldest_unsent_at_ms: NOW_MS - 600_000 }, /^40 results wait to be stored here\./ ],
		[ { dead_man_error: 'It answered 404.' }, /did not answer\. It answered 404\./ ],
	] )( 'is said of %j', ( over, text ) => {
		const [ only, ...others ] = titles( over );
		expect( only ).toMatch( text );
		expect( others ).toEqual( [] );
	} );

	it.each( [
		[ true, { dropped_count: 1234 }, /disk of the companion is full\. 1,234 checks were lost in the last 24 hours\./ ],
		[ false, { dropped_count: 1 }, /^1 check was lost in the last 24 hours\./ ],
		[ false, { dead_letter_count: 2 }, /^This site refused 2 results for good in the last 24 hours\./ ],
	] )( 'is, with a full disk %s, said of %j lately', ( disk_full, lost, text ) => {
		expect( titles( { disk_full }, { ...NONE, ...lost } ) ).toEqual( [ expect.stringMatching( text ) ] );
	} );

	it( 'is not what was lost longer ago', () => {
		expect( titles( { dropped_count: 41, dead_letter_count: 7 } ) ).toEqual( [] );
	} );

	it( 'is not that something was only just checked', () => {
		expect( titles( { unsent_count: 40, oldest_unsent_at_ms: NOW_MS - 60_000 } ) ).toEqual( [] );
	} );
} );
