const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const MAX_CODE_POINT = 0x10ffff;

/** The Unicode form of a label of the form `xn--…`; null when it cannot be decoded (RFC 3492 6.2).
 *  What it decodes to may still be no valid label: only encoding it again shows that. */
export function decodeLabel( label: string ): string | null {
	const text = label.slice( 'xn--'.length );
	const delimiter = text.lastIndexOf( '-' );
	const code_points = [ ...text.slice( 0, Math.max( delimiter, 0 ) ) ].map( ( letter ) => letter.charCodeAt( 0 ) );
	let code_point = 128;
	let bias = 72;
	let index = 0;
	let position = delimiter + 1;
	if ( delimiter === 0 || position >= text.length ) {
		return null;
	}
	while ( position < text.length ) {
		const start = index;
		let weight = 1;
		for ( let step = BASE; ; step += BASE ) {
			const digit = digitOf( text.charCodeAt( position++ ) );
			const threshold = Math.min( Math.max( step - bias, T_MIN ), T_MAX );
			index += digit * weight;
			if ( Number.isNaN( digit ) || index > Number.MAX_SAFE_INTEGER ) {
				return null;
			}
			if ( digit < threshold ) {
				break;
			}
			weight *= BASE - threshold;
		}
		bias = adapt( index - start, code_points.length + 1, start === 0 );
		code_point += Math.floor( index / ( code_points.length + 1 ) );
		index %= code_points.length + 1;
		if ( code_point > MAX_CODE_POINT ) {
			return null;
		}
		code_points.splice( index++, 0, code_point );
	}
	return code_points.map( ( point ) => String.fromCodePoint( point ) ).join( '' );
}

/** The host with each `xn--` label decoded; a label that cannot be decoded stays as it is. */
export function toUnicode( host: string ): string {
	if ( ! host.includes( 'xn--' ) ) {
		return host;
	}
	return host
		.split( '.' )
		.map( ( label ) => ( label.startsWith( 'xn--' ) ? ( decodeLabel( label ) ?? label ) : label ) )
		.join( '.' );
}

/** NaN for what is no digit, also past the end of the text. */
function digitOf( unit: number ): number {
	if ( unit >= 48 && unit <= 57 ) {
		return unit - 48 + 26;
	}
	return unit >= 97 && unit <= 122 ? unit - 97 : Number.NaN;
}

function adapt( delta: number, count: number, first: boolean ): number {
	let rest = first ? Math.floor( delta / 700 ) : delta >> 1;
	rest += Math.floor( rest / count );
	let bias = 0;
	for ( ; rest > 455; bias += BASE ) {
		rest = Math.floor( rest / ( BASE - T_MIN ) );
	}
	return bias + Math.floor( ( ( BASE - T_MIN + 1 ) * rest ) / ( rest + 38 ) );
}
