import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RollcallError } from '../../../companion/src/errors.ts';
import { makeContent, makeDomains, makeRooms, newHarness, verdictOf, type Harness } from './loop-harness.ts';
import type { Fault, SeenCall } from './wordpress-peer.ts';

const SHA = 'a'.repeat( 64 );

/** Every domain labelled, each exactly once. */
function assertEachLabelledOnce( { peer }: Harness, count: number ): void {
	assert.equal( peer.labels.size, count );
	assert.deepEqual( new Set( peer.label_writes.values() ), new Set( [ 1 ] ) );
}

const allLabelled = ( { peer }: Harness ) => () => peer.domains.every( ( { domain_id } ) => peer.labels.get( domain_id )?.data_version === peer.data_version );
const withActiveList = ( harness: Harness ) => harness.peer.addList( { active_version: 1, active_sha256: SHA } );

test( 'a list is staged page by page and then every domain is labelled, each once', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.addList();
	harness.peer.domains = makeDomains( 5000 );
	await harness.runUntil( allLabelled( harness ) );
	assert.deepEqual( harness.peer.pages.map( ( page ) => page.page ), [ 1, 2 ] );
	assert.equal( harness.peer.lists[ 0 ]?.active_sha256, SHA );
	assertEachLabelledOnce( harness, 5000 );
	assert.equal( harness.peer.labels.get( 7 )?.verdict.ascii_host, 'host-7.example' );
} );

test( 'every body stays below 1 MiB, whatever the verdicts weigh', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 4000 );
	harness.peer.page_size = 4000;
	harness.rooms = { ...makeRooms(), label: async ( { hosts } ) => hosts.map( ( host ) => ( { ...verdictOf( host ), evidence: 'é'.repeat( 500 ) } ) ) };
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
	assert.ok( idle.every( ( wait ) => wait >= 54_000 && wait <= 66_000 ), String( idle ) );
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

test( 'after goodbye it asks again in fifteen minutes', async ( context ) => {
	const harness = await newHarness( context );
	const { ExchangeLoop } = await import( '../../../companion/src/exchange/exchange.ts' );
	const stop = new AbortController();
	const waits: number[] = [];
	const loop = new ExchangeLoop( {
		...harness,
		site_id: harness.peer.site_id,
		network: async () => {
			throw new Error( 'not reached' );
		},
		clock: {
			now: () => 0,
			async sleep( ms ) {
				waits.push( ms );
				stop.abort();
			},
		},
		log: () => {},
		random: () => 0.5,
		companion_version: '0.1.0',
		companion_url: null,
		signal: stop.signal,
	} );
	loop.silence();
	stop.signal.throwIfAborted();
	await loop.run();
	assert.deepEqual( waits.slice( -1 ), [ 900_000 ] );
} );

test( 'an answer that got lost after WordPress stored the batch is asked for again, and nothing is doubled', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 10 );
	let lost = 0;
	harness.peer.fault = ( call ) => ( call.exchange?.batch != null && call.exchange.batch.labels.length > 0 && lost++ < 1 ? { kind: 'drop' } : null );
	await harness.runUntil( () => lost > 1 && harness.batches.count() === 0 );
	assertEachLabelledOnce( harness, 10 );
	assert.equal( harness.peer.duplicate_batches, 1 );
} );

const noAnswers: { [ name: string ]: ( call: SeenCall ) => Fault } = {
	'a web page with status 200': () => ( { kind: 'answer', status: 200, body: '<html>Maintenance</html>' } ),
	'an empty answer with status 200': () => ( { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' } } ),
	'JSON that nobody signed': () => ( { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"payload":"{}","sig":"v1=00"}' } ),
	'a redirect to the login page': () => ( { kind: 'answer', status: 302, headers: { location: '/wp-login.php' } } ),
	'a PHP warning before the JSON': () => ( { kind: 'mangle', change: ( body ) => `<b>Warning</b>: x in y\n${ body }` } ),
	'an answer with one changed digit': () => ( { kind: 'mangle', change: ( body ) => body.replace( /"stored\\":\d/, '"stored\\":9' ) } ),
	'an answer served as text/html': () => ( { kind: 'answer', status: 200, body: '{"payload":"{}","sig":"v1=00"}' } ),
	'an error page with status 500': () => ( { kind: 'answer', status: 500, body: 'Error establishing a database connection' } ),
};
for ( const [ name, fault ] of Object.entries( noAnswers ) ) {
	test( `${ name } does not count as an acknowledgement: the rows are kept and sent later`, async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		harness.peer.domains = makeDomains( 10 );
		let is_broken = false;
		harness.peer.fault = ( call ) => {
			is_broken ||= call.exchange?.batch != null && call.exchange.batch.labels.length > 0;
			return is_broken ? fault( call ) : null;
		};
		await harness.runUntil( () => harness.log.filter( ( line ) => line.event === 'exchange_waits' ).length >= 2 );
		assert.equal( harness.batches.head()?.batch.labels.length, 10 );
		const id = harness.batches.head()?.batch.id;
		harness.peer.fault = () => null;
		await harness.runUntil( () => harness.peer.labels.size === 10 && harness.batches.count() === 0 );
		assert.ok( id !== undefined && harness.peer.batches.has( id ), 'the same batch id' );
		assertEachLabelledOnce( harness, 10 );
	} );
}

test( 'an acknowledgement that is cut at any byte is none', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 1 );
	let length = 0;
	let at = 0;
	harness.peer.fault = ( call ) => {
		if ( call.exchange?.batch == null || call.exchange.batch.labels.length === 0 || ( length > 0 && at >= length ) ) {
			return null;
		}
		const cut = at;
		at += 37;
		return {
			kind: 'mangle',
			change( body ) {
				length = body.length;
				return body.slice( 0, cut );
			},
		};
	};
	await harness.runUntil( () => harness.batches.count() === 0 && harness.peer.labels.size === 1 && at >= length, { deadline_ms: 3000 } );
	assert.ok( at / 37 > 10 );
	assertEachLabelledOnce( harness, 1 );
	assert.equal( harness.state.counters().dead_letters, undefined );
} );

test( 'waits as long as Retry-After says, up to an hour, and calls at most once in five seconds', async ( context ) => {
	const cases: [ { [ name: string ]: string }, number ][] = [
		[ { 'retry-after': '30' }, 30_000 ],
		[ { 'retry-after': '1' }, 5000 ],
		[ { 'retry-after': '86400' }, 3_600_000 ],
		[ { 'retry-after': 'Mon, 23 Nov 2026 12:02:00 GMT', date: 'Mon, 23 Nov 2026 12:00:00 GMT' }, 120_000 ],
		[ { 'retry-after': 'soon' }, 5000 ],
		[ {}, 5000 ],
	];
	for ( const [ headers, expected_ms ] of cases ) {
		const harness = await newHarness( context );
		harness.peer.fault = () => ( { kind: 'answer', status: 503, headers, body: 'busy' } );
		await harness.runUntil( () => harness.waits.length === 3, { random: () => 0 } );
		assert.equal( harness.waits[ 0 ], expected_ms );
		assert.ok( harness.waits.every( ( wait ) => wait >= 5000 ) );
		assert.ok( harness.peer.calls.length <= 4 );
	}
} );

test( 'a slow answer ends at the deadline and the batch keeps its id', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 5 );
	let slow = 0;
	harness.peer.fault = ( call ) => ( call.exchange?.batch != null && call.exchange.batch.labels.length > 0 && slow++ < 2 ? { kind: 'slow', bytes_a_second: 30 } : null );
	await harness.runUntil( () => slow > 2 && harness.batches.count() === 0, { deadline_ms: 150 } );
	const ids = harness.peer.calls.flatMap( ( call ) => ( call.exchange?.batch?.labels.length ? call.exchange.batch.id : [] ) );
	assert.equal( new Set( ids ).size, 1 );
	assertEachLabelledOnce( harness, 5 );
} );

for ( const hours of [ 1, -1, 23 ] ) {
	test( `a companion whose clock is ${ hours } h off signs with WordPress's time`, async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		harness.peer.clock_ahead_ms = -hours * 3_600_000;
		harness.peer.domains = makeDomains( 10 );
		await harness.runUntil( allLabelled( harness ) );
		assertEachLabelledOnce( harness, 10 );
		const { offset_ms } = harness.state.clock();
		assert.ok( Math.abs( offset_ms + hours * 3_600_000 ) < 5000, String( offset_ms ) );
		assert.deepEqual( harness.log.find( ( line ) => line.event === 'clock_skew' )?.fields, { seconds: -hours * 3600 } );
	} );
}

test( 'the offset is measured again after an hour, and left out when the clock was set right', async ( context ) => {
	const harness = await newHarness( context );
	const { peer, clock, state } = harness;
	withActiveList( harness );
	const skews = () => harness.log.filter( ( line ) => line.event === 'clock_skew' ).length;
	peer.clock_ahead_ms = 3_600_000;
	await harness.runUntil( () => peer.calls.length >= 4 );
	assert.equal( skews(), 1 );
	clock.ahead_ms += 3_700_000;
	await harness.runUntil( () => skews() === 2 );
	assert.ok( state.clock().offset_ms > 3_590_000 );
	clock.ahead_ms += 3_700_000;
	peer.clock_ahead_ms = 0;
	const before = peer.calls.length;
	await harness.runUntil( () => peer.calls.length >= before + 2 );
	assert.equal( skews(), 2, 'signed with its own time, which is right now' );
} );

test( 'more than a day off it stops sending, keeps everything and says so', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.clock_ahead_ms = 25 * 3_600_000;
	await harness.runUntil( () => harness.waits.length >= 1, { random: () => 0 } );
	assert.equal( harness.waits[ 0 ], 900_000 );
	assert.equal( harness.state.clock().offset_ms, 0 );
	assert.equal( harness.log.find( ( line ) => line.event === 'exchange_waits' )?.fields.error_code, 'clock_skew' );
} );

test( 'a time that nobody signed moves nothing', async ( context ) => {
	const harness = await newHarness( context );
	const payload = JSON.stringify( { error_code: 'clock_skew', now_ms: Date.now() + 7_200_000 } );
	harness.peer.fault = () => ( {
		kind: 'answer',
		status: 401,
		headers: { 'content-type': 'application/json', date: new Date( Date.now() + 7_200_000 ).toUTCString() },
		body: JSON.stringify( { payload, sig: `v1=${ '0'.repeat( 64 ) }` } ),
	} );
	await harness.runUntil( () => harness.waits.length >= 2 );
	assert.deepEqual( harness.state.clock(), { offset_ms: 0, measured_at_ms: null } );
} );

test( 'falls back to another way when the present one is closed, and remembers it', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 3 );
	harness.peer.transports = new Set( [ 'admin_ajax' ] );
	await harness.runUntil( allLabelled( harness ) );
	assert.equal( harness.state.transport(), 'admin_ajax' );
	const before = harness.peer.calls.length;
	await harness.runUntil( () => harness.peer.calls.length >= before + 2 );
	assert.ok( harness.peer.calls.slice( before ).every( ( call ) => call.transport === 'admin_ajax' ) );
} );

test( 'when every way answers 404 it keeps its data and asks every fifteen minutes', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 3 );
	const open = harness.peer.transports;
	let is_off = false;
	harness.peer.fault = ( call ) => {
		is_off ||= call.exchange?.batch != null && call.exchange.batch.labels.length > 0;
		return is_off ? { kind: 'answer', status: 404, body: 'gone' } : null;
	};
	await harness.runUntil( () => harness.waits.filter( ( wait ) => wait === 900_000 ).length >= 2, { random: () => 0 } );
	assert.equal( harness.batches.head()?.batch.labels.length, 3 );
	assert.equal( harness.log.find( ( line ) => line.event === 'exchange_waits' )?.fields.error_code, 'rest_blocked' );
	assert.equal( harness.log.filter( ( line ) => line.event === 'exchange_waits' && line.level === 'warn' ).length, 1, 'told once' );
	harness.peer.fault = () => null;
	harness.peer.transports = open;
	await harness.runUntil( allLabelled( harness ) );
	assertEachLabelledOnce( harness, 3 );
} );

test( 'a revoked companion keeps its data and asks every fifteen minutes', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.keys.clear();
	await harness.runUntil( () => harness.waits.length >= 4, { random: () => 0 } );
	assert.deepEqual( harness.waits.slice( 0, 4 ), [ 5000, 10_000, 900_000, 900_000 ] );
	assert.equal( harness.log.find( ( line ) => line.event === 'exchange_waits' )?.fields.error_code, 'unauthorized' );
} );

test( 'a plugin that is too old is told and asked rarely; the previous one is served', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.contract_version = 0;
	harness.peer.domains = makeDomains( 2 );
	await harness.runUntil( allLabelled( harness ) );
	assertEachLabelledOnce( harness, 2 );
} );

test( 'a batch id that WordPress knows with other rows gets a new id', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 4 );
	let spoiled = false;
	harness.peer.fault = ( call ) => {
		const batch = call.exchange?.batch;
		if ( batch != null && batch.labels.length > 0 && ! spoiled ) {
			spoiled = true;
			harness.peer.batches.set( batch.id, { digest: 'f'.repeat( 64 ), accepted: { batch_id: batch.id, stored: 0, refused: [] } } );
		}
		return null;
	};
	await harness.runUntil( () => harness.peer.labels.size === 4 && harness.batches.count() === 0 );
	assertEachLabelledOnce( harness, 4 );
} );

test( 'a restored backup drops the cursors, and the domains are labelled again', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 6 );
	harness.peer.generation.counter = 100;
	await harness.runUntil( allLabelled( harness ) );
	for ( const generation of [ { id: harness.peer.generation.id, counter: 3 }, { id: 'e'.repeat( 32 ), counter: 500 } ] ) {
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

test( 'keys are changed at the request of WordPress, also when the answers get lost', async ( context ) => {
	for ( const lose of [ 'nothing', 'the answer that says so' ] ) {
		const harness = await newHarness( context );
		const { peer, keyring } = harness;
		withActiveList( harness );
		const old = keyring.sites()[ 0 ]?.kid ?? '';
		const kid = old.replace( /-1$/, '-2' );
		const nonce = '5'.repeat( 32 );
		const acks = new Set< string >();
		let is_over = false;
		peer.fault = ( call ) => {
			if ( call.exchange === null ) {
				return null;
			}
			if ( call.headers[ 'x-rollcall-key' ] === kid ) {
				peer.keys.delete( old );
				return null;
			}
			const { rotation } = call.exchange.acks;
			if ( rotation === null ) {
				peer.commands = [ { kind: 'rotate_keys', kid, nonce, job_uid: null } ];
				return null;
			}
			acks.add( rotation.nonce );
			peer.rotate( old, kid, nonce, rotation.nonce );
			peer.commands = [ { kind: 'keys_rotated', kid, nonce: null, job_uid: null } ];
			if ( lose === 'nothing' ) {
				return null;
			}
			is_over ||= acks.size > 0 && peer.calls.length > 6;
			if ( is_over ) {
				peer.keys.delete( old );
				return null;
			}
			return { kind: 'drop' };
		};
		await harness.runUntil( () => peer.calls.filter( ( call ) => call.headers[ 'x-rollcall-key' ] === kid ).length >= 2 );
		assert.equal( acks.size, 1, 'the same nonce each time' );
		assert.deepEqual( keyring.sites()[ 0 ]?.keys, peer.keys.get( kid ) );
		assert.equal( keyring.sites()[ 0 ]?.previous, null );
		assert.equal( keyring.byKid( old ), null );
	}
} );

test( 'a job to update a list ends as done when its content is in use, with progress on the way', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.addList();
	harness.rooms = makeRooms( [ makeContent( SHA, 5 ) ] );
	harness.peer.jobs = [ { job_uid: '1'.repeat( 32 ), kind: 'list_update', list_uid: 'yc', host: null } ];
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
			status: { list_uid: list.list_uid, checked_at_ms: 1, error_code: 'list_unreachable', error_message: 'GET https://list.example answered 503.' },
		} ),
	};
	harness.peer.jobs = [ { job_uid: '2'.repeat( 32 ), kind: 'list_update', list_uid: 'yc', host: null } ];
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	const { state, error_code, error_message } = harness.peer.job_rows.at( -1 ) ?? {};
	assert.deepEqual( { state, error_code, error_message }, { state: 'failed', error_code: 'list_unreachable', error_message: 'GET https://list.example answered 503.' } );
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
	harness.peer.jobs = [ { job_uid, kind: 'list_update', list_uid: 'yc', host: null } ];
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
	harness.peer.jobs = [ { job_uid: '4'.repeat( 32 ), kind: 'explain', list_uid: null, host: 'acme.example' } ];
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	assert.deepEqual( harness.peer.job_rows.at( -1 )?.verdict, verdictOf( 'acme.example' ) );
} );

test( 'a job of a kind or list that it does not know fails instead of staying open', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.jobs = [ { job_uid: '5'.repeat( 32 ), kind: 'list_update', list_uid: 'other', host: null } ];
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

test( 'a store that is damaged while running is put aside, and nothing is lost', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 10 );
	let is_damaged = false;
	harness.peer.fault = ( call ) => {
		if ( call.exchange?.batch != null && call.exchange.batch.labels.length > 0 && ! is_damaged ) {
			is_damaged = true;
			harness.database.run( "UPDATE spool SET body = '{\"labels\":7}'" );
			return { kind: 'reset' };
		}
		return null;
	};
	await harness.runUntil( allLabelled( harness ) );
	assert.ok( harness.log.some( ( line ) => line.event === 'store_damaged' ) );
	assertEachLabelledOnce( harness, 10 );
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
