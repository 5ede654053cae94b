import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { judgeAnswers, judgeEndpoint, judgeUrl } from '../../../companion/src/guard/guard.ts';

/** What the guard says of `host:port` whose name has these addresses. */
function judged( host_and_port: string, allow = '', addresses = [ '192.0.32.1' ], own: string[] = [] ): string {
	const policy = { allow: parseAllow( allow ), nat64: false };
	const target = judgeEndpoint( host_and_port, policy, own );
	const judgement = target.ok && target.address === null ? judgeAnswers( target, addresses, policy, own ) : target;
	return judgement.ok ? 'ok' : `${ judgement.code } ${ judgement.reason }`;
}

describe( 'host and port of a check that sends nothing', () => {
	const rows: [ string, string, string, string[]? ][] = [
		[ 'acme.com:5432', '', 'ok' ],
		[ '8.8.8.8:53', '', 'ok' ],
		[ '[2606:4700:4700::1111]:853', '', 'ok' ],
		[ 'acme.com:22', '', 'target_refused address', [ '8.8.8.8', '10.0.0.1' ] ],
		[ 'acme.com:22', '', 'target_refused no_address', [] ],
		[ '10.0.0.1:5432', '', 'target_refused address' ],
		[ '10.0.0.1:5432', '10.0.0.0/8', 'target_refused address' ],
		[ '10.0.0.1:5432', '10.0.0.0/8:5432', 'ok' ],
		[ '10.0.0.1:5433', '10.0.0.0/8:5432', 'target_refused address' ],
		[ '127.1:6379', '', 'target_refused address' ],
		[ '0x7f000001:6379', '', 'target_refused address' ],
		[ '[::ffff:127.0.0.1]:6379', '', 'target_refused address' ],
		[ '169.254.169.254:53', '169.254.0.0/16:53', 'target_refused metadata' ],
		[ 'metadata.google.internal:53', '', 'target_refused metadata' ],
		[ 'localhost:6379', '', 'target_refused name' ],
		[ 'redis:6379', '', 'target_refused name' ],
		[ 'redis:6379', '10.0.0.0/8:6379', 'ok', [ '10.1.2.3' ] ],
		[ 'redis:6379', '10.0.0.0/8:6379', 'target_refused name', [ '8.8.8.8' ] ],
		[ 'acme.com', '', 'bad_url url' ],
		[ 'acme.com:', '', 'bad_url url' ],
		[ 'acme.com:0', '', 'bad_url url' ],
		[ 'acme.com:99999', '', 'bad_url url' ],
		[ '::1:22', '', 'bad_url url' ],
		[ 'u@acme.com:22', '', 'bad_url url' ],
		[ 'acme.com:22/x', '', 'bad_url url' ],
		[ 'acme.com\\@x:22', '', 'bad_url url' ],
	];
	for ( const [ host_and_port, allow, expected, addresses ] of rows ) {
		it( `${ host_and_port }${ allow === '' ? '' : ` with ${ allow }` }${ addresses ? ` at ${ addresses.join( ' ' ) }` : '' }: ${ expected }`, () =>
			assert.equal( judged( host_and_port, allow, addresses ), expected ) );
	}

	it( 'is not an address of this machine', () => {
		assert.equal( judged( 'acme.com:22', '', [ '8.8.8.8' ], [ '8.8.8.8' ] ), 'target_refused own' );
	} );

	it( 'opens no port to URLs', () => {
		const target = judgeUrl( 'https://acme.com:5432/', { allow: [], nat64: false } );
		assert.equal( target.ok ? 'ok' : target.reason, 'port' );
	} );
} );
