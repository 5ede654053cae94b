import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RollcallError } from '../../../companion/src/errors.ts';
import { encodingOf } from '../../../companion/src/match/text-encoding.ts';

const utf16 = ( text: string ): Buffer => Buffer.from( text, 'utf16le' );

const TEXTS: [ what: string, head: Uint8Array, encoding: string ][] = [
	[ 'nothing', Buffer.of(), 'utf-8' ],
	[ 'addresses', Buffer.from( 'a@acme.com\n' ), 'utf-8' ],
	[ 'a byte order mark of UTF-8', Buffer.from( '\ufeffa@acme.com\n' ), 'utf-8' ],
	[ 'Latin-1', Buffer.from( 'M\u00fcller,a@acme.com\n', 'latin1' ), 'utf-8' ],
	[ 'tabs and old line ends', Buffer.from( '\ta\t\r\t\f\u001a' ), 'utf-8' ],
	[ 'a text with single control characters', Buffer.from( 'a@acme.com\0.evil.com\nb@b.de\u0001\n' ), 'utf-8' ],
	[ 'UTF-16', utf16( '\ufeffa@b\u00fccher.de' ), 'utf-16le' ],
	[ 'UTF-16 with the high octet first', utf16( '\ufeffa@b\u00fccher.de' ).swap16(), 'utf-16be' ],
	[ 'UTF-16 without a byte order mark', utf16( 'email;name\r\na@acme.com;\u98df\u72ee' ), 'utf-16le' ],
	[ 'the same with the high octet first', utf16( 'email;name\r\na@acme.com;\u98df\u72ee' ).swap16(), 'utf-16be' ],
];

const NO_TEXTS: [ what: string, head: number[], message: RegExp ][] = [
	[ 'a spreadsheet', [ 0x50, 0x4b, 3, 4 ], /spreadsheet or an archive/u ],
	[ 'an archive', [ 0x1f, 0x8b, 8, 0 ], /spreadsheet or an archive/u ],
	[ 'an old spreadsheet', [ 0xd0, 0xcf, 0x11, 0xe0 ], /spreadsheet or an archive/u ],
	[ 'a PDF', [ 0x25, 0x50, 0x44, 0x46, 0x2d, 0x31, 0x2e, 0x37 ], /not text/u ],
	[ 'a picture', [ 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 1, 0 ], /not text/u ],
	[ 'a program', [ 0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 ], /not text/u ],
	[ 'zeros', Array.from( { length: 1024 }, () => 0 ), /not text/u ],
];

describe( 'encoding', () => {
	for ( const [ what, head, encoding ] of TEXTS ) {
		it( `takes ${ what } for ${ encoding }`, () => {
			assert.equal( encodingOf( head ), encoding );
		} );
	}

	for ( const [ what, head, message ] of NO_TEXTS ) {
		it( `refuses ${ what }`, () => {
			assert.throws(
				() => encodingOf( Uint8Array.from( head ) ),
				( thrown ) => thrown instanceof RollcallError && thrown.code === 'file_unreadable' && message.test( thrown.message )
			);
		} );
	}
} );
