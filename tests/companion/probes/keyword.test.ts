import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeAssertions } from '../../../companion/src/monitor/assertion-judge.ts';
import { parseAssertion } from '../../../companion/src/monitor/assertion.ts';
import { bodyText } from '../../../companion/src/probes/keyword.ts';

const utf8 = ( text: string ): Buffer => Buffer.from( text, 'utf8' );
const latin1 = ( text: string ): Buffer => Buffer.from( text, 'latin1' );
const utf16le = ( text: string ): Buffer => Buffer.from( text, 'utf16le' );
const utf16be = ( text: string ): Buffer => Buffer.from( text, 'utf16le' ).swap16();
const octets = ( ...values: number[] ): Buffer => Buffer.from( values );

/** Code that a check for the keyword gives, and the charset in which it was sought. */
function sought( bytes: Uint8Array, content_type: string, keyword: string, whole = true ): string[] {
	const parsed = parseAssertion( `[BODY] contains ${ JSON.stringify( keyword ) }` );
	assert.ok( parsed.ok );
	const body = bodyText( bytes, content_type, whole );
	return [ judgeAssertions( [ parsed.assertion ], { body } ).error_code, body.charset ];
}

type Row = [ string, Uint8Array, string, string, string, string ];

describe( 'F60: a keyword is found', () => {
	const found: Row[] = [
		[ 'in plain UTF-8', utf8( 'Größe' ), '', 'Größe', 'ok', 'utf-8' ],
		[ 'in UTF-8 with a mark', utf8( '\ufeffGröße' ), 'text/html; charset=iso-8859-1', 'Größe', 'ok', 'utf-8' ],
		[ 'in UTF-16 by its mark', utf16le( '\ufeffGröße' ), 'text/html; charset=utf-8', 'Größe', 'ok', 'utf-16le' ],
		[ 'in big-endian UTF-16 by its mark', utf16be( '\ufeffGröße' ), '', 'Größe', 'ok', 'utf-16be' ],
		[ 'in UTF-16 by the header', utf16le( 'Größe' ), 'text/plain; charset=utf-16le', 'Größe', 'ok', 'utf-16le' ],
		[ 'in ISO-8859-1 by the header', latin1( 'Größe' ), 'text/html; charset="ISO-8859-1"', 'Größe', 'ok', 'windows-1252' ],
		[ 'in windows-1252, which is meant by it', octets( 0x80, 0x35 ), 'text/html;charset=latin1', '€5', 'ok', 'windows-1252' ],
		[ 'in Shift_JIS', octets( 0x93, 0xfa, 0x96, 0x7b ), 'text/html; charset=Shift_JIS', '日本', 'ok', 'shift_jis' ],
		[ 'by a meta element', latin1( '<meta charset=iso-8859-1>Größe' ), 'text/html', 'Größe', 'ok', 'windows-1252' ],
		[
			'by the older meta element',
			latin1( '<META HTTP-EQUIV="content-type" CONTENT="text/html; charset=koi8-r">\xc1' ),
			'text/html',
			'а',
			'ok',
			'koi8-r',
		],
		[ 'with a header that meta contradicts', utf8( '<meta charset=latin1>Größe' ), 'text/html; charset=utf-8', 'Größe', 'ok', 'utf-8' ],
		[ 'with a meta that says UTF-16', utf8( '<meta charset="utf-16">Größe' ), 'text/html', 'Größe', 'ok', 'utf-8' ],
		[ 'with a meta in a comment', utf8( '<!-- <meta charset=latin1> -->Größe' ), 'text/html', 'Größe', 'ok', 'utf-8' ],
		[ 'with a charset that does not exist', utf8( 'Größe' ), 'text/html; charset=utf-9', 'Größe', 'ok', 'utf-8' ],
		[ 'in NFC when it is sought in NFD', utf8( 'caf\u00e9' ), '', 'cafe\u0301', 'ok', 'utf-8' ],
		[ 'in NFD when it is sought in NFC', utf8( 'cafe\u0301' ), '', 'caf\u00e9', 'ok', 'utf-8' ],
		[ 'in a comment', utf8( '<!-- ready -->' ), 'text/html', 'ready', 'ok', 'utf-8' ],
		[ 'as an entity, letter by letter', utf8( 'a &amp; b' ), 'text/html', 'a &amp; b', 'ok', 'utf-8' ],
		[ 'that looks like a pattern', utf8( 'cost (a+)+$ [x]' ), '', '(a+)+$ [x]', 'ok', 'utf-8' ],
		[ 'of 10 kB', utf8( `x${ 'k'.repeat( 10_240 ) }` ), '', 'k'.repeat( 10_240 ), 'ok', 'utf-8' ],
		[ 'beside octets that are no text', octets( 0xff, 0x6f, 0x6b, 0xc3 ), '', 'ok', 'ok', 'utf-8' ],
	];
	const missing: Row[] = [
		[ 'not through an entity', utf8( 'a &amp; b' ), 'text/html', 'a & b', 'keyword_missing', 'utf-8' ],
		[ 'not as a pattern', utf8( 'aaab' ), '', 'a+b', 'keyword_missing', 'utf-8' ],
		[ 'not in another case', utf8( 'Ready' ), '', 'ready', 'keyword_missing', 'utf-8' ],
		[ 'not with a header that lies', utf8( 'Größe' ), 'text/html; charset=latin1', 'Größe', 'keyword_missing', 'windows-1252' ],
		[ 'not with a meta that lies', utf8( '<meta charset=latin1>Größe' ), 'text/html', 'Größe', 'keyword_missing', 'windows-1252' ],
		[ 'not by a meta too far down', latin1( `${ ' '.repeat( 1024 ) }<meta charset=latin1>ö` ), '', 'ö', 'keyword_missing', 'utf-8' ],
		[ 'not in an empty body', octets(), '', 'x', 'keyword_missing', 'utf-8' ],
	];
	for ( const [ what, bytes, content_type, keyword, code, charset ] of [ ...found, ...missing ] ) {
		it( what, () => assert.deepEqual( sought( bytes, content_type, keyword ), [ code, charset ] ) );
	}

	it( 'unless it may come after what was read: that is not known', () => {
		assert.deepEqual( sought( utf8( 'the start' ), '', 'the end', false ), [ 'past_cap', 'utf-8' ] );
		assert.deepEqual( sought( utf8( 'the start' ), '', 'start', false ), [ 'ok', 'utf-8' ] );
	} );

	it( 'in a text that is NFC for all that read it', () => {
		assert.equal( bodyText( utf8( 'cafe\u0301' ), '', true ).text, 'caf\u00e9' );
	} );

	it( 'in a hostile page of 1 MiB within a second', () => {
		const begun = performance.now();
		for ( const piece of [ '<meta ', '<!--', '<meta charset=', 'charset=' ] ) {
			sought( utf8( piece.repeat( 1_048_576 / piece.length ) ), piece.repeat( 1000 ), 'x' );
		}
		assert.ok( performance.now() - begun < 1000 );
	} );
} );
