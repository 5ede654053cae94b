import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeCheckMonitor } from '../../../companion/src/commands/check-monitor.ts';
import { makeQuery } from '../../../companion/src/probes/dns-query.ts';
import type { ProbeContext } from '../../../companion/src/probes/probe.ts';
import { makeResolver } from '../../../companion/src/probes/resolver.ts';
import { localServer } from '../guard/local-server.ts';
import { dnsStub, ipv4, mxData, nameData, type Answer, type DnsStub } from '../probes/dns-stub.ts';
import { makeContext } from '../probes/make-context.ts';
import { makeWork } from './make-work.ts';

/** A world whose name server is the stub. */
function asking( stub: DnsStub, more: Partial< ProbeContext > & { allow?: string } = {} ): { context: ProbeContext; close: () => void } {
	const { resolve, close } = makeResolver( { servers: [ `127.0.0.1:${ stub.port }` ], now: () => performance.now() } );
	const servers = { addresses: [ '127.0.0.1' ], port: stub.port };
	const queryServers = makeQuery( () => performance.now() );
	const query: ProbeContext[ 'query' ] = ( name, type, _servers, signal ) => queryServers( name, type, servers, signal );
	return { context: makeContext( { resolve, query, ...more } ), close };
}

const options = () => ( {
	site_id: 'site',
	deadline_mono_ms: performance.now() + 5000,
	beat: null,
	contact_url: 'https://blog.acme.com/',
	signal: new AbortController().signal,
} );

const MX = ( ...records: Buffer[] ): Answer => ( { records: records.map( ( data ) => ( { type: 'MX', data } ) ) } );
const A: Answer = { records: [ { type: 'A', data: ipv4( '127.0.0.1' ) } ] };
const NOTHING: Answer = {};
const NULL_MX = Buffer.concat( [ Buffer.from( [ 0, 0 ] ), Buffer.from( [ 0 ] ) ] );

const ROWS: [ string, { mx: Answer | null; a: Answer | null }, string ][] = [
	[ 'a mail server', { mx: MX( mxData( 10, 'mx.acme.com' ) ), a: A }, 'alive' ],
	[ 'a null MX', { mx: MX( NULL_MX ), a: A }, 'dead' ],
	[ 'no MX, but an address', { mx: NOTHING, a: A }, 'alive' ],
	[ 'neither', { mx: NOTHING, a: NOTHING }, 'dead' ],
	[ 'no such name', { mx: { rcode: 3 }, a: { rcode: 3 } }, 'dead' ],
	[ 'a name server that fails', { mx: { rcode: 2 }, a: A }, 'unknown' ],
	[ 'a name server that fails at the second question', { mx: NOTHING, a: { rcode: 2 } }, 'unknown' ],
	[ 'an alias without records', { mx: { records: [ { type: 'CNAME', data: nameData( 'other.com' ) } ] }, a: NOTHING }, 'dead' ],
];

describe( 'mail of a polite check', () => {
	for ( const [ what, { mx, a }, state ] of ROWS ) {
		test( `${ what } is ${ state }`, async () => {
			await using stub = await dnsStub( ( _name, type ) => ( type === 'MX' ? mx : type === 'A' ? a : NOTHING ) );
			const { context, close } = asking( stub );
			const checkMonitor = makeCheckMonitor( context, '1.2.3' );
			const result = await checkMonitor( makeWork( { url: 'http://www.acme.com/', is_polite: true } ), options() );
			close();
			assert.equal( result.mail_state, state );
			assert.ok( stub.asked.includes( 'MX acme.com' ) );
		} );
	}

	test( 'is asked for once an hour, and not of names that are not public', async () => {
		await using stub = await dnsStub( ( _name, type ) => ( type === 'MX' ? MX( mxData( 10, 'mx.acme.com' ) ) : A ) );
		let now = 0;
		const { context, close } = asking( stub, { now: () => now } );
		const checkMonitor = makeCheckMonitor( context, '1.2.3' );
		const polite = async ( url: string ): Promise< string | null > => {
			const deadline_mono_ms = now + 5000;
			return ( await checkMonitor( makeWork( { url, is_polite: true } ), { ...options(), deadline_mono_ms } ) ).mail_state;
		};
		const questions = (): number => stub.asked.filter( ( asked ) => asked.startsWith( 'MX' ) ).length;
		assert.deepEqual(
			[ await polite( 'http://acme.com/' ), await polite( 'http://www.acme.com/' ), questions() ],
			[ 'alive', 'alive', 1 ]
		);
		now = 3_600_001;
		assert.deepEqual( [ await polite( 'http://acme.com/' ), questions() ], [ 'alive', 2 ] );
		assert.deepEqual(
			[ await polite( 'http://intranet/' ), await polite( 'http://10.0.0.1/' ), questions() ],
			[ 'unknown', 'unknown', 2 ]
		);
		close();
	} );

	test( 'is not asked for when the site is our own', async () => {
		await using stub = await dnsStub( () => A );
		const { context, close } = asking( stub );
		const result = await makeCheckMonitor( context, '1.2.3' )( makeWork( { url: 'http://acme.com/' } ), options() );
		close();
		assert.equal( result.mail_state, null );
		assert.ok( stub.asked.every( ( asked ) => ! asked.startsWith( 'MX' ) ) );
	} );
} );

describe( 'polite checks', () => {
	async function mostAtOnce( is_polite: boolean, urls: ( port: number ) => string[] ): Promise< number > {
		let open = 0;
		let most = 0;
		await using server = await localServer( ( _request, response ) => {
			open += 1;
			most = Math.max( most, open );
			setTimeout( () => {
				open -= 1;
				response.end();
			}, 100 );
		} );
		const context = makeContext( { allow: `127.0.0.1:${ server.port }`, query: () => Promise.resolve( [] ) } );
		const checkMonitor = makeCheckMonitor( context, '1.2.3' );
		const results = await Promise.all(
			urls( server.port ).map( ( url ) => checkMonitor( makeWork( { url, is_polite } ), options() ) )
		);
		assert.ok( results.every( ( { state } ) => state === 'up' ) );
		return most;
	}

	test( 'of one domain are made one after the other', async () => {
		const one = ( port: number ): string[] =>
			[ 'acme.com', 'www.acme.com', 'shop.acme.com' ].map( ( host ) => `http://${ host }:${ port }/` );
		const two = ( port: number ): string[] => [ 'acme.co.uk', 'other.co.uk' ].map( ( host ) => `http://${ host }:${ port }/` );
		assert.deepEqual(
			await Promise.all( [ mostAtOnce( true, one ), mostAtOnce( true, two ), mostAtOnce( false, one ) ] ),
			[ 1, 2, 3 ]
		);
	} );

	test( 'go on after one that was aborted', async () => {
		await using server = await localServer( ( request, response ) => request.url === '/slow' || response.end() );
		const checkMonitor = makeCheckMonitor( makeContext( { allow: `127.0.0.1:${ server.port }` } ), '1.2.3' );
		const at = `http://127.0.0.1:${ server.port }`;
		const stop = new AbortController();
		const slow = checkMonitor( makeWork( { url: `${ at }/slow`, is_polite: true } ), { ...options(), signal: stop.signal } );
		const next = checkMonitor( makeWork( { url: `${ at }/`, is_polite: true } ), options() );
		setTimeout( () => stop.abort( new Error( 'stopped' ) ), 50 );
		await assert.rejects( slow, /stopped/ );
		assert.equal( ( await next ).state, 'up' );
	} );
} );
