import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { MAX_ASSERTION, parseAssertion, printAssertion } from '../../../companion/src/monitor/assertion.ts';
import {
	DNS_RCODES,
	kindOf,
	OPERATORS,
	PLACES,
	type Assertion,
	type Literal,
	type Operator,
	type PathStep,
	type PlaceKind,
	type PlaceName,
} from '../../../companion/src/monitor/assertion-places.ts';
import { seededRandom } from './random.ts';

const canonical = ( text: string ): string => {
	const parsed = parseAssertion( text );
	assert.ok( parsed.ok, `${ text }: ${ parsed.ok ? '' : parsed.message }` );
	return printAssertion( parsed.assertion );
};

describe( 'an assertion', () => {
	const cases: [ string, string ][] = [
		[ '[STATUS] < 400', '[STATUS] < 400' ],
		[ '[STATUS]==200', '[STATUS] == 200' ],
		[ ' [ status ]  ==  any( 200,204 ) ', '[STATUS] == any(200, 204)' ],
		[ '[STATUS] == any(200)', '[STATUS] == 200' ],
		[ '[RESPONSE_TIME] < 500', '[RESPONSE_TIME] < 500' ],
		[ '[RESPONSE_TIME] < 0.5', '[RESPONSE_TIME] < 0.5' ],
		[ '[BODY] contains "sign in"', '[BODY] contains "sign in"' ],
		[ '[BODY] !contains Exception', '[BODY] !contains "Exception"' ],
		[ '[BODY] contains any("a", "b, c")', '[BODY] contains any("a", "b, c")' ],
		[ '[BODY] contains ".*(a+)+$"', '[BODY] contains ".*(a+)+$"' ],
		[ '[BODY] == OK', '[BODY] == "OK"' ],
		[ '[BODY] != ""', '[BODY] != ""' ],
		[ '[BODY].user.name == "x"', '[BODY].user.name == "x"' ],
		[ '[BODY].name == x', '[BODY].name == "x"' ],
		[ '[BODY].ok == true', '[BODY].ok == true' ],
		[ '[BODY].ok == "true"', '[BODY].ok == "true"' ],
		[ '[BODY].error == null', '[BODY].error == null' ],
		[ '[BODY].version == 1.2.3', '[BODY].version == "1.2.3"' ],
		[ '[BODY].n == -0', '[BODY].n == 0' ],
		[ '[BODY].n >= -1.50', '[BODY].n >= -1.5' ],
		[ '[BODY][0].items[12]["a.b c"] == 1', '[BODY][0].items[12]["a.b c"] == 1' ],
		[ '[BODY]["plain"] == 1', '[BODY].plain == 1' ],
		[ '[BODY].größe == 1', '[BODY].größe == 1' ],
		[ 'len([BODY].items) > 0', 'len([BODY].items) > 0' ],
		[ 'len( [BODY] ) >= 100', 'len([BODY]) >= 100' ],
		[ 'len([DNS_ANSWER]) == 2', 'len([DNS_ANSWER]) == 2' ],
		[ 'has([BODY].error) == false', 'has([BODY].error) == false' ],
		[ 'has([HEADER].Strict-Transport-Security) == true', 'has([HEADER].strict-transport-security) == true' ],
		[ '[HEADER].Content-Type contains json', '[HEADER].content-type contains "json"' ],
		[ '[HEADER].content-length < 1000', '[HEADER].content-length < 1000' ],
		[ '[CERT_DAYS] > 14', '[CERT_DAYS] > 14' ],
		[ '[DOMAIN_DAYS] > 30', '[DOMAIN_DAYS] > 30' ],
		[ '[DNS_RCODE] == noerror', '[DNS_RCODE] == NOERROR' ],
		[ '[DNS_ANSWER] contains 1.2.3.4', '[DNS_ANSWER] contains 1.2.3.4' ],
		[ '[DNS_ANSWER] contains "v=spf1 -all"', '[DNS_ANSWER] contains "v=spf1 -all"' ],
		[ '[DNS_ANSWER] == any(2001:db8::1, "2001:db8::2")', '[DNS_ANSWER] == any(2001:db8::1, 2001:db8::2)' ],
		[ '[CONNECTED] == false', '[CONNECTED] == false' ],
		[ '[IP] == 192.0.2.1', '[IP] == 192.0.2.1' ],
	];
	for ( const [ text, printed ] of cases ) {
		it( `is read: ${ text }`, () => assert.equal( canonical( text ), printed ) );
	}

	const faults: [ string, number, string ][] = [
		[ '', 1, 'one of [STATUS]' ],
		[ 'STATUS < 400', 1, 'one of [STATUS]' ],
		[ '[NOPE] == 1', 1, 'one of [STATUS]' ],
		[ '[STATUS', 1, 'one of [STATUS]' ],
		[ '[STATUS]', 9, 'one of == != <= >= < >' ],
		[ '[STATUS] = 200', 10, 'one of ==' ],
		[ '[STATUS] contains 2', 10, 'one of ==' ],
		[ '[STATUS] <', 11, 'a number' ],
		[ '[STATUS] < fast', 12, 'a number' ],
		[ '[STATUS] < 400ms', 12, 'a number' ],
		[ '[STATUS] < 1e3', 12, 'a number' ],
		[ '[STATUS] < 01', 12, 'a number' ],
		[ '[STATUS] < any(1, 2)', 12, 'a number' ],
		[ '[STATUS] < 400 or 500', 16, 'the end' ],
		[ '[STATUS] == any(200', 20, '"," or ")"' ],
		[ '[STATUS] == any()', 17, 'a number' ],
		[ '[BODY] contains ""', 17, 'a text that is not empty' ],
		[ '[BODY] contains', 16, 'a value' ],
		[ '[BODY] contains two words', 21, 'the end' ],
		[ '[BODY] contains "open', 17, 'a value' ],
		[ '[BODY] matches /x/', 8, 'one of == != contains !contains' ],
		[ '[BODY] < 5', 8, 'one of == != contains !contains' ],
		[ '[BODY]. == 1', 9, 'a key' ],
		[ '[BODY][x] == 1', 8, 'an index or a key in double quotes' ],
		[ '[BODY][0 == 1', 10, '"]"' ],
		[ '[HEADER] contains x', 10, 'the name of a header' ],
		[ 'len([STATUS]) == 3', 5, 'one of [BODY] [DNS_ANSWER]' ],
		[ 'has([BODY]) == true', 11, 'a path such as .user.name' ],
		[ 'has([BODY].x) == yes', 18, 'true or false' ],
		[ 'len([BODY] == 1', 12, '")"' ],
		[ '[CONNECTED] == 1', 16, 'true or false' ],
		[ '[DNS_RCODE] == OK', 16, 'one of NOERROR' ],
		[ `[BODY]${ '.a'.repeat( 17 ) } == 1`, 42, 'a path of at most 16 steps' ],
		[ `[STATUS] == any(${ '1,'.repeat( 50 ) }1)`, 118, 'at most 50 values' ],
		[ `[BODY] contains "${ 'x'.repeat( MAX_ASSERTION ) }"`, MAX_ASSERTION + 1, 'the end after at most 16384 characters' ],
	];
	for ( const [ text, at, expected ] of faults ) {
		it( `is refused with the place: ${ text.slice( 0, 60 ) }`, () => {
			const parsed = parseAssertion( text );
			assert.ok( ! parsed.ok );
			assert.deepEqual( [ parsed.at, parsed.expected.slice( 0, expected.length ) ], [ at, expected ] );
			assert.equal( parsed.message, `At ${ at }: expected ${ parsed.expected }, found ${ parsed.found }.` );
		} );
	}

	it( 'may have a keyword of 10 kB', () => {
		assert.ok( parseAssertion( `[BODY] contains "${ 'ä'.repeat( 10_240 ) }"` ).ok );
	} );

	it( 'has only the places of a check type that is named', () => {
		assert.ok( parseAssertion( '[STATUS] < 400', 'http' ).ok );
		const refused = parseAssertion( '[STATUS] < 400', 'tcp' );
		assert.equal( refused.ok ? '' : refused.expected, 'one of [RESPONSE_TIME] [CONNECTED] [IP]' );
		const none = parseAssertion( '[STATUS] < 400', 'push' );
		assert.equal( none.ok ? '' : none.expected, 'no assertion of a push check' );
	} );

	it( 'shows no control characters of a text that is refused', () => {
		const parsed = parseAssertion( '[STATUS] < \u001b[31m\u202e' );
		assert.equal( parsed.ok ? '' : parsed.found, '" [31m "' );
	} );
} );

describe( 'a printed assertion', () => {
	// A form prints what it parsed: a difference would change what a monitor asks for without anyone having said so.
	it( 'is parsed to the same assertion, whatever is in it (20,000 seeded)', () => {
		const random = seededRandom( 20_261 );
		for ( let round = 0; round < 20_000; round++ ) {
			const assertion = anyAssertion( random );
			const printed = printAssertion( assertion );
			assert.deepEqual( parseAssertion( printed ), { ok: true, assertion }, printed );
		}
	} );

	it( 'never makes the parser throw when it is damaged (20,000 seeded)', () => {
		const random = seededRandom( 7 );
		for ( let round = 0; round < 20_000; round++ ) {
			const printed = printAssertion( anyAssertion( random ) );
			const at = random( printed.length + 1 );
			const damaged = printed.slice( 0, at ) + PIECES[ random( PIECES.length ) ] + printed.slice( at + random( 3 ) );
			const parsed = parseAssertion( damaged );
			if ( parsed.ok ) {
				const again = printAssertion( parsed.assertion );
				assert.deepEqual( parseAssertion( again ), parsed, damaged );
			} else {
				assert.ok( parsed.at >= 1 && parsed.at <= damaged.length + 1, damaged );
			}
		}
	} );
} );

describe( 'the page on assertions', () => {
	const page = readFileSync( new URL( '../../../companion/docs/assertions.md', import.meta.url ), 'utf8' );
	const table = [ ...page.matchAll( /^\| `\[(\w+)\]` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm ) ];

	it( 'has each place with its check types, its weight and its code, and no other', () => {
		const rows = table.map( ( [ , name, types, weight, code, description ] ) => [ name, types, weight, code, description ] );
		const expected = Object.entries( PLACES ).map( ( [ name, { types, soft, error_code, description } ] ) => [
			name,
			types.join( ', ' ),
			soft ? 'soft' : 'hard',
			`\`${ error_code }\``,
			description,
		] );
		assert.deepEqual( rows, expected );
	} );

	it( 'has each operator with what it may be asked of, and no other', () => {
		const rows = [ ...page.matchAll( /^\| `([=!<>]+|!?contains)` \| ([^|]+) \|/gm ) ].map( ( [ , operator, kinds ] ) => [
			operator,
			kinds,
		] );
		const expected = Object.entries( OPERATORS ).map( ( [ operator, kinds ] ) => [ operator, kinds.join( ', ' ) ] );
		assert.deepEqual( rows, expected );
	} );

	it( 'has examples that are canonical', () => {
		const block = /```text\n([\s\S]*?)```/.exec( page )?.[ 1 ] ?? '';
		const examples = block
			.trim()
			.split( '\n' )
			.map( ( line ) => line.replace( /\s{2,}.*$/, '' ) );
		assert.ok( examples.length >= 12 );
		assert.deepEqual( examples.map( canonical ), examples );
	} );

	it( 'names every RCODE', () => {
		assert.ok( page.includes( DNS_RCODES.map( ( word ) => `\`${ word }\`` ).join( ' ' ) ) );
	} );
} );

const PIECES = [ '', '"', '(', ')', '[', ']', ',', ' ', '\\', '==', '!', 'any(', '\u0000', '\ud800', '🦀', 'null', '-', '.', '9' ];

type Random = ReturnType< typeof seededRandom >;

function anyText( random: Random ): string {
	return Array.from( { length: 1 + random( 6 ) }, () => PIECES[ random( PIECES.length ) ] ).join( '' ) || 'x';
}

function anyPath( random: Random, place: PlaceName, shortest: number ): PathStep[] {
	if ( place === 'HEADER' ) {
		return [ [ 'x-a', 'content-type', 'a.b', 'etag' ][ random( 4 ) ] ?? '' ];
	}
	return place !== 'BODY'
		? []
		: Array.from( { length: shortest + random( 3 ) }, () => ( random( 3 ) === 0 ? random( 1000 ) : anyText( random ) ) );
}

function anyValue( random: Random, kind: PlaceKind, operator: Operator ): Literal {
	if ( kind === 'number' || /^[<>]/.test( operator ) ) {
		return random( 2 ) === 0 ? random( 100_000 ) : ( random( 2_000_001 ) - 1_000_000 ) / 1000;
	}
	if ( kind === 'boolean' ) {
		return random( 2 ) === 0;
	}
	if ( kind === 'word' ) {
		return DNS_RCODES[ random( DNS_RCODES.length ) ] ?? 'NOERROR';
	}
	const plain = [ true, false, null, random( 1000 ) ][ random( 12 ) ];
	return kind === 'json' && plain !== undefined ? plain : anyText( random );
}

function anyAssertion( random: Random ): Assertion {
	// The own keys of a literal object are exactly its declared ones.
	const places = Object.keys( PLACES ) as PlaceName[];
	const operators = Object.keys( OPERATORS ) as Operator[];
	const place = places[ random( places.length ) ] ?? 'STATUS';
	const can_have = place === 'BODY' || place === 'HEADER';
	const can_len = place === 'BODY' || place === 'DNS_ANSWER';
	const reading = random( 4 ) > 0 ? 'value' : can_len && random( 2 ) === 0 ? 'len' : can_have ? 'has' : 'value';
	const subject = { reading, place, path: anyPath( random, place, reading === 'has' ? 1 : 0 ) } as const;
	const kind = kindOf( subject );
	const fitting = operators.filter( ( operator ) => OPERATORS[ operator ].some( ( fits ) => fits === kind ) );
	const operator = fitting[ random( fitting.length ) ] ?? '==';
	const count = /^[<>]/.test( operator ) || random( 3 ) > 0 ? 1 : 2 + random( 3 );
	return { ...subject, operator, values: Array.from( { length: count }, () => anyValue( random, kind, operator ) ) };
}
