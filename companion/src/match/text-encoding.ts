import { RollcallError } from '../errors.ts';

/** Octets from the start of a file that `encodingOf` looks at. */
export const HEAD_OCTETS = 1024;

/** The encoding of a text by its first octets, as TextDecoder names it: UTF-16 with or without a byte order mark, else UTF-8.
 *  Error: file_unreadable for what is no text, because its octets would be counted as rows without an address. */
export function encodingOf( bytes: Uint8Array ): 'utf-8' | 'utf-16le' | 'utf-16be' {
	const head = bytes.subarray( 0, HEAD_OCTETS );
	const [ first, second ] = head;
	if ( first === 0xff && second === 0xfe ) {
		return 'utf-16le';
	}
	if ( first === 0xfe && second === 0xff ) {
		return 'utf-16be';
	}
	if ( PACKED.some( ( start ) => startsWith( head, start ) ) ) {
		throw new RollcallError( 'file_unreadable', 'The file is a spreadsheet or an archive, not text.', {
			hint: 'Save it as CSV, or unpack it first.',
		} );
	}
	const even = zerosOf( head, 0 );
	const odd = zerosOf( head, 1 );
	if ( even + odd > head.length / 8 && Math.min( even, odd ) === 0 ) {
		return even === 0 ? 'utf-16le' : 'utf-16be';
	}
	const controls = head.filter( ( octet ) => octet < 0x20 && ! TEXT_CONTROLS.has( octet ) ).length;
	if ( startsWith( head, PDF ) || ( controls > 3 && controls > head.length / 20 ) ) {
		throw new RollcallError( 'file_unreadable', 'The file is not text.', { hint: 'Give a CSV or a text of addresses or domains.' } );
	}
	return 'utf-8';
}

/** ZIP (xlsx, ods), gzip, and the container of xls. */
const PACKED = [
	[ 0x50, 0x4b, 3, 4 ],
	[ 0x1f, 0x8b ],
	[ 0xd0, 0xcf, 0x11, 0xe0 ],
];
/** The first half kilobyte of a PDF may be plain text. */
const PDF = [ 0x25, 0x50, 0x44, 0x46, 0x2d ];
/** Tab, line feed, vertical tab, form feed, carriage return, and the end mark of old programs. */
const TEXT_CONTROLS = new Set( [ 9, 10, 11, 12, 13, 0x1a ] );

/** Zeros at even (0) or odd (1) places: one of the two octets of a Latin letter in UTF-16. */
function zerosOf( head: Uint8Array, parity: 0 | 1 ): number {
	return head.filter( ( octet, index ) => octet === 0 && index % 2 === parity ).length;
}

function startsWith( head: Uint8Array, start: readonly number[] ): boolean {
	return start.every( ( octet, index ) => head[ index ] === octet );
}
