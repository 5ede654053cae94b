import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch } from '../../../companion/src/contract/exchange.ts';
import { halvesOf, noRows, portionsOf, withoutFreeText } from '../../../companion/src/exchange/rows.ts';
import {
	SHA,
	assertEachLabelledOnce,
	withActiveList,
	makeCompany,
	makeContent,
	makeDomains,
	makeRooms,
	newHarness,
	verdictOf,
	type Harness,
} from './loop-harness.ts';
import type { Fault, SeenCall } from './wordpress-peer.ts';

const batchOf = ( call: SeenCall ): Batch | null => call.exchange?.batch ?? null;

/** A firewall that refuses any batch in which `is_bad` finds something. */
function firewall( harness: Harness, fault: Fault, is_bad: ( batch: Batch ) => boolean ): void {
	harness.peer.fault = ( call ) => {
		const batch = batchOf( call );
		return batch !== null && is_bad( batch ) ? fault : null;
	};
}

const refusals: { [ name: string ]: Fault } = {
	'status 403': { kind: 'answer', status: 403, body: 'Forbidden' },
	'status 406': { kind: 'answer', status: 406, body: 'Not Acceptable' },
	'status 413': { kind: 'answer', status: 413, body: 'Too large' },
	'status 501': { kind: 'answer', status: 501, body: 'ModSecurity' },
	'a reset': { kind: 'reset' },
};

for ( const [ name, fault ] of Object.entries( refusals ) ) {
	test( `${ name } on one row: the others arrive, the row is given up and counted once`, async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		harness.peer.domains = makeDomains( 40 );
		firewall( harness, fault, ( batch ) => batch.labels.some( ( row ) => row.domain_id === 17 ) );
		await harness.runUntil( () => harness.peer.labels.size === 39 && harness.state.counters().dead_letters === 1 );
		assert.ok( ! harness.peer.labels.has( 17 ) );
		assert.deepEqual( new Set( harness.peer.label_writes.values() ), new Set( [ 1 ] ) );
		await harness.runUntil( () => harness.waits.length > 3 );
		assert.equal( harness.state.counters().dead_letters, 1, 'it is not tried again at once' );
		assert.ok(
			harness.waits.every( ( wait ) => wait >= 4500 ),
			'and there is no hot loop'
		);
	} );
}

test( 'WordPress hears of a row that was given up, and the next run tries it again', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 10 );
	firewall( harness, { kind: 'answer', status: 403, body: 'Forbidden' }, ( batch ) =>
		batch.labels.some( ( row ) => row.domain_id === 7 )
	);
	await harness.runUntil(
		() => harness.peer.labels.size === 9 && harness.peer.given_up.size === 1 && harness.waits.some( ( wait ) => wait > 0 )
	);
	assert.deepEqual( [ ...harness.peer.given_up ], [ [ 7, 1 ] ] );
	assert.deepEqual( harness.state.notes( 'dead/' ), [], 'it is told once' );
	harness.peer.fault = () => null;
	harness.peer.given_up.clear();
	await harness.runUntil( () => harness.peer.labels.has( 7 ) );
	assertEachLabelledOnce( harness, 10 );
} );

test( 'more rows than a call may name are told in several', async ( context ) => {
	const harness = await newHarness( context );
	for ( let domain_id = 1; domain_id <= 1201; domain_id++ ) {
		harness.state.setNote( `dead/${ domain_id }`, 1 );
	}
	await harness.runUntil( () => harness.peer.given_up.size === 1201 );
	assert.deepEqual(
		harness.peer.calls.slice( 0, 3 ).map( ( call ) => call.exchange?.acks.given_up.length ),
		[ 500, 500, 201 ]
	);
} );

test( 'a row that is refused for its text arrives without it', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 10 );
	harness.rooms = {
		...makeRooms(),
		label: async ( { hosts } ) =>
			hosts.map( ( host, index ) => ( { ...verdictOf( host ), evidence: index === 4 ? '<script>alert(1)</script>' : 'fine' } ) ),
	};
	firewall( harness, { kind: 'answer', status: 403, body: '' }, ( batch ) => JSON.stringify( batch ).includes( '<script>' ) );
	await harness.runUntil( () => harness.peer.labels.size === 10 );
	assert.equal( harness.peer.labels.get( 5 )?.verdict.evidence, '' );
	assert.equal( harness.peer.labels.get( 6 )?.verdict.evidence, 'fine' );
	assert.equal( harness.state.counters().dead_letters, undefined );
} );

test( 'a refusal that came once is only chance: the batch is sent again whole', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 10 );
	let refused = 0;
	harness.peer.fault = ( call ) =>
		batchOf( call )?.labels.length && refused++ === 0 ? { kind: 'answer', status: 403, body: '' } : null;
	await harness.runUntil( () => harness.peer.labels.size === 10 );
	assert.equal( refused, 2, 'the same batch, a second time' );
	assert.ok( ! harness.log.some( ( line ) => line.event === 'batch_halved' ) );
} );

test( 'when the site refuses empty calls too, nothing is split or given up', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 10 );
	let is_closed = false;
	harness.peer.fault = ( call ) => {
		is_closed ||= ( batchOf( call )?.labels.length ?? 0 ) > 0;
		return is_closed ? { kind: 'answer', status: 403, body: '' } : null;
	};
	await harness.runUntil( () => harness.waits.filter( ( wait ) => wait >= 900_000 ).length >= 2 );
	assert.equal( harness.batches.count(), 1 );
	assert.equal( harness.batches.head()?.batch.labels.length, 10 );
} );

test( 'a row that WordPress itself calls invalid does not hold up the others', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 20 );
	const payload = { error_code: 'bad_request', error_message: 'labels[3] is wrong', contract_version: 1 };
	harness.peer.refusal = ( { exchange } ) =>
		exchange?.batch?.labels.some( ( row ) => row.domain_id === 4 ) ? { status: 400, payload } : null;
	await harness.runUntil( () => harness.peer.labels.size === 19 && harness.state.counters().dead_letters === 1 );
} );

test( 'a list page that is too large for the site is cut smaller, and all of it arrives', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.addList();
	harness.rooms = makeRooms( [ makeContent( SHA, 3, 40 ) ] );
	firewall( harness, { kind: 'answer', status: 413, body: '' }, ( batch ) =>
		batch.list_pages.some( ( page ) => page.companies.length > 12 )
	);
	await harness.runUntil( () => harness.peer.lists[ 0 ]?.active_sha256 === SHA );
	const ids = harness.peer.pages.flatMap( ( page ) => page.companies.map( ( company ) => company.source_id ) );
	assert.equal( ids.length, 120 );
	assert.equal( new Set( ids ).size, 120 );
	assert.equal( harness.peer.pages.flatMap( ( page ) => page.domains ).length, 120 );
	assert.equal( harness.peer.pages.at( -1 )?.page_count, 12 );
} );

test( 'a list page that a firewall takes for an attack arrives without what people wrote', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.addList();
	const content = makeContent( SHA, 1, 3 );
	const [ page ] = content.pages();
	page?.companies.splice( 0, 1, makeCompany( '1', { one_liner: 'SELECT * FROM users; DROP TABLE users; --' } ) );
	harness.rooms = makeRooms( [ content ] );
	firewall( harness, { kind: 'answer', status: 406, body: '' }, ( batch ) => JSON.stringify( batch ).includes( 'DROP TABLE' ) );
	await harness.runUntil( () => harness.peer.lists[ 0 ]?.active_sha256 === SHA );
	assert.equal( harness.peer.pages[ 0 ]?.companies[ 0 ]?.one_liner, '' );
	assert.equal( harness.peer.pages[ 0 ]?.companies[ 0 ]?.name, 'Company 1' );
} );

test( 'a list page that no way leads in is left alone for a while, and labels go on', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.rooms = makeRooms( [ makeContent( SHA ), makeContent( 'b'.repeat( 64 ), 1, 1 ) ] );
	harness.peer.domains = makeDomains( 10 );
	firewall( harness, { kind: 'answer', status: 403, body: '' }, ( batch ) => batch.list_pages.length > 0 );
	await harness.runUntil( () => harness.peer.labels.size === 10 && harness.state.counters().dead_letters === 1 );
	const job = {
		job_uid: '7'.repeat( 32 ),
		kind: 'list_update' as const,
		list_uid: 'yc',
		host: null,
		hosts: [],
		webhook: null,
		monitor_uids: [],
	};
	harness.peer.jobs = [ job ];
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	assert.equal( harness.peer.job_rows.at( -1 )?.error_code, 'rest_blocked' );
} );

const rows = ( count: number ) => ( {
	...noRows(),
	labels: makeDomains( count ).map( ( { domain_id, host } ) => ( { domain_id, data_version: 1, verdict: verdictOf( host ) } ) ),
} );

test( 'halves hold every row once, in order, whatever the kinds', () => {
	const mixed = {
		...rows( 3 ),
		list_statuses: [ { list_uid: 'yc', checked_at_ms: 1, error_code: null, error_message: 'x', rejected_count: 0, rejections: [] } ],
		list_pages: makeContent( SHA ).pages(),
	};
	const [ first, second ] = halvesOf( mixed ) ?? [ noRows(), noRows() ];
	assert.deepEqual( [ ...first.labels, ...second.labels ], mixed.labels );
	assert.deepEqual( [ ...first.list_pages, ...second.list_pages ], mixed.list_pages );
	assert.deepEqual( [ ...first.list_statuses, ...second.list_statuses ], mixed.list_statuses );
	assert.equal( halvesOf( rows( 1 ) ), null );
	assert.equal( halvesOf( noRows() ), null );
} );

test( 'portions stay below their size, hold one list page at most, and keep the order', () => {
	const portions = portionsOf( { ...rows( 100 ), list_pages: makeContent( SHA ).pages() }, 4000 );
	for ( const portion of portions ) {
		assert.ok( portion.list_pages.length <= 1 );
		assert.ok( JSON.stringify( portion ).length < 4200 );
	}
	assert.deepEqual(
		portions.flatMap( ( portion ) => portion.labels ),
		rows( 100 ).labels
	);
	assert.deepEqual( portionsOf( noRows() ), [] );
	assert.equal( portionsOf( rows( 1 ), 10 ).length, 1, 'a row that is too large alone is still sent' );
} );

test( 'rows without free text keep everything that decides', () => {
	const stripped = withoutFreeText( rows( 2 ) );
	assert.deepEqual(
		stripped.labels.map( ( row ) => ( { ...row, verdict: { ...row.verdict, evidence: '' } } ) ),
		stripped.labels
	);
	assert.equal( stripped.labels[ 0 ]?.verdict.label, 'unmatched' );
	const left_out = { rejected_count: 3, rejections: [ { row: 7, reason: 'bad_char', text: '<script>' } ] };
	const status = { list_uid: 'yc', checked_at_ms: 1, error_code: 'list_shrunk', error_message: '<b>', ...left_out };
	assert.deepEqual( withoutFreeText( { ...noRows(), list_statuses: [ status ] } ).list_statuses, [
		{ ...status, error_message: null, rejections: [ { row: 7, reason: 'bad_char', text: '' } ] },
	] );
} );
