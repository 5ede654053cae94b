import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSignedAnswer, retryAfterMs } from '../../../companion/src/exchange/answer.ts';
import { offsetNow } from '../../../companion/src/exchange/call.ts';
import { mustFetch, nextPage, recut, type Look } from '../../../companion/src/exchange/list-pages.ts';
import {
	backoffMs,
	jittered,
	lengthened,
	nextCallMs,
	nextStep,
	whenAllAreBlocked,
	type Outcome,
	type Situation,
	type Step,
} from '../../../companion/src/exchange/next-step.ts';
import { nextCursor } from '../../../companion/src/exchange/work.ts';
import { makeContent } from './loop-harness.ts';

const HOUR = 3_600_000;
const QUIET = 900_000;

const unsigned = ( status: number, over: Partial< Extract< Outcome, { kind: 'unsigned' } > > = {} ): Outcome => ( {
	kind: 'unsigned',
	status,
	reason: 'refused',
	retry_after_ms: null,
	error_code: null,
	redirect_origin: null,
	...over,
} );
const refused = ( error_code: string, retry_after_ms: number | null = null ): Outcome => ( {
	kind: 'refused',
	status: 400,
	error_code,
	error_message: '',
	retry_after_ms,
} );
const failed = ( reason: 'timeout' | 'reset' | 'unreachable' ): Outcome => ( { kind: 'failed', reason, message: '' } );
const wait = ( error_code: string, wait_ms: number ) => ( { action: 'wait', wait_ms, error_code } );

const BATCH: Partial< Situation > = { has_batch: true };
const steps: [ string, Outcome, Partial< Situation >, unknown ][] = [
	[ 'a small skew is bridged', { kind: 'clock', offset_ms: HOUR }, {}, { action: 'set_offset', offset_ms: HOUR } ],
	[ 'a day is bridged', { kind: 'clock', offset_ms: -24 * HOUR }, {}, { action: 'set_offset', offset_ms: -24 * HOUR } ],
	[ 'more than a day is not', { kind: 'clock', offset_ms: 24 * HOUR + 1 }, {}, wait( 'clock_skew', QUIET ) ],
	[
		'a skew right after the clock was set is not chased',
		{ kind: 'clock', offset_ms: HOUR },
		{ is_repeated: true },
		wait( 'clock_skew', 5000 ),
	],
	[ 'a signed too_large splits', refused( 'too_large' ), BATCH, { action: 'split' } ],
	[ 'without rows it cannot', refused( 'too_large' ), {}, wait( 'too_large', QUIET ) ],
	[ 'a conflict gets a new id', refused( 'batch_conflict' ), BATCH, { action: 'renew' } ],
	[ 'a second conflict waits', refused( 'batch_conflict' ), { ...BATCH, is_repeated: true }, wait( 'batch_conflict', 5000 ) ],
	[ 'a signed bad_request is about the batch', refused( 'bad_request' ), BATCH, { action: 'probe', is_about_batch: true } ],
	[ 'a busy database waits', refused( 'database_busy' ), BATCH, wait( 'database_busy', 5000 ) ],
	[ 'and as long as it says', refused( 'database_busy', 40_000 ), BATCH, wait( 'database_busy', 40_000 ) ],
	[ 'F17 a full database waits', refused( 'database_full' ), { ...BATCH, failures: 1 }, wait( 'database_full', 10_000 ) ],
	[ 'missing tables wait', refused( 'tables_missing' ), { failures: 2 }, wait( 'tables_missing', 20_000 ) ],
	[ 'a copied site is asked rarely', refused( 'site_changed' ), BATCH, wait( 'site_changed', QUIET ) ],
	[ 'an unreadable key is asked rarely', refused( 'key_unreadable' ), {}, wait( 'key_unreadable', QUIET ) ],
	[ 'a too old companion asks rarely', refused( 'contract_unsupported' ), {}, wait( 'contract_unsupported', QUIET ) ],
	[ 'an unknown refusal waits', refused( 'something_new' ), {}, wait( 'internal', 5000 ) ],
	[ '413 splits', unsigned( 413 ), BATCH, { action: 'split' } ],
	[ '403 with rows may be about them', unsigned( 403 ), BATCH, { action: 'probe', is_about_batch: true } ],
	[ '406 too', unsigned( 406 ), BATCH, { action: 'probe', is_about_batch: true } ],
	[ '501 too', unsigned( 501 ), BATCH, { action: 'probe', is_about_batch: true } ],
	[ 'without rows it is the way', unsigned( 403 ), {}, { action: 'probe', is_about_batch: false } ],
	[ 'a web page is never about the rows', unsigned( 200, { reason: 'not_json' } ), BATCH, { action: 'probe', is_about_batch: false } ],
	[ 'nor is a redirect', unsigned( 302, { reason: 'redirect' } ), BATCH, { action: 'probe', is_about_batch: false } ],
	[ 'nor a 404', unsigned( 404, { reason: 'not_found' } ), BATCH, { action: 'probe', is_about_batch: false } ],
	[ 'nor a false signature', unsigned( 200, { reason: 'bad_signature' } ), BATCH, { action: 'probe', is_about_batch: false } ],
	[ '503 waits', unsigned( 503 ), BATCH, wait( 'site_unreachable', 5000 ) ],
	[ '503 waits as long as it says', unsigned( 503, { retry_after_ms: 30_000 } ), BATCH, wait( 'site_unreachable', 30_000 ) ],
	[ 'but an hour at most', unsigned( 503, { retry_after_ms: 100 * HOUR } ), {}, wait( 'site_unreachable', HOUR ) ],
	[ 'and five seconds at least', unsigned( 429, { retry_after_ms: 0 } ), {}, wait( 'site_unreachable', 5000 ) ],
	[
		'401 during a rotation tries the other keys',
		unsigned( 401, { error_code: 'unauthorized' } ),
		{ has_other_keys: true },
		{ action: 'other_keys' },
	],
	[ '401 of the plugin waits', unsigned( 401, { error_code: 'unauthorized' } ), {}, wait( 'unauthorized', 5000 ) ],
	[ 'and then rarely', unsigned( 401, { error_code: 'unauthorized' } ), { failures: 2 }, wait( 'unauthorized', QUIET ) ],
	[ '401 of the web server is about the way', unsigned( 401 ), {}, { action: 'probe', is_about_batch: false } ],
	[ 'no answer waits', failed( 'timeout' ), BATCH, wait( 'site_unreachable', 5000 ) ],
	[ 'longer each time', failed( 'unreachable' ), { failures: 3 }, wait( 'site_unreachable', 40_000 ) ],
	[ 'a reset with rows may be about them', failed( 'reset' ), BATCH, { action: 'probe', is_about_batch: true } ],
	[ 'a reset without rows waits', failed( 'reset' ), {}, wait( 'site_unreachable', 5000 ) ],
];
for ( const [ name, outcome, situation, expected ] of steps ) {
	test( `after an answer: ${ name }`, () => {
		const step: Step = nextStep( outcome, { has_batch: false, failures: 0, is_repeated: false, has_other_keys: false, ...situation } );
		assert.deepEqual( step, expected );
	} );
}

test( 'when all ways are closed it asks rarely after the third time, but goes on soon after mere web pages', () => {
	const gone = unsigned( 404, { reason: 'not_found' } );
	assert.deepEqual(
		[ 0, 1, 2, 9 ].map( ( failures ) => whenAllAreBlocked( gone, failures ).wait_ms ),
		[ 5000, 10_000, QUIET, QUIET ]
	);
	assert.deepEqual( whenAllAreBlocked( unsigned( 200, { reason: 'not_json' } ), 9 ), { wait_ms: 60_000, error_code: 'answer_invalid' } );
	assert.deepEqual( whenAllAreBlocked( failed( 'reset' ), 0 ), { wait_ms: 5000, error_code: 'site_unreachable' } );
} );

test( 'waits grow to a minute, are never cut short, and idle ones vary by a tenth', () => {
	assert.deepEqual( [ 0, 1, 2, 3, 4, 99 ].map( backoffMs ), [ 5000, 10_000, 20_000, 40_000, 60_000, 60_000 ] );
	assert.deepEqual( [ lengthened( 5000, () => 0 ), lengthened( 5000, () => 0.9999 ) ], [ 5000, 5500 ] );
	assert.deepEqual(
		[ jittered( 60_000, () => 0 ), jittered( 60_000, () => 0.5 ), jittered( 60_000, () => 0.9999 ) ],
		[ 54_000, 60_000, 65_999 ]
	);
} );

test( 'the next call comes at once while something is to be sent, and never at once after one that moved nothing', () => {
	assert.equal( nextCallMs( 60, true, true ), 0 );
	assert.equal( nextCallMs( 0, false, true ), 0 );
	assert.equal( nextCallMs( 0, false, false ), 5000 );
	assert.equal( nextCallMs( 60, false, false ), 60_000 );
	assert.equal( nextCallMs( 999_999, false, false ), HOUR );
} );

test( 'Retry-After is seconds or a date that counts from the Date of the answer', () => {
	const date = 'Mon, 23 Nov 2026 12:00:00 GMT';
	assert.equal( retryAfterMs( '30', null ), 30_000 );
	assert.equal( retryAfterMs( 'Mon, 23 Nov 2026 12:00:40 GMT', date ), 40_000 );
	assert.equal( retryAfterMs( 'Mon, 23 Nov 2026 11:00:00 GMT', date ), 0 );
	for ( const [ header, its_date ] of [
		[ null, date ],
		[ 'soon', date ],
		[ '-5', date ],
		[ 'Mon, 23 Nov 2026 12:00:40 GMT', null ],
	] as const ) {
		assert.equal( retryAfterMs( header, its_date ), null );
	}
} );

test( 'only JSON of exactly the signed form is taken for an answer', () => {
	const sig = `v1=${ '0'.repeat( 64 ) }`;
	const read = ( status: number, type: string, body: string ) => {
		const answered = readSignedAnswer( { status, header: ( name ) => ( name === 'content-type' ? type : null ), body } );
		return answered.kind === 'unsigned' ? answered.reason : answered.kind;
	};
	const json = 'application/json; charset=UTF-8';
	assert.equal( read( 200, json, JSON.stringify( { payload: '{}', sig } ) ), 'answer' );
	assert.equal( read( 401, json, JSON.stringify( { payload: '{}', sig } ) ), 'answer' );
	assert.equal( read( 200, 'text/html', JSON.stringify( { payload: '{}', sig } ) ), 'not_json' );
	assert.equal( read( 200, json, JSON.stringify( { payload: {}, sig } ) ), 'not_signed' );
	assert.equal( read( 200, json, JSON.stringify( { payload: '{}', sig, more: 1 } ) ), 'not_signed' );
	assert.equal( read( 200, json, JSON.stringify( { payload: '{}', sig: sig.toUpperCase() } ) ), 'not_signed' );
	assert.equal( read( 200, json, 'null' ), 'not_signed' );
	assert.equal( read( 200, json, '' ), 'not_json' );
	assert.equal( read( 302, json, '' ), 'redirect' );
	assert.equal( read( 404, 'text/html', '' ), 'not_found' );
	assert.equal( read( 500, 'text/html', '' ), 'refused' );
} );

test( 'an offset counts for an hour, also when the clock jumped', () => {
	const clock = { offset_ms: HOUR, measured_at_ms: 10 * HOUR };
	assert.equal( offsetNow( clock, 10.5 * HOUR ), HOUR );
	assert.equal( offsetNow( clock, 11 * HOUR ), 0 );
	assert.equal( offsetNow( clock, 2 * HOUR ), 0 );
	assert.equal( offsetNow( { offset_ms: 0, measured_at_ms: null }, 5 ), 0 );
} );

describe( 'a list is fetched without a job', () => {
	const now_ms = 100 * HOUR;
	const url = 'https://a.example';
	const known = { url, checked_at_ms: now_ms - 23 * HOUR, is_ok: true, sha256: 'a', may_shrink: false };
	const unread = { ...known, is_ok: false, checked_at_ms: now_ms - 14 * 60_000 };
	const daily = { schedule_hours: 24, active_sha256: 'a', accept_shrunk: false };
	const on_request = { ...daily, schedule_hours: 0 };
	const unused = { ...daily, active_sha256: null };
	const look = { list: daily, state: known, source: url, has_content: true, is_behind: false, now_ms };
	const cases: [ string, Partial< Look >, boolean ][] = [
		[ 'at first', { list: unused, state: null, has_content: false }, true ],
		[ 'not within its hours', {}, false ],
		[ 'after its hours', { state: { ...known, checked_at_ms: now_ms - 24 * HOUR } }, true ],
		[
			'after an hour when it is hourly',
			{ list: { ...daily, schedule_hours: 1 }, state: { ...known, checked_at_ms: now_ms - HOUR } },
			true,
		],
		[
			'not after a day when it is weekly',
			{ list: { ...daily, schedule_hours: 168 }, state: { ...known, checked_at_ms: now_ms - 25 * HOUR } },
			false,
		],
		[ 'when its address changed', { source: 'https://b.example' }, true ],
		[ 'when its content is lost', { has_content: false }, true ],
		[ 'not soon after a failure', { state: unread }, false ],
		[ 'a quarter of an hour after a failure', { state: { ...unread, checked_at_ms: now_ms - 15 * 60_000 } }, true ],
		[ 'at once after a failure at another address', { state: unread, source: 'https://b.example' }, true ],
		[ 'when the clock was set back', { state: { ...known, checked_at_ms: now_ms + HOUR } }, true ],
		[ 'when the clock was set back after a failure', { state: { ...unread, checked_at_ms: now_ms + HOUR } }, true ],
		[ 'once a person agreed that it shrank', { list: { ...on_request, accept_shrunk: true }, state: unread }, true ],
		[ 'not again after that', { list: { ...on_request, accept_shrunk: true }, state: { ...unread, may_shrink: true } }, false ],
		[ 'when a browser fetched after us, whatever its schedule', { list: on_request, is_behind: true }, true ],
		[ 'not at once again then', { is_behind: true, state: { ...known, checked_at_ms: now_ms - 14 * 60_000 } }, false ],
		[ 'not soon after a failure then', { is_behind: true, state: unread }, false ],
		[
			'not at first when it is only fetched on request',
			{ list: { ...unused, schedule_hours: 0 }, state: null, has_content: false },
			false,
		],
		[ 'never later then', { list: on_request, state: { ...known, checked_at_ms: 0 } }, false ],
		[ 'nor at a new address', { list: on_request, source: 'https://b.example' }, false ],
		[
			'nor after a failure',
			{ list: { ...unused, schedule_hours: 0 }, state: { ...unread, checked_at_ms: 0 }, has_content: false },
			false,
		],
		[ 'but when runs wait for what was lost', { list: on_request, has_content: false }, true ],
		[ 'also when nothing is known of it', { list: on_request, state: null, has_content: false }, true ],
		[
			'a quarter of an hour after that failed',
			{ list: on_request, state: { ...unread, checked_at_ms: 0 }, has_content: false },
			true,
		],
	];
	for ( const [ name, over, expected ] of cases ) {
		test( name, () => assert.equal( mustFetch( { ...look, ...over } ), expected ) );
	}
} );

test( 'pages go on after the staged ones of the same content, and begin anew for another', () => {
	const list = {
		list_uid: 'yc',
		source: 'yc' as const,
		url: '',
		active_version: 1,
		active_sha256: 'a',
		active_row_count: 0,
		active_fetched_at_ms: null,
		staging_sha256: 'b',
		staged_pages: 2,
		schedule_hours: 24,
		accept_shrunk: false,
	};
	assert.equal( nextPage( list, 'a', 5 ), null );
	assert.equal( nextPage( list, 'b', 5 ), 3 );
	assert.equal( nextPage( list, 'b', 2 ), null );
	assert.equal( nextPage( list, 'c', 5 ), 1 );
} );

test( 'smaller pages hold the same rows in the same order, also domains of companies that left', () => {
	const pages = makeContent( 'a'.repeat( 64 ), 2, 5 ).pages();
	pages[ 1 ]?.domains.push( { domain: 'left.example', source_id: 'gone', kind: 'former' } );
	const smaller = recut( pages, 4 );
	assert.deepEqual(
		smaller.map( ( page ) => [ page.page, page.page_count ] ),
		[ 1, 2, 3, 4, 5, 6, 7, 8 ].map( ( page ) => [ page, 8 ] )
	);
	assert.deepEqual(
		smaller.flatMap( ( page ) => page.companies ),
		pages.flatMap( ( page ) => page.companies )
	);
	const names = ( of: typeof pages ) => of.flatMap( ( page ) => page.domains.map( ( row ) => row.domain ) ).sort();
	assert.deepEqual( names( smaller ), names( pages ) );
	assert.equal( recut( pages, 1 ), pages );
} );

test( 'the cursor goes on behind a page of the same version and back to the start after another', () => {
	const page = {
		data_version: 3,
		rows: [
			{ domain_id: 5, host: 'a' },
			{ domain_id: 9, host: 'b' },
		],
	};
	assert.deepEqual( nextCursor( { data_version: 3, after: 2 }, page ), { data_version: 3, after: 9 } );
	assert.deepEqual( nextCursor( { data_version: 2, after: 2 }, page ), { data_version: 3, after: 0 } );
} );
