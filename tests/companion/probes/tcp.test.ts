import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Observation } from '../../../companion/src/probes/probe.ts';
import { connectDirectly } from '../../../companion/src/probes/socket.ts';
import { tcpUrl } from '../../../companion/src/probes/tcp.ts';
import { makeContext, rawServer } from './make-context.ts';

const check = ( url: string, allow: string, asked: string[] = [], more = {} ): Promise< Observation > =>
	tcpUrl.ask( url, new Set( asked ), makeContext( { allow, ...more } ) );

/** A port at which nothing listens. */
async function closedPort(): Promise< number > {
	await using server = await rawServer( () => undefined );
	return server.port;
}

describe( 'a tcp check', () => {
	it( 'connects by address and by name, and sends nothing', async () => {
		let sent = '';
		await using server = await rawServer( ( socket ) => socket.on( 'data', ( data ) => ( sent += data.toString() ) ) );
		for ( const host of [ '127.0.0.1', 'db.acme.com' ] ) {
			const { fault, facts, phases, status_code } = await check( `tcp://${ host }:${ server.port }`, `127.0.0.1:${ server.port }` );
			assert.deepEqual(
				{ fault, facts, status_code },
				{ fault: null, facts: { connected: true, ip: '127.0.0.1' }, status_code: null }
			);
			assert.ok( phases.connect_ms !== null && phases.tls_ms === null && phases.total_ms >= phases.connect_ms );
		}
		assert.equal( server.connections(), 2 );
		assert.equal( sent, '' );
	} );

	it( 'F38 says that a closed port refused', async () => {
		const port = await closedPort();
		const { fault } = await check( `tcp://127.0.0.1:${ port }`, `127.0.0.1:${ port }` );
		assert.deepEqual( [ fault?.state, fault?.error_code ], [ 'down', 'connect_refused' ] );
		assert.match( fault?.error_message ?? '', /^tcp:\/\/127\.0\.0\.1:\d+ got no connection: / );
	} );

	it( 'leaves a closed port to the assertion that reads it, and no other fault', async () => {
		const port = await closedPort();
		const { fault, facts } = await check( `tcp://127.0.0.1:${ port }`, `127.0.0.1:${ port }`, [ 'CONNECTED' ] );
		assert.deepEqual( { fault, facts }, { fault: null, facts: { connected: false } } );
		assert.equal( ( await check( `tcp://127.0.0.1:${ port }`, '', [ 'CONNECTED' ] ) ).fault?.error_code, 'target_refused' );
		const missing = (): Promise< string[] > => Promise.reject( Object.assign( new Error( 'no' ), { code: 'ENOTFOUND' } ) );
		const unknown = await check( `tcp://db.acme.com:${ port }`, '', [ 'CONNECTED' ], { resolve: missing } );
		assert.equal( unknown.fault?.error_code, 'dns_nxdomain' );
	} );

	it( 'asks no address that is not public and not listed with its port', async () => {
		await using server = await rawServer( () => undefined );
		for ( const host of [ '127.0.0.1', '[::1]', '2130706433', 'localhost', 'db', 'db.acme.com', '169.254.169.254' ] ) {
			for ( const allow of [ '', '127.0.0.0/8', `10.0.0.0/8:${ server.port }` ] ) {
				const { fault, facts } = await check( `tcp://${ host }:${ server.port }`, allow );
				assert.deepEqual( [ fault?.state, fault?.error_code, facts ], [ 'unknown', 'target_refused', {} ], `${ host } ${ allow }` );
			}
		}
		assert.equal( server.connections(), 0 );
	} );

	it( 'asks at most three new ports of a public host within a minute, whatever its names, and says so', async () => {
		const resolve = (): Promise< string[] > => Promise.resolve( [ '9.9.9.9' ] );
		const context = makeContext( { resolve, connect: () => connectDirectly( [ '127.0.0.1' ], 1 ) } );
		const faults: ( Observation[ 'fault' ] | undefined )[] = [];
		for ( const target of [ 'a.acme.com:1', 'b.acme.com:2', 'c.acme.com:3', 'd.acme.com:4', 'e.acme.com:1' ] ) {
			faults.push( ( await tcpUrl.ask( `tcp://${ target }`, new Set(), context ) ).fault );
		}
		const codes = faults.map( ( fault ) => fault?.error_code );
		assert.deepEqual( codes, [ 'connect_refused', 'connect_refused', 'connect_refused', 'ports_limited', 'connect_refused' ] );
		assert.deepEqual( faults[ 3 ], {
			state: 'unknown',
			error_code: 'ports_limited',
			error_message: 'tcp://d.acme.com:4 was not asked: at most 3 new ports of one host are asked a minute; a later check asks it.',
		} );
	} );

	it( 'asks as many ports as --allow lists, by address and by name', async () => {
		await using server = await rawServer( () => undefined );
		const context = makeContext( { allow: `127.0.0.1:${ server.port }+1+2+3+4` } );
		for ( const host of [ '127.0.0.1', 'db.acme.com' ] ) {
			for ( const port of [ 1, 2, 3, 4 ] ) {
				const { fault } = await tcpUrl.ask( `tcp://${ host }:${ port }`, new Set(), context );
				assert.equal( fault?.error_code, 'connect_refused', `${ host }:${ port }` );
			}
			assert.equal( ( await tcpUrl.ask( `tcp://${ host }:${ server.port }`, new Set(), context ) ).fault, null );
		}
	} );

	it( 'counts a port whose name has an address that is not listed', async () => {
		const resolve = (): Promise< string[] > => Promise.resolve( [ '127.0.0.1', '9.9.9.9' ] );
		const context = makeContext( { allow: '127.0.0.1:1+2+3+4', resolve, connect: () => connectDirectly( [ '127.0.0.1' ], 1 ) } );
		const codes: ( string | undefined )[] = [];
		for ( const port of [ 1, 2, 3, 4 ] ) {
			codes.push( ( await tcpUrl.ask( `tcp://db.acme.com:${ port }`, new Set(), context ) ).fault?.error_code );
		}
		assert.deepEqual( codes, [ 'connect_refused', 'connect_refused', 'connect_refused', 'ports_limited' ] );
	} );

	for ( const url of [
		'tcp://acme.com',
		'tcp://acme.com:0',
		'tcp://acme.com:65536',
		'tcp://u:p@acme.com:1',
		'tcp://acme.com:1/path',
		'tcp://a b:1',
		'tcp://',
	] ) {
		it( `refuses ${ url }`, async () => assert.equal( ( await check( url, '' ) ).fault?.error_code, 'target_refused' ) );
	}
} );
