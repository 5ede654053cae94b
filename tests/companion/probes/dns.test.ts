import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dns, dnsUrl, readDnsUrl, type DnsRequest } from '../../../companion/src/probes/dns.ts';
import { makeQuery } from '../../../companion/src/probes/dns-query.ts';
import type { Observation, Query, RecordType } from '../../../companion/src/probes/probe.ts';
import { dnsStub, ipv4, mxData, nameData, textData, type Answer, type DnsStub } from './dns-stub.ts';
import { makeContext } from './make-context.ts';

const ask = ( stub: DnsStub, more: Partial< DnsRequest > = {}, limits = {} ): Promise< Observation > =>
	dns(
		{ name: 'www.acme.com', type: 'A', server: `127.0.0.1:${ stub.port }`, may_fail: false, may_be_empty: false, ...more },
		makeContext( { allow: `127.0.0.1:${ stub.port }`, limits } )
	);

const alias = ( name: string ): Answer => ( { records: [ { type: 'CNAME', data: nameData( name ) } ] } );

describe( 'a dns check', () => {
	const records: [ RecordType, NonNullable< Answer[ 'records' ] >, string[] ][] = [
		[
			'A',
			[
				{ type: 'A', data: ipv4( '192.0.2.1' ) },
				{ type: 'A', data: ipv4( '192.0.2.2' ) },
			],
			[ '192.0.2.1', '192.0.2.2' ],
		],
		[ 'AAAA', [ { type: 'AAAA', data: Buffer.from( '20010db8000000000000000000000001', 'hex' ) } ], [ '2001:db8::1' ] ],
		[ 'CNAME', [ { type: 'CNAME', data: nameData( 'acme.example' ) } ], [ 'acme.example' ] ],
		[ 'NS', [ { type: 'NS', data: nameData( 'ns1.acme.com' ) } ], [ 'ns1.acme.com' ] ],
		[ 'MX', [ { type: 'MX', data: mxData( 10, 'mail.acme.com' ) } ], [ '10 mail.acme.com' ] ],
		[ 'TXT', [ { type: 'TXT', data: textData( 'v=spf1 ', '-all' ) } ], [ 'v=spf1 -all' ] ],
	];
	for ( const [ type, given, answers ] of records ) {
		it( `gives records of type ${ type } as text`, async () => {
			await using stub = await dnsStub( () => ( { records: given } ) );
			const { fault, facts, phases } = await ask( stub, { type } );
			assert.deepEqual( { fault, facts }, { fault: null, facts: { rcode: 'NOERROR', answers } } );
			assert.ok( phases.dns_ms !== null && phases.connect_ms === null && phases.total_ms >= phases.dns_ms );
			const asked = [ ...new Set( [ 'CNAME www.acme.com', `${ type } www.acme.com` ] ) ];
			assert.deepEqual( stub.asked.toSorted(), asked.toSorted() );
		} );
	}

	const faults: [ string, Answer, string ][] = [
		[ 'F29 no such name', { rcode: 3 }, 'dns_nxdomain' ],
		[ 'F30 no record', {}, 'dns_nodata' ],
		[ 'F31 a server that fails', { rcode: 2 }, 'dns_servfail' ],
		[ 'F31 a server that refuses', { rcode: 5 }, 'dns_refused' ],
		[ 'F33 a cut answer without TCP', { truncated: true }, 'dns_other' ],
	];
	for ( const [ fault, answer, error_code ] of faults ) {
		it( `${ fault } is ${ error_code }`, async () => {
			await using stub = await dnsStub( () => answer );
			const observed = await ask( stub );
			assert.deepEqual( [ observed.fault?.state, observed.fault?.error_code ], [ 'down', error_code ] );
			assert.match( observed.fault?.error_message ?? '', /^A of www\.acme\.com at 127\.0\.0\.1:\d+ did not find the address: / );
			assert.deepEqual( observed.facts, {} );
		} );
	}

	it( 'F31 asks the second server when the first one fails', async () => {
		for ( const rcode of [ 2, 5 ] ) {
			await using failing = await dnsStub( () => ( { rcode } ) );
			const { port } = failing;
			await using working = await dnsStub( () => ( { records: [ { type: 'A', data: ipv4( '192.0.2.1' ) } ] } ), {
				host: '127.0.0.2',
				port,
			} );
			const resolve = (): Promise< string[] > => Promise.resolve( [ '127.0.0.1', '127.0.0.2' ] );
			const request = {
				name: 'www.acme.com',
				type: 'A',
				server: `ns.acme.com:${ port }`,
				may_fail: false,
				may_be_empty: false,
			} as const;
			const { facts } = await dns( request, makeContext( { allow: `127.0.0.0/8:${ port }`, resolve } ) );
			const asked = [ failing, working ].map( ( stub ) => stub.asked.filter( ( question ) => question.startsWith( 'A ' ) ).length );
			assert.deepEqual( [ facts.answers, asked ], [ [ '192.0.2.1' ], [ 1, 1 ] ] );
		}
	} );

	it( 'F32 ends silence at its limit', async () => {
		await using stub = await dnsStub( () => null );
		const begun = performance.now();
		const { fault } = await ask( stub, {}, { dns_ms: 300 } );
		assert.equal( fault?.error_code, 'dns_timeout' );
		assert.ok( performance.now() - begun < 2000 );
	} );

	it( 'F33 repeats a cut answer over TCP', async () => {
		const whole: Answer = { records: [ { type: 'A', data: ipv4( '192.0.2.1' ) } ] };
		await using stub = await dnsStub( () => ( { truncated: true } ), { tcp: () => whole } );
		assert.deepEqual( ( await ask( stub ) ).facts.answers, [ '192.0.2.1' ] );
	} );

	it( 'F34 gives up on aliases that lead in a circle, or through more than eight', async () => {
		await using circle = await dnsStub( ( name ) => alias( name === 'www.acme.com' ? 'b.acme.com' : 'www.acme.com' ) );
		await using chain = await dnsStub( ( name ) => alias( `a${ Number( /^a(\d+)/.exec( name )?.[ 1 ] ?? 0 ) + 1 }.acme.com` ) );
		for ( const stub of [ circle, chain ] ) {
			const { fault } = await ask( stub );
			assert.equal( fault?.error_code, 'dns_other' );
			assert.match( fault?.error_message ?? '', /one alias to the next/ );
			assert.ok( stub.asked.length < 25 );
		}
	} );

	it( 'F34 counts aliases before an answer too: eight are followed, more are dns_other, and are looked at once an hour', async () => {
		let last = 8;
		await using stub = await dnsStub( ( name, type ) => {
			const number = Number( /^a(\d+)/.exec( name )?.[ 1 ] ?? 0 );
			return type === 'CNAME'
				? number < last
					? alias( `a${ number + 1 }.acme.com` )
					: {}
				: { records: [ { type: 'A', data: ipv4( '192.0.2.1' ) } ] };
		} );
		let now = 0;
		const context = makeContext( { allow: `127.0.0.1:${ stub.port }`, query: makeQuery( () => now ) } );
		const found: unknown[] = [];
		for ( const [ aliases, later_ms ] of [
			[ 8, 0 ],
			[ 9, 0 ],
			[ 9, 3_600_001 ],
			[ 9, 0 ],
			[ 0, 0 ],
		] as const ) {
			last = aliases;
			now += later_ms;
			const { fault, facts } = await dnsUrl.ask( `dns://www.acme.com@127.0.0.1:${ stub.port }`, new Set(), context );
			found.push( fault?.error_code ?? facts.answers );
		}
		assert.deepEqual( found, [ [ '192.0.2.1' ], [ '192.0.2.1' ], 'dns_other', 'dns_other', [ '192.0.2.1' ] ] );
	} );

	it( 'F34 looks at aliases again five minutes after the question for them failed', async () => {
		let is_broken = true;
		await using stub = await dnsStub( ( name, type ) => {
			const number = Number( /^a(\d+)/.exec( name )?.[ 1 ] ?? 0 );
			const aliases = is_broken ? { rcode: 2 } : alias( `a${ number + 1 }.acme.com` );
			return type === 'CNAME' ? aliases : { records: [ { type: 'A', data: ipv4( '192.0.2.1' ) } ] };
		} );
		let now = 0;
		const context = makeContext( { allow: `127.0.0.1:${ stub.port }`, query: makeQuery( () => now ) } );
		const found: unknown[] = [];
		for ( const later_ms of [ 0, 299_000, 2000 ] ) {
			now += later_ms;
			const { fault } = await dnsUrl.ask( `dns://www.acme.com@127.0.0.1:${ stub.port }`, new Set(), context );
			found.push( fault?.error_code );
			is_broken = false;
		}
		assert.deepEqual( found, [ undefined, undefined, 'dns_other' ] );
	} );

	it( 'leaves an answer without records to the assertions that read it', async () => {
		await using missing = await dnsStub( () => ( { rcode: 3 } ) );
		await using empty = await dnsStub( () => ( {} ) );
		assert.deepEqual( ( await ask( missing, { may_fail: true } ) ).facts, { rcode: 'NXDOMAIN', answers: [] } );
		assert.deepEqual( ( await ask( empty, { may_be_empty: true } ) ).facts, { rcode: 'NOERROR', answers: [] } );
		assert.equal( ( await ask( missing, { may_be_empty: true } ) ).fault?.error_code, 'dns_nxdomain' );
		const context = makeContext( { allow: `127.0.0.1:${ missing.port }` } );
		const url = `dns://www.acme.com?type=a@127.0.0.1:${ missing.port }`;
		assert.equal( ( await dnsUrl.ask( url, new Set( [ 'DNS_RCODE' ] ), context ) ).fault, null );
	} );

	it( 'asks no server that is not public', async () => {
		await using stub = await dnsStub( () => ( {} ) );
		for ( const server of [ `127.0.0.1:${ stub.port }`, '10.0.0.1:53', '[::1]:53', 'ns.acme.com:53', '169.254.169.254:53' ] ) {
			const request = { name: 'www.acme.com', type: 'A', server, may_fail: true, may_be_empty: true } as const;
			assert.equal( ( await dns( request, makeContext() ) ).fault?.error_code, 'target_refused', server );
		}
		assert.deepEqual( stub.asked, [] );
	} );

	for ( const [ name, is_asked ] of [
		[ '7.0.0.10.in-addr.arpa', false ],
		[ '0.10.in-addr.arpa', false ],
		[ '168.192.in-addr.arpa.', false ],
		[ '254.169.254.169.IN-ADDR.ARPA', false ],
		[ `1.${ '0.'.repeat( 30 ) }0.ip6.arpa`, false ],
		[ 'd.f.ip6.arpa', false ],
		[ 'x.8.8.8.in-addr.arpa', false ],
		[ '8.8.8.8.in-addr.arpa', true ],
		[ '8.8.in-addr.arpa', true ],
		[ '0.0.7.4.6.0.6.2.ip6.arpa', true ],
	] as const ) {
		it( `${ is_asked ? 'asks' : 'does not ask' } the own name servers whose address ${ name } is`, async () => {
			const query: Query = () => Promise.resolve( [ 'db1.acme.example' ] );
			const request = { name, type: 'PTR', server: null, may_fail: true, may_be_empty: true } as const;
			const { fault, facts } = await dns( request, makeContext( { query } ) );
			assert.deepEqual(
				[ fault?.error_code, facts.answers ],
				is_asked ? [ undefined, [ 'db1.acme.example' ] ] : [ 'target_refused', undefined ]
			);
		} );
	}

	it( 'tells nothing of what only the own name servers know', async () => {
		const query: Query = () => Promise.resolve( [ '10.0.0.7' ] );
		const context = makeContext( { query } );
		for ( const name of [ 'db.internal', 'intranet', 'www.acme.com', '10.0.0.1', 'a b', '' ] ) {
			const request = { name, type: 'A', server: null, may_fail: true, may_be_empty: true } as const;
			const { fault, facts } = await dns( request, context );
			assert.deepEqual( [ fault?.state, fault?.error_code, facts ], [ 'unknown', 'target_refused', {} ], name );
			assert.doesNotMatch( fault?.error_message ?? '', /10\.0\.0\.7/ );
		}
	} );
} );

describe( 'a dns URL', () => {
	const rows: [ string, string, string, string | null ][] = [
		[ 'dns://acme.com', 'acme.com', 'A', null ],
		[ 'dns://acme.com/', 'acme.com', 'A', null ],
		[ 'dns://_dmarc.acme.com?type=txt', '_dmarc.acme.com', 'TXT', null ],
		[ 'DNS://acme.com?type=MX@192.0.2.1', 'acme.com', 'MX', '192.0.2.1:53' ],
		[ 'dns://acme.com@ns1.acme.com:5353', 'acme.com', 'A', 'ns1.acme.com:5353' ],
		[ 'dns://acme.com?type=A@ns1.acme.com:5353', 'acme.com', 'A', 'ns1.acme.com:5353' ],
		[ 'dns://acme.com?type=A@2001:db8::1', 'acme.com', 'A', '[2001:db8::1]:53' ],
		[ 'dns://acme.com?type=A@[2001:db8::1]:54', 'acme.com', 'A', '[2001:db8::1]:54' ],
		[ 'dns://acme.com?type=ANY', '', 'A', null ],
		[ 'dns://acme.com/path', '', 'A', null ],
		[ 'dns://', '', 'A', null ],
	];
	for ( const [ url, name, type, server ] of rows ) {
		it( url, () => assert.deepEqual( readDnsUrl( url ), { name, type, server } ) );
	}
} );
