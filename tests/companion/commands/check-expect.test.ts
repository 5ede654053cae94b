import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { assertionsByType } from '../../../companion/src/commands/check-expect.ts';
import type { CheckLine } from '../../../companion/src/contract/check.ts';
import { main } from '../../../companion/src/main.ts';
import { printAssertion } from '../../../companion/src/monitor/assertion.ts';
import type { UrlType } from '../../../companion/src/probes/index.ts';
import { localServer } from '../guard/local-server.ts';
import { dnsStub, ipv4 } from '../probes/dns-stub.ts';

const printed = ( written: string[], types: UrlType[] ): Record< string, string[] > =>
	Object.fromEntries(
		[ ...assertionsByType( written, new Set( types ) ) ].map( ( [ type, of_type ] ) => [ type, of_type.map( printAssertion ) ] )
	);

describe( 'what --expect means for each type of check', () => {
	it( 'is the usual when nothing is said', () => {
		assert.deepEqual( printed( [], [ 'http', 'tcp', 'dns', 'rdap' ] ), {
			http: [ '[STATUS] < 400' ],
			tcp: [],
			dns: [],
			rdap: [ '[DOMAIN_DAYS] > 30' ],
		} );
	} );

	it( 'goes to the types that have the place, and takes the place of the usual', () => {
		const written = [ '[STATUS] == 404', '[RESPONSE_TIME] < 500', '[CERT_DAYS] > 14', '[DOMAIN_DAYS] > 60' ];
		assert.deepEqual( printed( written, [ 'http', 'tls', 'rdap' ] ), {
			http: [ '[STATUS] == 404', '[RESPONSE_TIME] < 500', '[CERT_DAYS] > 14' ],
			tls: [ '[RESPONSE_TIME] < 500', '[CERT_DAYS] > 14' ],
			rdap: [ '[RESPONSE_TIME] < 500', '[DOMAIN_DAYS] > 60' ],
		} );
	} );

	it( 'is wrong usage when it is no assertion, or none of the types can answer it', () => {
		assert.throws( () => printed( [ '[STATUS] <' ], [ 'http' ] ), {
			message: "--expect '[STATUS] <': At 11: expected a number, found the end.",
		} );
		assert.throws(
			() => printed( [ '[STATUS] < 400' ], [ 'tcp' ] ),
			/--expect '\[STATUS\] < 400': At 1: expected one of \[RESPONSE_TIME\]/
		);
	} );
} );

describe( 'check', () => {
	async function check( ...args: string[] ): Promise< { code: number; lines: CheckLine[]; stderr: string } > {
		const [ stdout, stderr ] = [ new PassThrough(), new PassThrough() ];
		const io = { stdin: Readable.from( [] ), stdout, stderr, signal: new AbortController().signal };
		const code = await main( [ 'check', '--json', ...args ], io );
		const lines = String( stdout.read() ?? '' )
			.split( '\n' )
			.filter( ( line ) => line !== '' );
		return { code, lines: lines.map( ( line ) => JSON.parse( line ) ), stderr: String( stderr.read() ?? '' ) };
	}

	it( 'asks ports and name servers by their URLs', async () => {
		await using server = await localServer( ( _request, response ) => response.end() );
		await using stub = await dnsStub( () => ( { records: [ { type: 'A', data: ipv4( '192.0.2.1' ) } ] } ) );
		const tcp = `tcp://127.0.0.1:${ server.port }`;
		const dns = `dns://www.acme.com?type=A@127.0.0.1:${ stub.port }`;
		const allow = [ '--allow', `127.0.0.1:${ server.port }+${ stub.port }` ];
		const { code, lines, stderr } = await check(
			tcp,
			dns,
			...allow,
			'--expect',
			'[DNS_ANSWER] == 192.0.2.1',
			'--expect',
			'[IP] == 127.0.0.1'
		);
		assert.deepEqual( [ code, stderr ], [ 0, '' ] );
		const found = new Map( lines.map( ( { url, state, assertions } ) => [ url, [ state, ...assertions.map( ( { got } ) => got ) ] ] ) );
		assert.deepEqual(
			found,
			new Map( [
				[ tcp, [ 'up', '"127.0.0.1"' ] ],
				[ dns, [ 'up', '192.0.2.1' ] ],
			] )
		);
	} );

	it( 'says down when the records are others', async () => {
		await using stub = await dnsStub( () => ( { rcode: 3 } ) );
		const dns = `dns://www.acme.com?type=A@127.0.0.1:${ stub.port }`;
		const missing = await check( dns, '--allow', `127.0.0.1:${ stub.port }` );
		assert.deepEqual( [ missing.code, missing.lines[ 0 ]?.error_code ], [ 1, 'dns_nxdomain' ] );
		const other = await check( dns, '--allow', `127.0.0.1:${ stub.port }`, '--expect', '[DNS_RCODE] == NOERROR' );
		assert.deepEqual( [ other.code, other.lines[ 0 ]?.error_code ], [ 1, 'dns_mismatch' ] );
		const expected = await check( dns, '--allow', `127.0.0.1:${ stub.port }`, '--expect', '[DNS_RCODE] == NXDOMAIN' );
		assert.deepEqual( [ expected.code, expected.lines[ 0 ]?.state ], [ 0, 'up' ] );
	} );
} );
