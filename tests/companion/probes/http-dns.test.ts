import assert from 'node:assert/strict';
import { connect as netConnect, Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { CheckCode } from '../../../companion/src/contract/vocabulary.ts';
import { http } from '../../../companion/src/probes/http.ts';
import type { Connect, Observation, ProbeContext } from '../../../companion/src/probes/probe.ts';
import { makeResolver } from '../../../companion/src/probes/resolver.ts';
import { dnsServer, type DnsAnswer } from './dns-server.ts';
import { afterRequest, makeContext, makeRequest, rawServer } from './make-context.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

/** A check of http://www.acme.com at a port, with these name servers. */
async function check( port: number, servers: readonly string[], more: Partial< ProbeContext > = {} ): Promise< Observation > {
	const { resolve, close } = makeResolver( { servers, now: () => performance.now() } );
	try {
		const context = makeContext( { allow: `127.0.0.1:${ port }`, resolve, ...more } );
		return await http( makeRequest( `http://www.acme.com:${ port }/` ), context );
	} finally {
		close();
	}
}

const ROWS: { fault: string; answer: ( name: string ) => DnsAnswer; code: CheckCode }[] = [
	{ fault: 'F29 NXDOMAIN', answer: () => ( { rcode: 3 } ), code: 'dns_nxdomain' },
	{ fault: 'F30 no records', answer: () => ( {} ), code: 'dns_nodata' },
	{ fault: 'F31 SERVFAIL', answer: () => ( { rcode: 2 } ), code: 'dns_servfail' },
	{ fault: 'F31 REFUSED', answer: () => ( { rcode: 5 } ), code: 'dns_refused' },
	{ fault: 'F32 silence', answer: () => null, code: 'dns_timeout' },
	{ fault: 'F33 cut off, and no TCP', answer: () => ( { truncated: true } ), code: 'dns_other' },
	{
		fault: 'F34 aliases round in a circle',
		answer: ( name ) => ( { cname: name === 'www.acme.com' ? 'b.acme.com' : 'www.acme.com' } ),
		code: 'dns_other',
	},
	{
		fault: 'F34 twenty aliases without an end',
		answer: ( name ) => ( { cname: `a${ Number( /^a(\d+)/.exec( name )?.[ 1 ] ?? 0 ) + 1 }.acme.com` } ),
		code: 'dns_other',
	},
];

describe( 'faults of DNS', () => {
	for ( const { fault, answer, code } of ROWS ) {
		test( `${ fault } is ${ code }`, async () => {
			await using server = await dnsServer( answer );
			const { fault: found, phases } = await check( 80, [ server.address ] );
			assert.equal( found?.error_code, code, found?.error_message );
			assert.equal( found?.state, 'down' );
			assert.match( found?.error_message ?? '', /^GET http:\/\/www\.acme\.com\/ / );
			assert.equal( phases.connect_ms, null );
			assert.ok( phases.total_ms < 5500, `${ phases.total_ms }` );
		} );
	}

	test( 'F34 up to eight aliases before an address are followed, more are dns_other, and an hour later it is looked at anew', async () => {
		await using server = await rawServer( afterRequest( ( socket ) => socket.end( OK ) ) );
		let last = 8;
		await using names = await dnsServer( ( name, is_ipv6, is_alias ) => {
			const number = Number( /^a(\d+)/.exec( name )?.[ 1 ] ?? 0 );
			const cname = number < last ? { cname: `a${ number + 1 }.acme.com` } : {};
			return is_alias ? cname : { a: is_ipv6 ? [] : [ '127.0.0.1' ] };
		} );
		let now = 0;
		const { resolve, close } = makeResolver( { servers: [ names.address ], now: () => now } );
		const context = makeContext( { allow: `127.0.0.1:${ server.port }`, resolve } );
		const found: unknown[] = [];
		const ask = async (): Promise< void > => {
			const { fault, status_code } = await http( makeRequest( `http://www.acme.com:${ server.port }/` ), context );
			found.push( fault?.error_code ?? status_code );
		};
		await ask();
		last = 20;
		await ask();
		now += 3_600_001;
		await ask();
		await ask();
		last = 1;
		await ask();
		close();
		assert.deepEqual( found, [ 200, 200, 'dns_other', 'dns_other', 200 ] );
	} );

	test( 'F34 a name server that is silent about aliases holds up a name for a second, once', async () => {
		await using names = await dnsServer( ( _name, is_ipv6, is_alias ) => ( is_alias ? null : { a: is_ipv6 ? [] : [ '192.0.2.1' ] } ) );
		const { resolve, close } = makeResolver( { servers: [ names.address ], now: () => 0 } );
		const { signal } = new AbortController();
		const took: number[] = [];
		for ( let turn = 0; turn < 2; turn++ ) {
			const begun = performance.now();
			assert.deepEqual( await resolve( 'www.acme.com', signal ), [ '192.0.2.1' ] );
			took.push( performance.now() - begun );
		}
		close();
		assert.ok(
			took.every( ( ms, turn ) => ms < ( turn === 0 ? 1900 : 900 ) ),
			took.join()
		);
	} );

	test( 'F31 a second name server is asked when the first one fails', async () => {
		await using server = await rawServer( afterRequest( ( socket ) => socket.end( OK ) ) );
		await using first = await dnsServer( () => ( { rcode: 2 } ) );
		await using second = await dnsServer( () => ( { a: [ '127.0.0.1' ] } ) );
		const { fault, status_code } = await check( server.port, [ first.address, second.address ] );
		assert.equal( status_code, 200, fault?.error_message );
	} );

	test( 'F35 what was judged is what is connected to, whatever DNS says next', async () => {
		await using server = await rawServer( afterRequest( ( socket ) => socket.end( OK ) ) );
		await using names = await dnsServer(
			( () => {
				let count = 0;
				return ( _name: string, is_ipv6: boolean, is_alias: boolean ) =>
					is_ipv6 || is_alias ? {} : { a: [ ( count += 1 ) % 2 === 1 ? '127.0.0.1' : '10.0.0.1' ] };
			} )()
		);
		const { resolve, close } = makeResolver( { servers: [ names.address ], now: () => performance.now() } );
		const connected: string[][] = [];
		const connect: Connect = ( addresses, port ) => {
			connected.push( [ ...addresses ] );
			return netConnect( { host: addresses[ 0 ], port } );
		};
		const context = makeContext( { allow: `127.0.0.1:${ server.port }`, resolve, connect } );
		const found: unknown[] = [];
		for ( let turn = 0; turn < 4; turn++ ) {
			const { fault, status_code } = await http( makeRequest( `http://www.acme.com:${ server.port }/` ), context );
			found.push( fault?.error_code ?? status_code );
		}
		close();
		assert.deepEqual( found, [ 200, 'target_refused', 200, 'target_refused' ] );
		assert.deepEqual( connected, [ [ '127.0.0.1' ], [ '127.0.0.1' ] ] );
	} );

	test( 'F36 one private address among others refuses the name', async () => {
		await using server = await rawServer( ( socket ) => socket.end( OK ) );
		await using names = await dnsServer( () => ( { a: [ '127.0.0.1', '10.0.0.1' ] } ) );
		const { fault } = await check( server.port, [ names.address ] );
		assert.deepEqual( [ fault?.state, fault?.error_code, server.connections() ], [ 'unknown', 'target_refused', 0 ] );
	} );

	test( 'name servers that the machine has since it changed its network are asked', async () => {
		await using later = await dnsServer( () => ( { a: [ '192.0.2.1' ] } ) );
		const gone = await dnsServer( () => ( {} ) );
		await gone[ Symbol.asyncDispose ]();
		let of_system = [ gone.address ];
		const { resolve, close } = makeResolver( { systemServers: () => of_system, now: () => 0 } );
		const { signal } = new AbortController();
		await assert.rejects( resolve( 'www.acme.com', signal ), { code: 'ECONNREFUSED' } );
		of_system = [ later.address ];
		assert.deepEqual( await resolve( 'www.acme.com', signal ), [ '192.0.2.1' ] );
		assert.deepEqual( await resolve( 'www.acme.org', signal ), [ '192.0.2.1' ] );
		close();
	} );

	test( 'an answer is kept for its TTL', async () => {
		await using names = await dnsServer( () => ( { a: [ '127.0.0.1' ], ttl: 60 } ) );
		let now = 0;
		const { resolve, close } = makeResolver( { servers: [ names.address ], now: () => now } );
		const { signal } = new AbortController();
		await Promise.all( [ resolve( 'www.acme.com', signal ), resolve( 'WWW.acme.com.', signal ) ] );
		await resolve( 'www.acme.com', signal );
		const asked = names.asked.length;
		now = 61_000;
		assert.deepEqual( await resolve( 'www.acme.com', signal ), [ '127.0.0.1' ] );
		close();
		// A and AAAA each time, and the aliases once an hour.
		assert.deepEqual( [ asked, names.asked.length ], [ 3, 5 ] );
	} );
} );

describe( 'faults of the connection', () => {
	test( 'F37 a broken family alone is not down', async () => {
		await using server = await rawServer( afterRequest( ( socket ) => socket.end( OK ) ) );
		const context = makeContext( {
			allow: `127.0.0.1:${ server.port } [2001:db8::1]:${ server.port }`,
			resolve: () => Promise.resolve( [ '2001:db8::1', '127.0.0.1' ] ),
		} );
		const { status_code, facts } = await http( makeRequest( `http://www.acme.com:${ server.port }/` ), context );
		assert.deepEqual( [ status_code, facts.ip ], [ 200, '127.0.0.1' ] );
	} );

	test( 'F38 a closed port is connect_refused', async () => {
		const context = makeContext( { allow: '127.0.0.1:1' } );
		const { fault } = await http( makeRequest( 'http://127.0.0.1:1/' ), context );
		assert.deepEqual( [ fault?.state, fault?.error_code ], [ 'down', 'connect_refused' ] );
		assert.match( fault?.error_message ?? '', /ECONNREFUSED 127\.0\.0\.1:1/ );
	} );

	test( 'F38 a black hole is connect_timeout', async () => {
		// A socket that never connects: what a bare connect to a black hole does depends on the machine.
		const context = makeContext( { allow: '127.0.0.1:80', limits: { connect_ms: 100 }, connect: () => new Socket() } );
		const { fault, phases } = await http( makeRequest( 'http://127.0.0.1/' ), context );
		assert.deepEqual( [ fault?.error_code, phases.connect_ms ], [ 'connect_timeout', null ] );
	} );

	test( 'a socket that went elsewhere is refused', async () => {
		await using server = await rawServer( ( socket ) => socket.end( OK ) );
		const context = makeContext( {
			allow: `127.0.0.2:${ server.port }`,
			connect: () => netConnect( { host: '127.0.0.1', port: server.port } ),
		} );
		const { fault } = await http( makeRequest( `http://127.0.0.2:${ server.port }/` ), context );
		assert.equal( fault?.error_code, 'target_refused' );
	} );

	for ( const [ name, thrown, message ] of [
		[ 'no Error', 'a plain text', /a plain text/ ],
		[ 'nothing', undefined, /undefined/ ],
		[ 'an object without a text', Object.create( null ), /without a text/ ],
		[ 'F19 no file descriptor left', Object.assign( new Error( 'too many open files' ), { code: 'EMFILE' } ), /too many open files/ ],
		[ 'an Error of ours', new TypeError( 'x is not a function' ), /x is not a function/ ],
	] as const ) {
		test( `what throws ${ name } is a failure of ours, with a message`, async () => {
			const context = makeContext( {
				allow: '127.0.0.1:80',
				connect: () => {
					throw thrown;
				},
			} );
			const { fault } = await http( makeRequest( 'http://127.0.0.1/' ), context );
			assert.deepEqual( [ fault?.state, fault?.error_code ], [ 'unknown', 'check_failed_internally' ] );
			assert.match( fault?.error_message ?? '', message );
		} );
	}

	test( 'F24 a limit that was noticed late is a failure of ours', async () => {
		await using server = await rawServer( () => undefined );
		let offset = 0;
		const context = makeContext( {
			allow: `127.0.0.1:${ server.port }`,
			limits: { total_ms: 100 },
			now: () => performance.now() + offset,
		} );
		const checking = http( makeRequest( `http://127.0.0.1:${ server.port }/` ), context );
		setTimeout( () => ( offset = 8000 ), 50 );
		const { fault } = await checking;
		assert.deepEqual( [ fault?.state, fault?.error_code ], [ 'unknown', 'check_failed_internally' ] );
	} );
} );
