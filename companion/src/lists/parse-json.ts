import { RollcallError } from '../errors.ts';
import { cleanText } from './clean-text.ts';

/** Deeper texts are refused before they are parsed: 20 MiB of `[` would take a gigabyte. Records have their own, lower limit. */
const MAX_DEPTH = 64;

/** JSON of a list. Errors: list_not_json, also for a web page answered with 200; list_shape when nested too deep. */
export function parseJson( bytes: Uint8Array, origin: string ): unknown {
	const text = decode( bytes, origin );
	if ( /^\s*</.test( text ) ) {
		throw new RollcallError( 'list_not_json', `${ origin } is a web page, not JSON: ${ cleanText( text, 80 ) }` );
	}
	if ( isTooDeep( text ) ) {
		throw new RollcallError( 'list_shape', `${ origin } nests deeper than ${ MAX_DEPTH } levels.` );
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

function isTooDeep( text: string ): boolean {
	let depth = 0;
	let quoted = false;
	for ( let at = 0; at < text.length; at++ ) {
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
			if ( depth > MAX_DEPTH ) {
				return true;
			}
		} else if ( unit === 93 || unit === 125 ) {
			depth--;
		}
	}
	return false;
}
