import type { CheckCode, MonitorState } from '../contract/vocabulary.ts';
import type { Facts } from '../probes/probe.ts';
import { printAssertion, printExpected } from './assertion.ts';
import { isOrder, kindOf, PLACES, type Assertion, type Literal } from './assertion-places.ts';

/** What a check found out; what is left out was not measured. */
export type Readings = Facts & { response_time_ms?: number };

/** How one assertion came out. `expected` and `got` are texts for people; `got` is cut and holds no secrets. */
export type AssertionResult = {
	assertion: string;
	passed: boolean;
	expected: string;
	got: string;
	/** What it makes of a check that is up without it; `unknown` when the body went on past the cap. */
	state: MonitorState;
	error_code: CheckCode;
};

export type AssertionsVerdict = {
	state: MonitorState;
	error_code: CheckCode;
	error_message: string | null;
	assertions: AssertionResult[];
};

const SHOWN = 100;

/** What stands at the place, or why nothing does. */
type Found = { at: 'value'; value: unknown } | { at: 'absent' | 'not_measured' | 'past_cap' | 'not_json' };

const NOT_THERE: Record< Exclude< Found[ 'at' ], 'value' >, string > = {
	absent: 'nothing there',
	not_measured: 'not measured',
	past_cap: 'not known, the body was read only in part',
	not_json: 'a body that is not JSON',
};

/** Judges all assertions of a check that is up without them. A failed hard one counts before an unknown one,
 *  that before a soft one; the message names the first of them. */
export function judgeAssertions( assertions: readonly Assertion[], facts: Readings ): AssertionsVerdict {
	const json = readJsonOnce( facts );
	const results = assertions.map( ( assertion ) => judgeAssertion( assertion, facts, json ) );
	for ( const state of [ 'down', 'unknown', 'degraded' ] as const ) {
		const worst = results.find( ( result ) => result.state === state );
		if ( worst ) {
			const error_message = `${ cut( worst.assertion ) }: got ${ worst.got }.`;
			return { state, error_code: worst.error_code, error_message, assertions: results };
		}
	}
	return { state: 'up', error_code: 'ok', error_message: null, assertions: results };
}

/** Whether an assertion says itself what this place should be, so that the usual expectation falls away. */
export function asksFor( assertions: readonly Assertion[], place: Assertion[ 'place' ] ): boolean {
	return assertions.some( ( assertion ) => assertion.place === place );
}

function judgeAssertion( assertion: Assertion, facts: Readings, json: () => Found ): AssertionResult {
	const found = find( assertion, facts, json );
	const passed = holds( assertion, found );
	const state = passed ? 'up' : found.at === 'past_cap' ? 'unknown' : PLACES[ assertion.place ].soft ? 'degraded' : 'down';
	return {
		assertion: printAssertion( assertion ),
		passed,
		expected: cut( printExpected( assertion ) ),
		got: shownGot( assertion, found, facts ),
		state,
		error_code: passed ? 'ok' : found.at === 'past_cap' ? 'past_cap' : codeOf( assertion ),
	};
}

function codeOf( { place, path, reading, operator }: Assertion ): CheckCode {
	if ( place === 'BODY' && path.length === 0 && reading === 'value' && operator.endsWith( 'contains' ) ) {
		return operator === 'contains' ? 'keyword_missing' : 'keyword_present';
	}
	return PLACES[ place ].error_code;
}

function find( assertion: Assertion, facts: Readings, json: () => Found ): Found {
	const found = findPlace( assertion, facts, json );
	if ( assertion.reading === 'value' || ( found.at !== 'value' && found.at !== 'absent' ) ) {
		return found;
	}
	if ( assertion.reading === 'has' ) {
		return { at: 'value', value: found.at === 'value' };
	}
	const length = found.at === 'value' ? lengthOf( found.value ) : null;
	return length === null ? { at: 'absent' } : { at: 'value', value: length };
}

function findPlace( assertion: Assertion, facts: Readings, json: () => Found ): Found {
	const { place, path } = assertion;
	switch ( place ) {
		case 'HEADER':
			return facts.headers === undefined ? { at: 'not_measured' } : ownValue( facts.headers, String( path[ 0 ] ) );
		case 'BODY':
			return path.length > 0 ? path.reduce< Found >( step, json() ) : findText( assertion, facts.body );
		case 'STATUS':
			return measured( facts.status );
		case 'RESPONSE_TIME':
			return measured( facts.response_time_ms );
		case 'CERT_DAYS':
			return measured( facts.tls_days );
		case 'DOMAIN_DAYS':
			return measured( facts.domain_days );
		case 'DNS_RCODE':
			return measured( facts.rcode );
		case 'DNS_ANSWER':
			return measured( facts.answers );
		case 'CONNECTED':
			return measured( facts.connected );
		case 'IP':
			return measured( facts.ip );
	}
}

/** A body that was not read to its end can show that a keyword is there, and nothing else. */
function findText( assertion: Assertion, body: Readings[ 'body' ] ): Found {
	if ( body === undefined ) {
		return { at: 'not_measured' };
	}
	const { operator, reading, values } = assertion;
	const decided = body.whole || ( reading === 'value' && operator.endsWith( 'contains' ) && contains( body.text, values, 'text' ) );
	return decided ? { at: 'value', value: body.text } : { at: 'past_cap' };
}

function measured( value: unknown ): Found {
	return value === undefined ? { at: 'not_measured' } : { at: 'value', value };
}

function step( found: Found, key: string | number ): Found {
	return found.at === 'value' ? ownValue( found.value, typeof key === 'string' ? key.normalize( 'NFC' ) : key ) : found;
}

function ownValue( holder: unknown, key: string | number ): Found {
	const own = typeof holder === 'object' && holder !== null ? Object.getOwnPropertyDescriptor( holder, key ) : undefined;
	return own?.enumerable ? { at: 'value', value: own.value } : { at: 'absent' };
}

function readJsonOnce( { body }: Readings ): () => Found {
	let read: Found | null = null;
	return () => ( read ??= body === undefined ? { at: 'not_measured' } : body.whole ? parsedJson( body.text ) : { at: 'past_cap' } );
}

function parsedJson( text: string ): Found {
	try {
		return { at: 'value', value: JSON.parse( text ) };
	} catch ( error ) {
		if ( error instanceof SyntaxError ) {
			return { at: 'not_json' };
		}
		throw error;
	}
}

/** Characters of a text, items of a list, keys of an object; null for what has no length. */
function lengthOf( value: unknown ): number | null {
	if ( typeof value === 'string' ) {
		return [ ...value ].length;
	}
	return typeof value === 'object' && value !== null ? Object.keys( value ).length : null;
}

/** What is not there is unlike any value; what was not measured holds nothing. */
function holds( assertion: Assertion, found: Found ): boolean {
	const { operator, values } = assertion;
	if ( found.at !== 'value' ) {
		return found.at === 'absent' && operator.startsWith( '!' );
	}
	const kind = kindOf( assertion );
	if ( isOrder( operator ) ) {
		return inOrder( found.value, operator, Number( values[ 0 ] ) );
	}
	const plain = operator.endsWith( 'contains' ) ? contains( found.value, values, kind ) : equals( found.value, values, kind );
	return operator.startsWith( '!' ) ? ! plain : plain;
}

function inOrder( found: unknown, operator: Assertion[ 'operator' ], value: number ): boolean {
	const numeric = typeof found === 'string' && /^-?\d{1,15}(\.\d{1,6})?$/.test( found.trim() ) ? Number( found ) : found;
	if ( typeof numeric !== 'number' ) {
		return false;
	}
	const ordered: Partial< Record< Assertion[ 'operator' ], boolean > > = {
		'<': numeric < value,
		'<=': numeric <= value,
		'>': numeric > value,
		'>=': numeric >= value,
	};
	return ordered[ operator ] ?? false;
}

function contains( found: unknown, values: readonly Literal[], kind: string ): boolean {
	if ( Array.isArray( found ) ) {
		return found.some( ( item ) => isOneOf( item, values, kind ) );
	}
	return typeof found === 'string' && values.some( ( value ) => found.normalize( 'NFC' ).includes( String( value ).normalize( 'NFC' ) ) );
}

/** A list equals values when it has records and none that is not among them. */
function equals( found: unknown, values: readonly Literal[], kind: string ): boolean {
	return kind === 'list' && Array.isArray( found )
		? found.length > 0 && found.every( ( item ) => isOneOf( item, values, kind ) )
		: isOneOf( found, values, kind );
}

function isOneOf( found: unknown, values: readonly Literal[], kind: string ): boolean {
	return values.some( ( value ) => {
		if ( typeof found !== 'string' || typeof value !== 'string' ) {
			return found === value;
		}
		return kind === 'list' || kind === 'address'
			? canonicalRecord( found ) === canonicalRecord( value )
			: comparable( found, kind ) === comparable( value, kind );
	} );
}

function comparable( text: string, kind: string ): string {
	return kind === 'json' ? text.normalize( 'NFC' ) : text.normalize( 'NFC' ).trim();
}

/** Names without their last dot, IPv6 in its short form, case ignored. */
function canonicalRecord( text: string ): string {
	const ipv6 = /^[\da-f:.]*:[\da-f:.]*$/i.test( text ) ? URL.parse( `http://[${ text }]/` ) : null;
	return ipv6?.hostname ?? text.toLowerCase().replace( /\.$/, '' );
}

/** Names of headers and keys whose values are not for a log. */
const SECRET = /pass|secret|token|auth(?!or)|cookie|session|key|credential|signature/i;

function shownGot( assertion: Assertion, found: Found, facts: Readings ): string {
	const { place, path, reading, operator } = assertion;
	if ( found.at !== 'value' ) {
		return NOT_THERE[ found.at ];
	}
	if ( place === 'BODY' && path.length === 0 && reading === 'value' ) {
		const length = [ ...( facts.body?.text ?? '' ) ].length;
		const there = holds( assertion, found ) === ( operator === 'contains' );
		return operator.endsWith( 'contains' )
			? `${ there ? 'it' : 'not it' } in a text of ${ length } characters (${ facts.body?.charset ?? '' })`
			: shown( found.value );
	}
	return reading === 'value' && path.some( ( key ) => SECRET.test( String( key ) ) ) ? 'a value that is not shown' : shown( found.value );
}

function shown( value: unknown ): string {
	if ( Array.isArray( value ) && value.every( ( item ) => typeof item === 'string' ) ) {
		return value.length === 0 ? 'no records' : cut( value.join( ', ' ) );
	}
	if ( typeof value === 'object' && value !== null ) {
		return `${ Array.isArray( value ) ? 'an array' : 'an object' } of ${ Object.keys( value ).length }`;
	}
	return cut( typeof value === 'string' ? JSON.stringify( value ) : String( value ) );
}

/** What has nothing to cut, as nearly all have. */
const PLAIN = /^[ !-9;->A-~]{0,100}$/;

/** One line of at most 100 characters, without controls, e-mail addresses and what follows the "?" of a URL. */
function cut( text: string ): string {
	if ( PLAIN.test( text ) ) {
		return text;
	}
	const line = text
		.slice( 0, SHOWN * 8 )
		.replace( /[\p{C}\p{Zl}\p{Zp}]+/gu, ' ' )
		.replace( /[^\s"'<>@,]{1,64}@[^\s"'<>@,]{1,255}/g, '(address)' )
		.replace( /(https?:\/\/[^\s"'?]{1,500})\?[^\s"']*/gi, '$1?…' );
	const characters = [ ...line ];
	return characters.length <= SHOWN ? line : `${ characters.slice( 0, SHOWN - 1 ).join( '' ) }…`;
}
