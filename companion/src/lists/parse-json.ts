import { RollcallError } from '../errors.ts';
import { cleanText } from './clean-text.ts';

/** Deeper texts are refused before they are parsed: 20 MiB of `[` would take a gigabyte. Records have their own, lower limit. */
const MAX_DEPTH = 64;

/** Most values of all records; yc-oss has 228,000 in 2026-06. 20 MiB of `[],` would be seven million, and take half a gigabyte. */
const MAX_VALUES = 4_000_000;

/** JSON of a list. Errors: list_not_json, also for a web page answered with 200; list_shape when nested too deep;
 *  list_too_large for too many values. */
export function parseJson( bytes: Uint8Array, origin: string ): unknown {
	const text = decode( bytes, origin );
	if ( /^\s*</.test( text ) ) {
		throw new RollcallError( 'list_not_json', `${ origin } is a web page, not JSON: ${ cleanText( text, 80 ) }` );
	}
	const { depth, values } = sizeOf( text );
	if ( depth > MAX_DEPTH ) {
		throw new RollcallError( 'list_shape', `${ origin } nests deeper than ${ MAX_DEPTH } levels.` );
	}
	if ( values > MAX_VALUES ) {
		throw new RollcallError( 'list_too_large', `${ origin } holds more than ${ MAX_VALUES } values.` );
	}
	try {
		return JSON.parse( text );
	} catch ( cause ) {
		throw new RollcallError( 'list_not_json', `${ origin } is not JSON: ${ cleanText( text, 80 ) || 'it is empty' }`, { cause } );
	}
}

function decode( bytes: Uint8Array, origin: string ): string {
	try {
		return new TextDecoder( 'utf-8', { fatal: true } ).decode( bytes );
	} catch ( cause ) {
		throw new RollcallError( 'list_not_json', `${ origin } is not UTF-8 text.`, { cause } );
	}
}

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;

/** Levels and values of a JSON text, as far as needed to refuse it. */
function sizeOf( text: string ): { depth: number; values: number } {
	let depth = 0;
	let deepest = 0;
	let values = 1;
	let quoted = false;
	for ( let at = 0; at < text.length && deepest <= MAX_DEPTH && values <= MAX_VALUES; at++ ) {
		const unit = text.charCodeAt( at );
		if ( quoted ) {
			if ( unit === BACKSLASH ) {
				at++;
			} else if ( unit === QUOTE ) {
				quoted = false;
			}
		} else if ( unit === QUOTE ) {
			quoted = true;
		} else if ( unit === 91 || unit === 123 ) {
			depth++;
			values++;
			deepest = Math.max( deepest, depth );
		} else if ( unit === 93 || unit === 125 ) {
			depth--;
		} else if ( unit === COMMA ) {
			values++;
		}
	}
	return { depth: deepest, values };
}
