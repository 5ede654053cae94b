import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Job, Redirect, WebhookCall } from '../../../companion/src/contract/exchange.ts';
import { RollcallError } from '../../../companion/src/errors.ts';
import type { Rooms } from '../../../companion/src/exchange/rooms.ts';
import { makeRooms, newHarness, withActiveList } from './loop-harness.ts';

const REDIRECTS: Job = {
	job_uid: '1'.repeat( 32 ),
	kind: 'redirects',
	list_uid: null,
	host: null,
	hosts: [ 'old.example', 'gone.example' ],
	webhook: null,
	monitor_uids: [],
};

const CALL: WebhookCall = {
	url: 'https://hooks.example/services/secret-path',
	webhook_id: 'msg_1',
	webhook_timestamp: 1_700_000_000,
	webhook_signature: 'v1,abc=',
	body: '{"type":"run.finished"}',
};
const WEBHOOK: Job = { ...REDIRECTS, job_uid: '2'.repeat( 32 ), kind: 'webhook', hosts: [], webhook: CALL };

const FOUND: Redirect[] = [
	{ host: 'old.example', final_host: 'new.example', error_code: null },
	{ host: 'gone.example', final_host: null, error_code: 'website_unreachable' },
];

describe( 'a job that asks where sites lead', () => {
	test( 'ends with an answer for each host, and calls itself by the address of the site', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		const agents: string[] = [];
		const asked: string[][] = [];
		harness.rooms = {
			...makeRooms(),
			whereSitesLead: async ( hosts, { user_agent } ) => {
				agents.push( user_agent );
				asked.push( [ ...hosts ] );
				return FOUND;
			},
		};
		harness.peer.jobs = [ REDIRECTS ];
		await harness.runUntil( () => harness.peer.jobs.length === 0 );
		const row = harness.peer.job_rows.at( -1 );
		assert.deepEqual( [ row?.state, row?.done, row?.total, row?.redirects ], [ 'done', 2, 2, FOUND ] );
		assert.deepEqual( [ agents, asked ], [ [ `Rollcall/0.1.0 (+${ harness.peer.url })` ], [ REDIRECTS.hosts ] ] );
	} );

	test( 'tells what it has on the way', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		const half = Promise.withResolvers< void >();
		harness.rooms = {
			...makeRooms(),
			whereSitesLead: async ( _hosts, { onProgress } ) => {
				onProgress( FOUND.slice( 0, 1 ) );
				await half.promise;
				return FOUND;
			},
		};
		harness.peer.jobs = [ REDIRECTS ];
		await harness.runUntil( () => {
			if ( harness.peer.job_rows.some( ( row ) => row.state === 'running' && row.done === 1 && row.redirects.length === 1 ) ) {
				half.resolve();
			}
			return harness.peer.jobs.length === 0;
		} );
	} );

	test( 'is stopped when it is cancelled', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		let was_stopped = false;
		harness.rooms = { ...makeRooms(), whereSitesLead: ( _hosts, { signal } ) => aborted( signal, () => ( was_stopped = true ) ) };
		harness.peer.jobs = [ REDIRECTS ];
		await harness.runUntil( () => {
			if ( harness.peer.job_rows.some( ( row ) => row.state === 'running' ) ) {
				harness.peer.commands = [ { kind: 'cancel_job', kid: null, nonce: null, job_uid: REDIRECTS.job_uid } ];
			}
			return harness.peer.jobs.length === 0;
		} );
		assert.deepEqual( [ harness.peer.job_rows.at( -1 )?.state, was_stopped ], [ 'cancelled', true ] );
	} );

	test( 'begins again after a restart', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		harness.rooms = { ...makeRooms(), whereSitesLead: ( _hosts, { signal } ) => aborted( signal ) };
		harness.peer.jobs = [ REDIRECTS ];
		await harness.runUntil( () => harness.peer.job_rows.length > 0 );
		harness.rooms = { ...makeRooms(), whereSitesLead: async () => FOUND };
		await harness.runUntil( () => harness.peer.jobs.length === 0 );
		assert.equal( harness.peer.job_rows.at( -1 )?.state, 'done' );
	} );

	test( 'fails when it breaks, and the loop goes on', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		harness.rooms = { ...makeRooms(), whereSitesLead: () => Promise.reject( new TypeError( 'broken' ) ) };
		harness.peer.jobs = [ REDIRECTS ];
		await harness.runUntil( () => harness.peer.jobs.length === 0 );
		assert.equal( harness.peer.job_rows.at( -1 )?.error_code, 'internal' );
	} );
} );

describe( 'a job that calls a webhook', () => {
	test( 'sends the call as WordPress signed it and ends when it is taken', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		const sent: Parameters< Rooms[ 'post' ] >[ 0 ][] = [];
		harness.rooms = { ...makeRooms(), post: async ( request ) => ( sent.push( request ), 204 ) };
		harness.peer.jobs = [ WEBHOOK ];
		await harness.runUntil( () => harness.peer.jobs.length === 0 );
		assert.equal( harness.peer.job_rows.at( -1 )?.state, 'done' );
		assert.deepEqual(
			sent.map( ( { url, body, headers } ) => ( { url, body, headers } ) ),
			[
				{
					url: CALL.url,
					body: CALL.body,
					headers: {
						'content-type': 'application/json',
						'user-agent': `Rollcall/0.1.0 (+${ harness.peer.url })`,
						'webhook-id': 'msg_1',
						'webhook-timestamp': '1700000000',
						'webhook-signature': 'v1,abc=',
					},
				},
			]
		);
	} );

	test( 'tries again, with the newest signature, until it is taken', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		const answers: ( number | Error )[] = [ 503, new Error( 'connect ECONNREFUSED' ), 301, 200 ];
		const signatures: ( string | undefined )[] = [];
		harness.rooms = {
			...makeRooms(),
			post: async ( { headers } ) => {
				signatures.push( headers[ 'webhook-signature' ] );
				harness.peer.jobs = [ { ...WEBHOOK, webhook: { ...CALL, webhook_signature: 'v1,def=' } } ];
				const answer = answers.shift() ?? 500;
				if ( typeof answer !== 'number' ) {
					throw answer;
				}
				return answer;
			},
		};
		harness.peer.jobs = [ WEBHOOK ];
		await harness.runUntil( () => harness.peer.jobs.length === 0 );
		assert.equal( harness.peer.job_rows.at( -1 )?.state, 'done' );
		assert.equal( signatures.length, 4 );
		assert.equal( signatures.at( -1 ), 'v1,def=' );
	} );

	const ends: [ string, () => Promise< number >, string, RegExp ][] = [
		[
			'a refusal that stays',
			async () => 503,
			'webhook_failed',
			/^POST https:\/\/hooks\.example answered 503\. It was tried \d+ times\.$/,
		],
		[ 'a redirect', async () => 308, 'webhook_failed', /answered 308\. It was tried \d+ times\.$/ ],
		[ '410', async () => 410, 'webhook_failed', /^POST https:\/\/hooks\.example answered 410\. It was tried once\.$/ ],
		[
			'a broken connection',
			() => Promise.reject( new Error( 'ECONNRESET' ) ),
			'webhook_failed',
			/failed: ECONNRESET It was tried \d+ times\.$/,
		],
		[
			'an address inside',
			() => Promise.reject( new RollcallError( 'target_refused', 'Not public.' ) ),
			'target_refused',
			/^Not public\.$/,
		],
	];
	for ( const [ name, post, error_code, message ] of ends ) {
		test( `fails with ${ error_code } within an hour: ${ name }`, async ( context ) => {
			const harness = await newHarness( context );
			withActiveList( harness );
			harness.rooms = { ...makeRooms(), post };
			harness.peer.jobs = [ WEBHOOK ];
			const began_ms = Date.now() + harness.clock.ahead_ms;
			await harness.runUntil( () => harness.peer.jobs.length === 0 );
			const row = harness.peer.job_rows.at( -1 );
			assert.deepEqual( [ row?.state, row?.error_code ], [ 'failed', error_code ] );
			assert.match( row?.error_message ?? '', message );
			assert.ok( ! ( row?.error_message ?? '' ).includes( 'secret-path' ) );
			assert.ok( Date.now() + harness.clock.ahead_ms - began_ms < 2 * 3_600_000 );
		} );
	}

	test( 'has no new hour after a restart', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		harness.rooms = { ...makeRooms(), post: async () => 503 };
		harness.state.setNote( `webhook/${ WEBHOOK.job_uid }`, Date.now() - 59.99 * 60_000 );
		harness.peer.jobs = [ WEBHOOK ];
		await harness.runUntil( () => harness.peer.jobs.length === 0 );
		assert.match( harness.peer.job_rows.at( -1 )?.error_message ?? '', /It was tried once\.$/ );
	} );

	test( 'stops when WordPress no longer has it open', async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		let was_stopped = false;
		harness.rooms = { ...makeRooms(), post: ( { signal } ) => aborted( signal, () => ( was_stopped = true ) ) };
		harness.peer.jobs = [ WEBHOOK ];
		await harness.runUntil( () => {
			if ( harness.peer.job_rows.length > 0 ) {
				harness.peer.jobs = [];
			}
			return was_stopped;
		} );
	} );
} );

/** Rejects when the signal is aborted, and never before. */
function aborted( signal: AbortSignal, then: () => void = () => undefined ): Promise< never > {
	return new Promise( ( _resolve, reject ) => {
		signal.addEventListener( 'abort', () => {
			then();
			reject( new RollcallError( 'cancelled', 'stopped' ) );
		} );
	} );
}
