import { describe, expect, it } from 'vitest';
import {
	assertionProblems,
	draftOf,
	monitorRequestOf,
	newDraft,
	problemsOf,
	usualAssertions,
	withType,
} from '../../../../admin-ts/src/screens/monitors/draft.ts';
import { EXAMPLES } from '../../../../admin-ts/src/screens/monitors/form-fields.tsx';
import { monitorsOf, readLines } from '../../../../admin-ts/src/screens/monitors/paste-lines.ts';
import { allowRule, asksAddress, targetProblem, wholeTarget } from '../../../../admin-ts/src/screens/monitors/targets.ts';
import { CHECK_FORMS } from '../../../../companion/src/contract/check-types.ts';
import { CHECK_TYPES, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { makeMonitor } from '../../monitor-fixtures.ts';

describe( 'a target', () => {
	it.each( wordsOf( CHECK_TYPES ) )( 'of type %s is fine as its example shows', ( type ) => {
		expect( targetProblem( type, CHECK_FORMS[ type ].example ) ).toBeUndefined();
	} );

	it.each( [
		[ 'http', 'shop.test', 'https://shop.test' ],
		[ 'http', ' HTTP://shop.test ', 'HTTP://shop.test' ],
		[ 'tcp', 'mail.test:25', 'tcp://mail.test:25' ],
		[ 'dns', 'shop.test', 'dns://shop.test' ],
		[ 'push', '', '' ],
	] as const )( 'of type %s that is typed as "%s" is "%s"', ( type, text, target ) => {
		expect( wholeTarget( type, text ) ).toBe( target );
		expect( targetProblem( type, text ) ).toBeUndefined();
	} );

	it.each( [
		[ 'http', '', 'Enter what is checked.' ],
		[ 'http', 'ftp://shop.test', 'This type of check does not know how to ask such an address.' ],
		[ 'http', 'https://', 'It is no usable address.' ],
		[ 'http', 'https://a b.test', 'It is no usable address.' ],
		[ 'http', 'https://ada:secret@shop.test', 'Leave user name and password out of the address.' ],
		[ 'http', `https://shop.test/${ 'ü'.repeat( 1024 ) }`, 'It is longer than 2,048 bytes.' ],
		[ 'tcp', 'mail.test', 'Add the port, such as :443.' ],
		[ 'tls', 'https://shop.test', 'This type of check does not know how to ask such an address.' ],
	] as const )( 'of type %s cannot be "%s"', ( type, text, problem ) => {
		expect( targetProblem( type, text ) ).toBe( problem );
	} );

	it.each( [
		[ 'http://192.168.1.5:8080/health', '192.168.1.5/32:8080' ],
		[ 'https://10.0.0.7/', '10.0.0.7/32:443' ],
		[ 'http://172.31.0.1', '172.31.0.1/32:80' ],
		[ 'http://localhost:3000', '127.0.0.1/32:3000' ],
		[ 'http://0x7f.1/', '127.0.0.1/32:80' ],
		[ 'http://[fd12::5]:8080/', '[fd12::5]/128:8080' ],
		[ 'https://[::1]', '[::1]/128:443' ],
		[ 'tcp://db.internal:5432', '192.168.1.5/32:5432' ],
		[ 'tcp://10.1.2.3:80', '10.1.2.3/32:80' ],
		[ 'http://printer/', '192.168.1.5/32:80' ],
		[ 'dns://shop.test?type=A@10.0.0.2:53', '10.0.0.2/32:53' ],
		[ 'https://shop.test', undefined ],
		[ 'https://172.32.0.1', undefined ],
		[ 'https://8.8.8.8', undefined ],
		[ '', undefined ],
	] )( '%s needs the rule %s', ( target, rule ) => {
		expect( allowRule( target ) ).toBe( rule );
	} );

	it( 'that looks public but was refused has an example of a rule', () => {
		expect( allowRule( 'https://intern.example.com/', true ) ).toBe( '192.168.1.5/32:443' );
	} );

	it( 'that is an address and was refused has the rule of this address', () => {
		expect( allowRule( 'https://198.18.0.7/', true ) ).toBe( '198.18.0.7/32:443' );
	} );

	it.each( [
		[ 'http://192.168.1.5:8080/', true ],
		[ 'tcp://[fd12::5]:80', true ],
		[ 'dns://shop.test?type=A@10.0.0.2', true ],
		[ 'dns://10.example', false ],
		[ 'http://localhost:3000', false ],
		[ '', false ],
	] )( '%s asks an address, not a name: %s', ( target, asks ) => {
		expect( asksAddress( target ) ).toBe( asks );
	} );
} );

describe( 'assertions', () => {
	it.each( [
		[ 'http', '', [] ],
		[ 'http', '[STATUS] == 200\n\n[BODY] contains "ok"', [] ],
		[ 'http', '[STATUS] = 200', [ 'Line 1, character 10: expected one of == != <= >= < >, found "= 200".' ] ],
		[ 'http', '[STATUS] == 200\n[STATUS] < many', [ 'Line 2, character 12: expected a number, found "many".' ] ],
		[ 'rdap', '[DOMAIN_DAYS] >', [ 'Line 1, character 16: expected a number, found the end.' ] ],
		[ 'tcp', Array.from( { length: 21 }, () => '[RESPONSE_TIME] < 1' ).join( '\n' ), [ 'A monitor has at most 20 assertions.' ] ],
		[ 'http', `[BODY] contains "${ 'x'.repeat( 1000 ) }"`, [ 'Line 1 is longer than 1,000 characters.' ] ],
	] as const )( 'of a check of type %s that say %j have the problems %j', ( type, text, problems ) => {
		expect( assertionProblems( type, text ) ).toEqual( problems );
	} );

	it( 'are refused at places that the type does not have', () => {
		expect( assertionProblems( 'tls', '[STATUS] == 200' )[ 0 ] ).toMatch( /^Line 1, character 1: expected one of .*\[CERT_DAYS\]/ );
	} );

	it.each( wordsOf( CHECK_TYPES ) )( 'of type %s are right in the examples', ( type ) => {
		expect( EXAMPLES[ type ].length > 0 ).toBe( CHECK_FORMS[ type ].fields.includes( 'assertions' ) );
		expect( EXAMPLES[ type ].flatMap( ( line ) => assertionProblems( type, line ) ) ).toEqual( [] );
	} );

	it( 'hold anyway until a line looks at the same place', () => {
		expect( usualAssertions( 'http', '' ) ).toEqual( [ '[STATUS] < 400' ] );
		expect( usualAssertions( 'http', '[BODY] contains ok' ) ).toEqual( [ '[STATUS] < 400' ] );
		expect( usualAssertions( 'http', '[STATUS] == 404' ) ).toEqual( [] );
		expect( usualAssertions( 'tcp', '' ) ).toEqual( [] );
	} );
} );

describe( 'a monitor that is typed', () => {
	it( 'comes out as it went in', () => {
		const { name, type, url, active, is_public, interval_seconds, options } = makeMonitor( {
			options: {
				method: 'POST',
				headers: [ { name: 'X-Key', value: '1' } ],
				body: '{}',
				assertions: [ '[STATUS] == 201' ],
				timeout_ms: 5000,
				grace_seconds: 300,
			},
		} );
		const request = { name, type, url, active, is_public, interval_seconds, options };
		expect( monitorRequestOf( draftOf( makeMonitor( { options } ) ) ) ).toEqual( request );
	} );

	it( 'has no name when it is called as its target', () => {
		expect( draftOf( makeMonitor( { name: 'https://shop.test/' } ) ).name ).toBe( '' );
	} );

	it( 'takes the interval of another type unless one was chosen', () => {
		expect( withType( newDraft(), 'rdap' ).interval_seconds ).toBe( 86_400 );
		expect( withType( { ...newDraft(), interval_seconds: 300 }, 'rdap' ).interval_seconds ).toBe( 300 );
	} );

	it( 'sends nothing that its type does not have', () => {
		const draft = {
			...newDraft( 'push' ),
			name: 'Backup',
			url: 'https://left.test',
			assertions: 'x',
			headers: [ { name: 'A', value: '' } ],
		};
		expect( problemsOf( draft ) ).toEqual( {} );
		expect( monitorRequestOf( draft ) ).toMatchObject( { url: '', options: { method: 'GET', headers: [], assertions: [], body: '' } } );
	} );

	it( 'needs a name when it has no target, and headers that can be sent', () => {
		expect( problemsOf( newDraft( 'push' ) ).name ).toMatch( /Give it a name/ );
		const headers = [ { name: 'X Key', value: '1' } ];
		expect( problemsOf( { ...newDraft(), url: 'shop.test', headers } ).headers ).toMatch( /“X Key” is no name of a header/ );
	} );
} );

describe( 'a pasted list', () => {
	const read = ( text: string, known: string[] = [] ) => readLines( text, known );

	it.each( [
		[ 'shop.test', { verdict: 'add', type: 'http', url: 'https://shop.test' } ],
		[ 'http://shop.test/a', { verdict: 'add', type: 'http', url: 'http://shop.test/a' } ],
		[ 'tcp://mail.test:25', { verdict: 'add', type: 'tcp', url: 'tcp://mail.test:25' } ],
		[ 'https://known.test', { verdict: 'known' } ],
		[ 'HTTPS://Known.test/', { verdict: 'known' } ],
		[ 'ftp://shop.test', { verdict: 'refused', reason: 'It begins with a scheme that no type of check knows.' } ],
		[ 'javascript:alert(1)', { verdict: 'refused', reason: 'It is no usable address.' } ],
		[ 'not a url', { verdict: 'refused', reason: 'It is no usable address.' } ],
	] )( 'with the line %s says %j of it', ( line, verdict ) => {
		expect( read( line, [ 'https://known.test/' ] ) ).toEqual( [ { text: line, ...verdict } ] );
	} );

	it( 'leaves out empty lines, and takes what stands there twice once', () => {
		const lines = read( 'a.test\r\n\n https://a.test/ \nb.test' );
		expect( lines.map( ( { verdict } ) => verdict ) ).toEqual( [ 'add', 'refused', 'add' ] );
		expect( monitorsOf( lines, true ).map( ( { url, is_public } ) => [ url, is_public ] ) ).toEqual( [
			[ 'https://a.test', true ],
			[ 'https://b.test', true ],
		] );
	} );

	it( 'is taken up to 500 monitors', () => {
		const lines = read( Array.from( { length: 502 }, ( _, index ) => `${ index }.example.com` ).join( '\n' ) );
		expect( monitorsOf( lines, false ).length ).toBe( 500 );
		expect( lines.at( -1 ) ).toMatchObject( { verdict: 'refused', reason: 'At most 500 can be added at once.' } );
	} );
} );
