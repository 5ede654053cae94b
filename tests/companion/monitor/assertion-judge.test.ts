import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asksFor, judgeAssertions, type AssertionsVerdict, type Readings } from '../../../companion/src/monitor/assertion-judge.ts';
import { parseAssertion } from '../../../companion/src/monitor/assertion.ts';
import type { Assertion } from '../../../companion/src/monitor/assertion-places.ts';

const parsed = ( text: string ): Assertion => {
	const read = parseAssertion( text );
	assert.ok( read.ok, text );
	return read.assertion;
};

const body = ( text: string, whole = true ): Readings => ( { body: { text, charset: 'utf-8', whole } } );
const json = ( value: unknown ): Readings => body( JSON.stringify( value ) );

function judged( texts: string | string[], readings: Readings ): AssertionsVerdict {
	return judgeAssertions( [ texts ].flat().map( parsed ), readings );
}

/** Readings that go with a row of the tables. */
const ANSWER: Readings = {
	status: 200,
	response_time_ms: 412,
	tls_days: 40,
	domain_days: 20,
	rcode: 'NOERROR',
	answers: [ '192.0.2.1', '2001:DB8:0::1', 'Mail.Example.' ],
	connected: true,
	ip: '2001:db8:0:0::1',
	headers: { 'content-type': 'application/json', 'content-length': '120', 'x-empty': '' },
	...json( {
		user: { name: 'Ada', id: 7, admin: true, none: null, tags: [ 'a', 5 ] },
		'a.b': 'dotted',
		list: [ { n: 1 }, { n: 2 } ],
		text: 'cafe\u0301',
		number_text: '5',
		__proto__: null,
	} ),
};

describe( 'a passed assertion', () => {
	for ( const text of [
		'[STATUS] == 200',
		'[STATUS] != 404',
		'[STATUS] == any(204, 200)',
		'[STATUS] != any(404, 500)',
		'[STATUS] < 400',
		'[STATUS] <= 200',
		'[STATUS] >= 200',
		'[STATUS] > 199',
		'[RESPONSE_TIME] < 412.5',
		'[CERT_DAYS] > 14',
		'[DOMAIN_DAYS] >= 20',
		'[DNS_RCODE] == NOERROR',
		'[DNS_RCODE] != any(NXDOMAIN, SERVFAIL)',
		'[DNS_ANSWER] contains 192.0.2.1',
		'[DNS_ANSWER] contains 2001:db8::1',
		'[DNS_ANSWER] contains mail.example',
		'[DNS_ANSWER] contains any(192.0.2.9, 192.0.2.1)',
		'[DNS_ANSWER] !contains 192.0.2.11',
		'[DNS_ANSWER] !contains 192.0.2',
		'[DNS_ANSWER] == any(192.0.2.1, 2001:db8::1, mail.example)',
		'[DNS_ANSWER] != 192.0.2.1',
		'len([DNS_ANSWER]) == 3',
		'[CONNECTED] == true',
		'[CONNECTED] != false',
		'[IP] == 2001:DB8::1',
		'[IP] != 192.0.2.1',
		'[HEADER].Content-Type contains json',
		'[HEADER].content-type == "application/json"',
		'[HEADER].content-length < 121',
		'[HEADER].content-length == 120',
		'[HEADER].x-empty == ""',
		'[HEADER].x-missing != "a"',
		'[HEADER].x-missing !contains "a"',
		'has([HEADER].x-empty) == true',
		'has([HEADER].x-missing) == false',
		'[BODY].user.name == "Ada"',
		'[BODY].user.name contains "da"',
		'[BODY].user.id == 7',
		'[BODY].user.id > 6.5',
		'[BODY].user.id != "7"',
		'[BODY].user.admin == true',
		'[BODY].user.none == null',
		'[BODY].user.tags contains "a"',
		'[BODY].user.tags contains 5',
		'[BODY].user.tags !contains "5"',
		'[BODY].user.tags[1] == 5',
		'[BODY]["a.b"] == "dotted"',
		'[BODY].list[1].n == 2',
		'[BODY].text == "café"',
		'[BODY].number_text != 5',
		'[BODY].number_text > 4',
		'[BODY].missing != 1',
		'len([BODY].list) == 2',
		'len([BODY].user) == 5',
		'len([BODY].user.name) == 3',
		'has([BODY].user.none) == true',
		'has([BODY].user.missing.deeper) == false',
		'has([BODY].toString) == false',
		'has([BODY].list.length) == false',
		'[BODY] contains "Ada"',
		'[BODY] !contains "Bob"',
	] ) {
		it( text, () => {
			const verdict = judged( text, ANSWER );
			assert.deepEqual( [ verdict.state, verdict.error_code, verdict.error_message ], [ 'up', 'ok', null ] );
			assert.equal( verdict.assertions[ 0 ]?.passed, true );
		} );
	}
} );

describe( 'a failed assertion says what it got', () => {
	const rows: [ string, string, string, string ][] = [
		[ '[STATUS] == any(201, 204)', 'down', 'http_status', '200' ],
		[ '[STATUS] >= 201', 'down', 'http_status', '200' ],
		[ '[RESPONSE_TIME] < 412', 'degraded', 'too_slow', '412' ],
		[ '[CERT_DAYS] > 40', 'degraded', 'tls_expiring', '40' ],
		[ '[DOMAIN_DAYS] > 30', 'degraded', 'domain_expiring', '20' ],
		[ '[DNS_RCODE] == NXDOMAIN', 'down', 'dns_mismatch', '"NOERROR"' ],
		[ '[DNS_ANSWER] contains 192.0.2', 'down', 'dns_mismatch', '192.0.2.1, 2001:DB8:0::1, Mail.Example.' ],
		[ '[DNS_ANSWER] == 192.0.2.1', 'down', 'dns_mismatch', '192.0.2.1, 2001:DB8:0::1, Mail.Example.' ],
		[ '[CONNECTED] == false', 'down', 'assertion_failed', 'true' ],
		[ '[IP] == 192.0.2.1', 'down', 'assertion_failed', '"2001:db8:0:0::1"' ],
		[ '[HEADER].content-type contains xml', 'down', 'assertion_failed', '"application/json"' ],
		[ '[HEADER].content-type > 5', 'down', 'assertion_failed', '"application/json"' ],
		[ '[HEADER].x-missing == a', 'down', 'assertion_failed', 'nothing there' ],
		[ 'has([HEADER].x-missing) == true', 'down', 'assertion_failed', 'false' ],
		[ '[BODY].user == "Ada"', 'down', 'assertion_failed', 'an object of 5' ],
		[ '[BODY].list == 1', 'down', 'assertion_failed', 'an array of 2' ],
		[ '[BODY].user.id == "7"', 'down', 'assertion_failed', '7' ],
		[ '[BODY].user.id contains "7"', 'down', 'assertion_failed', '7' ],
		[ '[BODY].missing < 1', 'down', 'assertion_failed', 'nothing there' ],
		[ 'len([BODY].user.id) == 1', 'down', 'assertion_failed', 'nothing there' ],
		[ '[BODY].list[2].n == 1', 'down', 'assertion_failed', 'nothing there' ],
	];
	for ( const [ text, state, error_code, got ] of rows ) {
		it( text, () => {
			const verdict = judged( text, ANSWER );
			assert.deepEqual( [ verdict.state, verdict.error_code, verdict.assertions[ 0 ]?.got ], [ state, error_code, got ] );
			assert.equal( verdict.error_message, `${ text }: got ${ got }.`.replace( /(contains|==) (xml|a)(?=:)/, '$1 "$2"' ) );
		} );
	}

	it( 'and what it expected', () => {
		const [ result ] = judged( '[STATUS] == any(201,204)', ANSWER ).assertions;
		assert.deepEqual(
			[ result?.assertion, result?.expected, result?.passed ],
			[ '[STATUS] == any(201, 204)', '== any(201, 204)', false ]
		);
	} );
} );

describe( 'a keyword', () => {
	const rows: [ string, Readings, string, string ][] = [
		[ '[BODY] contains "not there"', body( 'hello' ), 'down', 'keyword_missing' ],
		[ '[BODY] !contains "hello"', body( 'hello' ), 'down', 'keyword_present' ],
		[ '[BODY] contains any("x", "hello")', body( 'hello' ), 'up', 'ok' ],
		[ '[BODY] contains any("x", "y")', body( 'hello' ), 'down', 'keyword_missing' ],
		[ '[BODY] contains "Hello"', body( 'hello' ), 'down', 'keyword_missing' ],
		[ '[BODY] contains "h.llo"', body( 'hello' ), 'down', 'keyword_missing' ],
		[ '[BODY] contains "cafe\u0301"', body( 'caf\u00e9' ), 'up', 'ok' ],
		[ '[BODY] contains "a & b"', body( 'a &amp; b' ), 'down', 'keyword_missing' ],
		[ '[BODY] contains "late"', body( 'the start', false ), 'unknown', 'past_cap' ],
		[ '[BODY] !contains "late"', body( 'the start', false ), 'unknown', 'past_cap' ],
		[ '[BODY] contains "start"', body( 'the start', false ), 'up', 'ok' ],
		[ '[BODY] !contains "start"', body( 'the start', false ), 'down', 'keyword_present' ],
		[ '[BODY] == "OK"', body( ' OK\n' ), 'up', 'ok' ],
		[ '[BODY] == "OK"', body( 'ok' ), 'down', 'assertion_failed' ],
		[ '[BODY] == "OK"', body( 'OK', false ), 'unknown', 'past_cap' ],
		[ '[BODY] != "OK"', body( 'OK', false ), 'unknown', 'past_cap' ],
		[ 'len([BODY]) == 2', body( '🦀x' ), 'up', 'ok' ],
		[ 'len([BODY]) > 1', body( 'long', false ), 'unknown', 'past_cap' ],
		[ '[BODY].a == 1', body( '{"a":1', false ), 'unknown', 'past_cap' ],
		[ 'has([BODY].a) == false', body( '{"b":1', false ), 'unknown', 'past_cap' ],
		[ '[BODY].a == 1', body( '<html>' ), 'down', 'assertion_failed' ],
		[ '[BODY].a != 1', body( '<html>' ), 'down', 'assertion_failed' ],
		[ 'has([BODY].a) == false', body( '<html>' ), 'down', 'assertion_failed' ],
		[ 'has([BODY].__proto__) == true', body( '{"__proto__":{"x":1}}' ), 'up', 'ok' ],
		[ '[BODY].constructor.name != "Object"', body( '{}' ), 'up', 'ok' ],
		[ '[BODY].a == 1', json( null ), 'down', 'assertion_failed' ],
	];
	for ( const [ text, readings, state, error_code ] of rows ) {
		it( `${ text } in ${ JSON.stringify( readings.body?.text ) }${ readings.body?.whole ? '' : ' and more' }: ${ error_code }`, () => {
			const verdict = judged( text, readings );
			assert.deepEqual( [ verdict.state, verdict.error_code ], [ state, error_code ] );
		} );
	}

	it( 'shows none of the page', () => {
		assert.equal( judged( '[BODY] contains "x"', body( 'private' ) ).assertions[ 0 ]?.got, 'not it in a text of 7 characters (utf-8)' );
		assert.equal( judged( '[BODY] !contains "priv"', body( 'private' ) ).assertions[ 0 ]?.got, 'it in a text of 7 characters (utf-8)' );
	} );
} );

describe( 'what was not measured', () => {
	for ( const text of [
		'[STATUS] < 400',
		'[STATUS] != 500',
		'[HEADER].etag != "x"',
		'has([HEADER].etag) == false',
		'[BODY] !contains "x"',
		'[BODY].a != 1',
		'[DNS_ANSWER] !contains 192.0.2.1',
		'[CONNECTED] != true',
		'[IP] != 192.0.2.1',
	] ) {
		it( `fails ${ text }`, () => {
			const verdict = judged( text, {} );
			assert.equal( verdict.state, 'down' );
			assert.equal( verdict.assertions[ 0 ]?.got, 'not measured' );
		} );
	}

	it( 'is not the same as an answer without records', () => {
		assert.equal( judged( '[DNS_ANSWER] !contains 192.0.2.1', { answers: [] } ).state, 'up' );
		const none = judged( '[DNS_ANSWER] == 192.0.2.1', { answers: [] } );
		assert.deepEqual( [ none.state, none.assertions[ 0 ]?.got ], [ 'down', 'no records' ] );
	} );
} );

describe( 'several assertions', () => {
	const slow = '[RESPONSE_TIME] < 1';
	const past_cap = '[BODY] contains "late"';
	const hard = '[STATUS] == 204';
	const readings: Readings = { ...ANSWER, ...body( 'start', false ) };
	const rows: [ string[], string, string ][] = [
		[ [], 'up', 'ok' ],
		[ [ '[STATUS] == 200', '[CONNECTED] == true' ], 'up', 'ok' ],
		[ [ slow, '[STATUS] == 200' ], 'degraded', 'too_slow' ],
		[ [ slow, past_cap ], 'unknown', 'past_cap' ],
		[ [ slow, past_cap, hard ], 'down', 'http_status' ],
		[ [ '[IP] == 192.0.2.9', hard ], 'down', 'assertion_failed' ],
	];
	for ( const [ texts, state, error_code ] of rows ) {
		it( `${ texts.join( ' and ' ) || 'none' }: ${ error_code }`, () => {
			const verdict = judged( texts, readings );
			assert.deepEqual( [ verdict.state, verdict.error_code, verdict.assertions.length ], [ state, error_code, texts.length ] );
		} );
	}

	it( 'may take the place of the usual expectation', () => {
		assert.equal( asksFor( [ parsed( hard ) ], 'STATUS' ), true );
		assert.equal( asksFor( [ parsed( slow ) ], 'STATUS' ), false );
	} );
} );

describe( 'what a result shows', () => {
	const got = ( text: string, readings: Readings ): string => judged( text, readings ).assertions[ 0 ]?.got ?? '';

	it( 'is at most 100 characters', () => {
		const long = got( '[HEADER].server == x', { headers: { server: 'é'.repeat( 5000 ) } } );
		assert.equal( [ ...long ].length, 100 );
		assert.ok( long.endsWith( 'é…' ) );
		const verdict = judged( `[BODY] contains "${ 'k'.repeat( 9000 ) }"`, body( '' ) );
		assert.ok( ( verdict.error_message ?? '' ).length < 200 );
		assert.equal( verdict.assertions[ 0 ]?.expected.length, 100 );
	} );

	it( 'has no control characters, addresses and queries', () => {
		const value = 'a\u001b[31m\u202eb ada@example.com <x@y> https://acme.example/reset?token=abc#d';
		assert.equal(
			got( '[HEADER].x-note == x', { headers: { 'x-note': value } } ),
			'"a\\u001b[31m b (address) <(address)> https://acme.example/reset?…"'
		);
	} );

	it( 'has no value of a header or key whose name tells a secret', () => {
		assert.equal( got( '[HEADER].set-cookie == x', { headers: { 'set-cookie': 'id=1' } } ), 'a value that is not shown' );
		assert.equal( got( '[BODY].auth.value == "x"', json( { auth: { value: 'abc' } } ) ), 'a value that is not shown' );
		assert.equal( got( '[BODY].api_key == "x"', json( { api_key: 'abc' } ) ), 'a value that is not shown' );
	} );

	it( 'stays short for hostile texts of 1 MiB, in less than a second', () => {
		const begun = performance.now();
		for ( const text of [ '@'.repeat( 1_048_576 ), 'a'.repeat( 1_048_576 ), 'http://'.repeat( 150_000 ), 'a@'.repeat( 500_000 ) ] ) {
			assert.ok( got( '[BODY] == "x"', body( text ) ).length <= 100 );
		}
		assert.ok( performance.now() - begun < 1000 );
	} );
} );
