import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RollcallError } from '../../../companion/src/errors.ts';
import {
	SHA,
	allLabelled,
	assertEachLabelledOnce,
	makeContent,
	makeDomains,
	makeRooms,
	newHarness,
	verdictOf,
	withActiveList,
} from './loop-harness.ts';

test( 'a list is staged page by page and then every domain is labelled, each once', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.addList();
	harness.peer.domains = makeDomains( 5000 );
	await harness.runUntil( allLabelled( harness ) );
	assert.deepEqual(
		harness.peer.pages.map( ( page ) => page.page ),
		[ 1, 2 ]
	);
	assert.equal( harness.peer.lists[ 0 ]?.active_sha256, SHA );
	assertEachLabelledOnce( harness, 5000 );
	assert.equal( harness.peer.labels.get( 7 )?.verdict.ascii_host, 'host-7.example' );
} );

test( 'every body stays below 1 MiB, whatever the verdicts weigh', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 4000 );
	harness.peer.page_size = 4000;
	harness.rooms = {
		...makeRooms(),
		label: async ( { hosts } ) => hosts.map( ( host ) => ( { ...verdictOf( host ), evidence: 'é'.repeat( 500 ) } ) ),
	};
	await harness.runUntil( allLabelled( harness ) );
	assert.ok( Math.max( ...harness.peer.calls.map( ( call ) => Buffer.byteLength( call.body ) ) ) < 1_048_576 );
	assertEachLabelledOnce( harness, 4000 );
} );

test( 'nothing but the domains goes around: no call names anything else of a user', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 3 );
	await harness.runUntil( allLabelled( harness ) );
	for ( const call of harness.peer.calls ) {
		assert.ok( ! call.body.includes( '@' ) );
	}
} );

test( 'an idle companion calls every minute, with ten per cent more or less', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	const draws = [ 0, 0.999, 0.5 ];
	await harness.runUntil( () => harness.waits.length > 6, { random: () => draws[ harness.waits.length % 3 ] ?? 0 } );
	const idle = harness.waits.slice( 3 );
	assert.ok(
		idle.every( ( wait ) => wait >= 54_000 && wait <= 66_000 ),
		String( idle )
	);
	assert.ok( new Set( idle ).size > 1 );
} );

test( 'a wake ends the wait at once', async ( context ) => {
	const harness = await newHarness( context );
	const { ExchangeLoop } = await import( '../../../companion/src/exchange/exchange.ts' );
	const { realNetwork, systemClock } = await import( '../../../companion/src/exchange/network.ts' );
	const network = realNetwork();
	const stop = new AbortController();
	const loop = new ExchangeLoop( {
		...harness,
		site_id: harness.peer.site_id,
		network,
		clock: systemClock,
		log: () => {},
		random: () => 0.5,
		companion_version: '0.1.0',
		companion_url: null,
		signal: stop.signal,
	} );
	const ended = loop.run();
	const seen = async ( calls: number ) => {
		while ( harness.peer.calls.length < calls ) {
			await new Promise( ( resolve ) => setTimeout( resolve, 2 ) );
		}
	};
	await seen( 1 );
	await new Promise( ( resolve ) => setTimeout( resolve, 100 ) );
	assert.equal( harness.peer.calls.length, 1 );
	loop.wake();
	await seen( 2 );
	const stopped_at_ms = Date.now();
	stop.abort();
	await ended;
	assert.ok( Date.now() - stopped_at_ms < 1000, 'it stops from within a wait of a minute' );
	await network.close();
} );

test( 'a restored backup drops the cursors, and the domains are labelled again', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 6 );
	harness.peer.generation.counter = 100;
	await harness.runUntil( allLabelled( harness ) );
	for ( const generation of [
		{ id: harness.peer.generation.id, counter: 3 },
		{ id: 'e'.repeat( 32 ), counter: 500 },
	] ) {
		harness.peer.labels.clear();
		harness.peer.generation = generation;
		await harness.runUntil( allLabelled( harness ) );
		assert.equal( harness.peer.labels.size, 6 );
	}
	assert.equal( harness.log.filter( ( line ) => line.event === 'store_restored' ).length, 2 );
} );

test( 'a new version of the lists makes every domain stale, also those before the cursor', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 30 );
	harness.peer.page_size = 10;
	await harness.runUntil( () => harness.peer.labels.size === 20 );
	harness.peer.data_version++;
	await harness.runUntil( allLabelled( harness ) );
	assert.equal( harness.peer.labels.size, 30 );
} );

test( 'domains wait until the version in use is at hand', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.addList( { active_version: 3, active_sha256: 'b'.repeat( 64 ) } );
	harness.peer.domains = makeDomains( 5 );
	await harness.runUntil( allLabelled( harness ) );
	assert.equal( harness.peer.lists[ 0 ]?.active_sha256, SHA, 'its own content was staged first' );
	assertEachLabelledOnce( harness, 5 );
} );

test( 'a job to update a list ends as done when its content is in use, with progress on the way', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.addList();
	harness.rooms = makeRooms( [ makeContent( SHA, 5 ) ] );
	harness.peer.jobs = [
		{ job_uid: '1'.repeat( 32 ), kind: 'list_update', list_uid: 'yc', host: null, hosts: [], webhook: null, monitor_uids: [] },
	];
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	const rows = harness.peer.job_rows;
	assert.equal( rows.at( -1 )?.state, 'done' );
	assert.ok( rows.some( ( row ) => row.state === 'running' && row.total === 5 && row.done > 0 ) );
	assert.equal( harness.peer.statuses.at( -1 )?.error_code, null );
} );

test( 'a job whose list cannot be fetched fails with the reason', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.rooms = {
		...makeRooms(),
		updateList: async ( list ) => ( {
			content: null,
			status: {
				list_uid: list.list_uid,
				checked_at_ms: 1,
				error_code: 'list_unreachable',
				error_message: 'GET https://list.example answered 503.',
				rejected_count: 0,
				rejections: [],
			},
		} ),
	};
	harness.peer.jobs = [
		{ job_uid: '2'.repeat( 32 ), kind: 'list_update', list_uid: 'yc', host: null, hosts: [], webhook: null, monitor_uids: [] },
	];
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	const { state, error_code, error_message } = harness.peer.job_rows.at( -1 ) ?? {};
	assert.deepEqual(
		{ state, error_code, error_message },
		{ state: 'failed', error_code: 'list_unreachable', error_message: 'GET https://list.example answered 503.' }
	);
} );

test( 'a list that throws is told as failed and does not end the loop', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.rooms = { ...makeRooms(), updateList: () => Promise.reject( new RollcallError( 'state_folder', 'The folder is full.' ) ) };
	await harness.runUntil( () => harness.peer.statuses.length > 0 );
	assert.equal( harness.peer.statuses[ 0 ]?.error_code, 'state_folder' );
} );

test( 'a cancelled update is stopped and told as cancelled', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	const job_uid = '3'.repeat( 32 );
	let was_stopped = false;
	harness.rooms = {
		...makeRooms(),
		updateList: ( _list, signal ) =>
			new Promise( ( _resolve, reject ) => {
				signal.addEventListener( 'abort', () => {
					was_stopped = true;
					reject( new RollcallError( 'cancelled', 'stopped' ) );
				} );
			} ),
	};
	harness.peer.jobs = [ { job_uid, kind: 'list_update', list_uid: 'yc', host: null, hosts: [], webhook: null, monitor_uids: [] } ];
	await harness.runUntil( () => harness.peer.job_rows.some( ( row ) => row.state === 'running' ) );
	was_stopped = false;
	harness.peer.fault = () => {
		harness.peer.commands = [ { kind: 'cancel_job', kid: null, nonce: null, job_uid } ];
		return null;
	};
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	assert.equal( harness.peer.job_rows.at( -1 )?.state, 'cancelled' );
	assert.equal( was_stopped, true );
} );

test( 'a question about one host is answered with its verdict', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.jobs = [
		{ job_uid: '4'.repeat( 32 ), kind: 'explain', list_uid: null, host: 'acme.example', hosts: [], webhook: null, monitor_uids: [] },
	];
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	assert.deepEqual( harness.peer.job_rows.at( -1 )?.verdict, verdictOf( 'acme.example' ) );
} );

test( 'a job of a kind or list that it does not know fails instead of staying open', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.jobs = [
		{ job_uid: '5'.repeat( 32 ), kind: 'list_update', list_uid: 'other', host: null, hosts: [], webhook: null, monitor_uids: [] },
	];
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	assert.equal( harness.peer.job_rows.at( -1 )?.error_code, 'bad_request' );
} );

test( 'forget_cursors begins the labelling anew', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.state.setCursor( { data_version: 1, after: 500 } );
	harness.peer.commands = [ { kind: 'forget_cursors', kid: null, nonce: null, job_uid: null } ];
	await harness.runUntil( () => harness.log.some( ( line ) => line.event === 'cursors_forgotten' ) );
	assert.equal( harness.state.cursor().after, 0 );
} );

test( 'no log line holds a key, a nonce, a body or a host of a user', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 5 );
	await harness.runUntil( allLabelled( harness ) );
	harness.peer.keys.clear();
	await harness.runUntil( () => harness.log.some( ( line ) => line.event === 'exchange_waits' ) );
	const site = harness.keyring.sites()[ 0 ];
	const text = JSON.stringify( harness.log );
	for ( const secret of [ site?.keys.c2w, site?.keys.w2c, 'host-1.example', 'Basic ' ] ) {
		assert.ok( secret !== undefined && ! text.includes( secret ) );
	}
} );
