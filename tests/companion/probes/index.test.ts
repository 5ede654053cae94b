import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECK_FORMS } from '../../../companion/src/contract/check-types.ts';
import { CHECK_TYPES } from '../../../companion/src/contract/vocabulary.ts';
import { PLACES } from '../../../companion/src/monitor/assertion-places.ts';
import { parseAssertion } from '../../../companion/src/monitor/assertion.ts';
import { probes, typeOfUrl, url_checks } from '../../../companion/src/probes/index.ts';
import { makeContext } from './make-context.ts';

describe( 'the registry of probes', () => {
	it( 'has every type of check, and URLs of no other', () => {
		assert.deepEqual( Object.keys( probes ).toSorted(), Object.keys( CHECK_TYPES ).toSorted() );
		assert.ok( Object.keys( url_checks ).every( ( type ) => type in probes ) );
	} );

	it( 'has the schemes and usual expectations of the forms', () => {
		const of_forms = Object.entries( CHECK_FORMS )
			.filter( ( [ , { schemes } ] ) => schemes.length > 0 )
			.map( ( [ type, { schemes, usual } ] ) => [ type, schemes.toSorted(), usual ] );
		const of_probes = Object.entries( url_checks ).map( ( [ type, { schemes, usual } ] ) => [ type, schemes.toSorted(), usual ] );
		assert.deepEqual( of_probes.toSorted(), of_forms.toSorted() );
	} );

	it( 'takes the examples of the forms', () => {
		for ( const [ type, { example, schemes } ] of Object.entries( CHECK_FORMS ) ) {
			assert.equal( schemes.length === 0 ? type : typeOfUrl( example ), type );
			assert.equal( schemes.length === 0 ? null : url_checks[ typeOfUrl( example ) ].fault( example, makeContext().guard ), null );
		}
	} );

	it( 'has forms that ask for assertions where there are places for them', () => {
		for ( const [ type, { fields } ] of Object.entries( CHECK_FORMS ) ) {
			const has_places = Object.values( PLACES ).some( ( { types } ) => types.some( ( of_place ) => of_place === type ) );
			assert.equal( fields.includes( 'assertions' ), has_places, type );
		}
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
