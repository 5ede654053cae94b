import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allLabelled, assertEachLabelledOnce, hasLabels, makeDomains, newHarness, withActiveList } from './loop-harness.ts';
import type { Fault, SeenCall } from './wordpress-peer.ts';

test( 'an answer that got lost after WordPress stored the batch is asked for again, and nothing is doubled', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 10 );
	let lost = 0;
	harness.peer.fault = ( call ) => ( hasLabels( call ) && lost++ < 1 ? { kind: 'drop' } : null );
	await harness.runUntil( () => lost > 1 && harness.batches.count() === 0 );
	assertEachLabelledOnce( harness, 10 );
	assert.equal( harness.peer.duplicate_batches, 1 );
} );

const noAnswers: { [ name: string ]: ( call: SeenCall ) => Fault } = {
	'a web page with status 200': () => ( { kind: 'answer', status: 200, body: '<html>Maintenance</html>' } ),
	'an empty answer with status 200': () => ( { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' } } ),
	'JSON that nobody signed': () => ( {
		kind: 'answer',
		status: 200,
		headers: { 'content-type': 'application/json' },
		body: '{"payload":"{}","sig":"v1=00"}',
	} ),
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
			is_broken ||= hasLabels( call );
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
		if ( ! hasLabels( call ) || ( length > 0 && at >= length ) ) {
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
	harness.peer.fault = ( call ) => ( hasLabels( call ) && slow++ < 2 ? { kind: 'slow', bytes_a_second: 30 } : null );
	await harness.runUntil( () => slow > 2 && harness.batches.count() === 0, { deadline_ms: 150 } );
	const ids = harness.peer.calls.flatMap( ( call ) => ( call.exchange?.batch?.labels.length ? call.exchange.batch.id : [] ) );
	assert.equal( new Set( ids ).size, 1 );
	assertEachLabelledOnce( harness, 5 );
} );

test( 'a batch id that WordPress knows with other rows gets a new id', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 4 );
	let spoiled = false;
	harness.peer.fault = ( call ) => {
		const batch = call.exchange?.batch ?? null;
		if ( batch !== null && batch.labels.length > 0 && ! spoiled ) {
			spoiled = true;
			harness.peer.batches.set( batch.id, { digest: 'f'.repeat( 64 ), accepted: { batch_id: batch.id, stored: 0, refused: [] } } );
		}
		return null;
	};
	await harness.runUntil( () => harness.peer.labels.size === 4 && harness.batches.count() === 0 );
	assertEachLabelledOnce( harness, 4 );
} );

test( 'a store that is damaged while running is put aside, and nothing is lost', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 10 );
	let is_damaged = false;
	harness.peer.fault = ( call ) => {
		if ( hasLabels( call ) && ! is_damaged ) {
			is_damaged = true;
			harness.database.run( 'UPDATE spool SET body = \'{"labels":7}\'' );
			return { kind: 'reset' };
		}
		return null;
	};
	await harness.runUntil( allLabelled( harness ) );
	assert.ok( harness.log.some( ( line ) => line.event === 'store_damaged' ) );
	assertEachLabelledOnce( harness, 10 );
} );

test( 'a full disk stops nothing for good: it goes on when there is room, and nothing is lost', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 3000 );
	const pages = Number( harness.database.all( 'PRAGMA page_count' )[ 0 ]?.page_count );
	harness.database.all( `PRAGMA max_page_count = ${ pages + 4 }` );
	await harness.runUntil( () => harness.log.filter( ( line ) => line.event === 'exchange_failed' ).length >= 3 );
	assert.match( String( harness.log.find( ( line ) => line.event === 'exchange_failed' )?.fields.message ), /full/ );
	assert.ok(
		harness.waits.every( ( wait ) => wait >= 4500 ),
		'and there is no hot loop'
	);
	assert.equal( harness.peer.labels.size, 0 );
	harness.database.all( 'PRAGMA max_page_count = 1000000' );
	await harness.runUntil( allLabelled( harness ) );
	assertEachLabelledOnce( harness, 3000 );
} );
