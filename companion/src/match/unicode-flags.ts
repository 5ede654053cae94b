import type { DomainFlag } from '../contract/vocabulary.ts';
import { toUnicode } from './punycode.ts';

/** Lower-case letters that look like an ASCII letter, of the scripts used in whole-label look-alikes.
 *  A short part of UTS #39's confusables: enough to warn, too little to decide on. */
const LOOKS_LIKE = new Map(
	[
		...pairs( 'аbсԁеԍһіјӏոոорԛгѕսνѵԝхуʐ', 'abcdeghijlnnopqrsuvvwxyz' ),
		...pairs( 'αορνιυκγχ', 'aopviukyx' ),
		...pairs( 'օսհցզյո', 'ouhgqjn' ),
		...pairs( 'ıɑɡʟʀꜱᴄᴏᴠᴡᴢ', 'iaglrscovwz' ),
	].filter( ( [ letter ] ) => letter > '\u007f' )
);

/** Scripts of living languages with domains; two others in one label count as one. */
const NAMED = [
	'Latin',
	'Greek',
	'Cyrillic',
	'Armenian',
	'Hebrew',
	'Arabic',
	'Georgian',
	'Ethiopic',
	'Cherokee',
	'Thai',
	'Lao',
	'Khmer',
	'Myanmar',
	'Devanagari',
	'Bengali',
	'Gurmukhi',
	'Gujarati',
	'Oriya',
	'Tamil',
	'Telugu',
	'Kannada',
	'Malayalam',
	'Sinhala',
	'Tibetan',
	'Han',
	'Hiragana',
	'Katakana',
	'Hangul',
	'Bopomofo',
];
const SCRIPTS = new Map( [
	...NAMED.map( ( name ): [ string, RegExp ] => [ name, new RegExp( `\\p{Script=${ name }}`, 'u' ) ] ),
	[ 'other', new RegExp( `[^${ [ ...NAMED, 'Common', 'Inherited' ].map( ( name ) => `\\p{Script=${ name }}` ).join( '' ) }]`, 'u' ) ],
] );

/** Scripts that are written together (UTS #39 5.2, Highly Restrictive). */
const WRITTEN_TOGETHER = [
	new Set( [ 'Latin', 'Han', 'Hiragana', 'Katakana' ] ),
	new Set( [ 'Latin', 'Han', 'Bopomofo' ] ),
	new Set( [ 'Latin', 'Han', 'Hangul' ] ),
];

/** What RFC 5892 allows in a label: letters, marks, decimal digits, hyphen, and its exceptions of section 2.6. */
const NOT_IDNA2008 = /[^\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\-.\u00B7\u0375\u05F3\u05F4\u06FD\u06FE\u0F0B\u200C\u200D\u3007\u30FB]/u;

/** Remarks on a host in A-label form; empty for one without `xn--`. */
export function unicodeFlags( host: string ): DomainFlag[] {
	const text = toUnicode( host );
	if ( text === host ) {
		return [];
	}
	const labels = text.split( '.' );
	const flags: DomainFlag[] = [];
	if ( labels.some( isMixed ) ) {
		flags.push( 'mixed_script' );
	}
	if ( lookAlike( host ) !== null ) {
		flags.push( 'confusable' );
	}
	if ( NOT_IDNA2008.test( text ) ) {
		flags.push( 'not_idna2008' );
	}
	return flags;
}

/** The ASCII host that this one can be taken for; null when it looks like none. */
export function lookAlike( host: string ): string | null {
	const text = toUnicode( host );
	if ( text === host ) {
		return null;
	}
	const ascii = Array.from( text, ( letter ) => LOOKS_LIKE.get( letter ) ?? letter ).join( '' );
	return /^[a-z0-9.-]+$/u.test( ascii ) ? ascii : null;
}

function isMixed( label: string ): boolean {
	const scripts = [ ...SCRIPTS ].flatMap( ( [ name, test ] ) => ( test.test( label ) ? [ name ] : [] ) );
	return scripts.length > 1 && ! WRITTEN_TOGETHER.some( ( allowed ) => scripts.every( ( name ) => allowed.has( name ) ) );
}

function pairs( letters: string, ascii: string ): [ string, string ][] {
	return Array.from( letters, ( letter, index ) => [ letter, ascii.charAt( index ) ] );
}
