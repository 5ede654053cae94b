import type { CheckType } from '../contract/vocabulary.ts';
import {
	DNS_RCODES,
	isOrder,
	kindOf,
	OPERATORS,
	PLACES,
	type Assertion,
	type Literal,
	type Operator,
	type PathStep,
	type PlaceKind,
	type PlaceName,
	type Reading,
} from './assertion-places.ts';

/** Why a text is no assertion. `at` is the column from 1; `message` is a sentence of all three. */
export type AssertionFault = { ok: false; at: number; expected: string; found: string; message: string };

export type ParsedAssertion = { ok: true; assertion: Assertion } | AssertionFault;

/** Longest text of an assertion; a keyword of 10 kB fits. */
export const MAX_ASSERTION = 16_384;
const MAX_STEPS = 16;
const MAX_VALUES = 50;

const BARE = /[^\s"',()[\]]+/uy;
const QUOTED = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"/iuy;
const NUMBER = /-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?(?![^\s,)])/y;
const KEY = /[^\s.[\]()"'=!<>,]+/uy;
/** A plain key or item, which needs no quotes when printed. */
const PLAIN_KEY = /^[^\s.[\]()"'=!<>,\p{C}]+$/u;
const PLAIN_ITEM = /^[\w.:-]+$/;

/** Where parsing stopped. Thrown and caught in this file only. */
class Stop extends Error {
	readonly at: number;
	readonly expected: string;

	constructor( at: number, expected: string ) {
		super( expected );
		this.at = at;
		this.expected = expected;
	}
}

/** Parses an assertion such as `[STATUS] < 400` or `[BODY].user.name == "x"`; a check type narrows the places
 *  to those that it has. The grammar is in companion/docs/assertions.md. */
export function parseAssertion( text: string, check_type?: CheckType ): ParsedAssertion {
	const reader = makeReader( text );
	try {
		if ( text.length > MAX_ASSERTION ) {
			throw new Stop( MAX_ASSERTION, `the end after at most ${ MAX_ASSERTION } characters` );
		}
		return { ok: true, assertion: readAssertion( reader, check_type ) };
	} catch ( thrown ) {
		if ( ! ( thrown instanceof Stop ) ) {
			throw thrown;
		}
		const { at, expected } = thrown;
		const rest = text.slice( at, at + 20 );
		const found = rest.trim() === '' ? 'the end' : `"${ rest.replace( /\p{C}/gu, ' ' ).toWellFormed() }"`;
		return { ok: false, at: at + 1, expected, found, message: `At ${ at + 1 }: expected ${ expected }, found ${ found }.` };
	}
}

/** Writes an assertion in its one canonical form; parsing that gives the same assertion. */
export function printAssertion( assertion: Assertion ): string {
	return `${ printSubject( assertion ) } ${ printExpected( assertion ) }`;
}

/** Operator and value of an assertion, which is what was expected. */
export function printExpected( assertion: Assertion ): string {
	const kind = kindOf( assertion );
	const values = assertion.values.map( ( value ) => printValue( value, kind ) );
	return `${ assertion.operator } ${ values.length === 1 ? values[ 0 ] : `any(${ values.join( ', ' ) })` }`;
}

function printSubject( { reading, place, path }: Assertion ): string {
	const steps = path.map( ( step ) => {
		if ( typeof step === 'number' ) {
			return `[${ step }]`;
		}
		return place === 'HEADER' || PLAIN_KEY.test( step ) ? `.${ step }` : `[${ JSON.stringify( step ) }]`;
	} );
	const subject = `[${ place }]${ steps.join( '' ) }`;
	return reading === 'value' ? subject : `${ reading }(${ subject })`;
}

function printValue( value: Literal, kind: PlaceKind ): string {
	const bare = typeof value !== 'string' || kind === 'word' || ( ( kind === 'list' || kind === 'address' ) && PLAIN_ITEM.test( value ) );
	return bare ? String( value ) : JSON.stringify( value );
}

type Reader = {
	/** Where the next token begins. */
	at: () => number;
	/** What a sticky pattern matches here after white space, taken; null when it does not. */
	take: ( pattern: RegExp ) => string | null;
	expect: ( pattern: RegExp, expected: string ) => string;
};

function makeReader( text: string ): Reader {
	let at = 0;
	const token = (): number => {
		while ( text[ at ] === ' ' || text[ at ] === '\t' ) {
			at += 1;
		}
		return at;
	};
	const take = ( pattern: RegExp ): string | null => {
		pattern.lastIndex = token();
		const [ found = null ] = pattern.exec( text ) ?? [];
		at += found?.length ?? 0;
		return found;
	};
	const expect = ( pattern: RegExp, expected: string ): string => {
		const found = take( pattern );
		if ( found === null ) {
			throw new Stop( token(), expected );
		}
		return found;
	};
	return { at: token, take, expect };
}

function readAssertion( reader: Reader, check_type: CheckType | undefined ): Assertion {
	const subject = readSubject( reader, check_type );
	const kind = kindOf( subject );
	const operator = readOperator( reader, kind );
	const values = readValues( reader, kind, operator );
	reader.expect( /$/y, 'the end' );
	return { ...subject, operator, values };
}

function readSubject( reader: Reader, check_type: CheckType | undefined ): Pick< Assertion, 'reading' | 'place' | 'path' > {
	const called = reader.take( /(?:len|has)\s*\(/y );
	const reading: Reading = called === null ? 'value' : called.startsWith( 'len' ) ? 'len' : 'has';
	const place = readPlace( reader, reading, check_type );
	const path = place === 'HEADER' ? [ headerName( reader ) ] : place === 'BODY' ? readPath( reader ) : [];
	if ( reading === 'has' && path.length === 0 ) {
		throw new Stop( reader.at(), 'a path such as .user.name' );
	}
	if ( called !== null ) {
		reader.expect( /\)/y, '")"' );
	}
	return { reading, place, path };
}

function readPlace( reader: Reader, reading: Reading, check_type: CheckType | undefined ): PlaceName {
	const of_reading: Record< Reading, ( name: PlaceName ) => boolean > = {
		value: () => true,
		len: ( name ) => name === 'BODY' || name === 'DNS_ANSWER',
		has: ( name ) => name === 'BODY' || name === 'HEADER',
	};
	const known = placeNames().filter(
		( name ) =>
			of_reading[ reading ]( name ) && ( check_type === undefined || PLACES[ name ].types.some( ( type ) => type === check_type ) )
	);
	const expected =
		known.length === 0 ? `no assertion of a ${ check_type } check` : `one of ${ known.map( ( name ) => `[${ name }]` ).join( ' ' ) }`;
	const start = reader.at();
	const written = reader
		.expect( /\[\s*[A-Z_]+\s*\]/iy, expected )
		.replace( /[[\]\s]/g, '' )
		.toUpperCase();
	const place = known.find( ( name ) => name === written );
	if ( place === undefined ) {
		throw new Stop( start, expected );
	}
	return place;
}

function headerName( reader: Reader ): string {
	return reader
		.expect( /\.[\w.-]{1,100}/y, 'the name of a header, such as .content-type' )
		.slice( 1 )
		.toLowerCase();
}

function readPath( reader: Reader ): PathStep[] {
	const path: PathStep[] = [];
	for (;;) {
		if ( reader.take( /\./y ) !== null ) {
			path.push( reader.expect( KEY, 'a key' ) );
		} else if ( reader.take( /\[/y ) !== null ) {
			const index = reader.take( /\d{1,6}/y );
			path.push( index === null ? unquoted( reader.expect( QUOTED, 'an index or a key in double quotes' ) ) : Number( index ) );
			reader.expect( /\]/y, '"]"' );
		} else {
			return path;
		}
		if ( path.length > MAX_STEPS ) {
			throw new Stop( reader.at(), `a path of at most ${ MAX_STEPS } steps` );
		}
	}
}

function readOperator( reader: Reader, kind: PlaceKind ): Operator {
	const fitting = operators().filter( ( operator ) => OPERATORS[ operator ].some( ( fits ) => fits === kind ) );
	const expected = `one of ${ fitting.join( ' ' ) }`;
	const start = reader.at();
	const written = reader.expect( /==|!=|<=|>=|<|>|!?contains(?![\w])/y, expected );
	const operator = fitting.find( ( known ) => known === written );
	if ( operator === undefined ) {
		throw new Stop( start, expected );
	}
	return operator;
}

function readValues( reader: Reader, kind: PlaceKind, operator: Operator ): Literal[] {
	if ( isOrder( operator ) || reader.take( /any\s*\(/y ) === null ) {
		return [ readValue( reader, kind, operator ) ];
	}
	const values: Literal[] = [];
	do {
		values.push( readValue( reader, kind, operator ) );
		if ( values.length > MAX_VALUES ) {
			throw new Stop( reader.at(), `at most ${ MAX_VALUES } values` );
		}
	} while ( reader.take( /,/y ) !== null );
	reader.expect( /\)/y, '"," or ")"' );
	return values;
}

function readValue( reader: Reader, kind: PlaceKind, operator: Operator ): Literal {
	if ( kind === 'number' || isOrder( operator ) ) {
		return number( reader.expect( NUMBER, 'a number' ) );
	}
	if ( kind === 'boolean' ) {
		return reader.expect( /(?:true|false)(?![^\s,)])/y, 'true or false' ) === 'true';
	}
	if ( kind === 'word' ) {
		const pattern = new RegExp( `(?:${ DNS_RCODES.join( '|' ) })(?![^\\s,)])`, 'iy' );
		return reader.expect( pattern, `one of ${ DNS_RCODES.join( ' ' ) }` ).toUpperCase();
	}
	return readText( reader, kind, operator );
}

/** A text, or in JSON also a number, true, false or null, which quotes turn into texts. */
function readText( reader: Reader, kind: PlaceKind, operator: Operator ): Literal {
	if ( kind === 'json' ) {
		const plain = reader.take( NUMBER );
		if ( plain !== null ) {
			return number( plain );
		}
		const word = reader.take( /(?:true|false|null)(?![^\s,)])/y );
		if ( word !== null ) {
			return word === 'null' ? null : word === 'true';
		}
	}
	const start = reader.at();
	const quoted = reader.take( QUOTED );
	const text = quoted === null ? reader.expect( BARE, 'a value, in double quotes when it has spaces' ) : unquoted( quoted );
	if ( text === '' && operator.endsWith( 'contains' ) ) {
		throw new Stop( start, 'a text that is not empty' );
	}
	return text;
}

function number( text: string ): number {
	const value = Number( text );
	return value === 0 ? 0 : value;
}

/** The text of a JSON string literal, which QUOTED matched. */
function unquoted( literal: string ): string {
	return String( JSON.parse( literal ) );
}

/** The own keys of the literal object are exactly its declared ones. */
function placeNames(): PlaceName[] {
	return Object.keys( PLACES ) as PlaceName[];
}

/** The own keys of the literal object are exactly its declared ones. */
function operators(): Operator[] {
	return Object.keys( OPERATORS ) as Operator[];
}
