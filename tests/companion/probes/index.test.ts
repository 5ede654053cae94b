import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECK_TYPES } from '../../../companion/src/contract/vocabulary.ts';
import { parseAssertion } from '../../../companion/src/monitor/assertion.ts';
import { probes, typeOfUrl, url_checks } from '../../../companion/src/probes/index.ts';

describe( 'the registry of probes', () => {
	it( 'has every type of check, and URLs of no other', () => {
		assert.deepEqual( Object.keys( probes ).toSorted(), Object.keys( CHECK_TYPES ).toSorted() );
		assert.ok( Object.keys( url_checks ).every( ( type ) => type in probes ) );
	} );

	it( 'expects only what the type can answer', () => {
		assert.equal( parseAssertion( url_checks.http.usual[ 0 ] ?? '', 'http' ).ok, true );
		assert.equal( parseAssertion( url_checks.rdap.usual[ 0 ] ?? '', 'rdap' ).ok, true );
	} );

	const rows: [ string, string ][] = [
		[ 'https://acme.com/', 'http' ],
		[ 'HTTP://acme.com/', 'http' ],
		[ 'tcp://acme.com:22', 'tcp' ],
		[ 'TLS://acme.com:993', 'tls' ],
		[ 'dns://acme.com?type=MX', 'dns' ],
		[ 'rdap://acme.com', 'rdap' ],
		[ 'ftp://acme.com', 'http' ],
		[ 'acme.com', 'http' ],
		[ '', 'http' ],
	];
	for ( const [ url, type ] of rows ) {
		it( `takes ${ url === '' ? 'nothing' : url } as ${ type }`, () => assert.equal( typeOfUrl( url ), type ) );
	}
} );
