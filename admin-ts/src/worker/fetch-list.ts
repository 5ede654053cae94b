import { messageOf, RollcallError } from '../../../companion/src/errors.ts';
import type { Progress } from './protocol.ts';

/** The companion's limits hold here too. */
export const MAX_LIST_BYTES = 20 * 1024 * 1024;
const DEADLINE_MS = 60_000;

type Options = { signal: AbortSignal; onProgress?: ( progress: Progress ) => void; fetch?: typeof globalThis.fetch; deadline_ms?: number };

/** Bytes of a list that its host lets browsers read. Sends no cookies and no address of the page.
 *  Errors: bad_url, list_unreachable (also when the host does not let browsers read), list_timeout, list_too_large. */
export async function fetchList(
	url: string,
	{ signal, onProgress = () => undefined, fetch = globalThis.fetch, deadline_ms = DEADLINE_MS }: Options
): Promise< Uint8Array > {
	if ( ! isHttpUrl( url ) ) {
		throw new RollcallError( 'bad_url', `${ url.slice( 0, 200 ) } is no http(s) URL.` );
	}
	const deadline = AbortSignal.timeout( deadline_ms );
	try {
		const response = await fetch( url, {
			credentials: 'omit',
			referrerPolicy: 'no-referrer',
			cache: 'no-cache',
			signal: AbortSignal.any( [ signal, deadline ] ),
		} );
		if ( ! response.ok ) {
			throw new RollcallError( 'list_unreachable', `GET ${ url } answered ${ response.status }.` );
		}
		return await readCapped( response, url, onProgress );
	} catch ( thrown ) {
		signal.throwIfAborted();
		if ( thrown instanceof RollcallError ) {
			throw thrown;
		}
		throw deadline.aborted
			? new RollcallError( 'list_timeout', `GET ${ url } took longer than ${ deadline_ms / 1000 } s.`, { cause: thrown } )
			: new RollcallError( 'list_unreachable', `GET ${ url } failed in the browser: ${ messageOf( thrown ) }`, { cause: thrown } );
	}
}

function isHttpUrl( url: string ): boolean {
	const parsed = URL.canParse( url ) ? new URL( url ) : null;
	return parsed !== null && /^https?:$/.test( parsed.protocol ) && parsed.username === '' && parsed.password === '';
}

async function readCapped( response: Response, url: string, onProgress: ( progress: Progress ) => void ): Promise< Uint8Array > {
	const bytes_total = Number( response.headers.get( 'content-length' ) ?? 0 );
	const pieces: Uint8Array[] = [];
	let bytes_read = 0;
	const reader = response.body?.getReader();
	for ( let piece = await reader?.read(); piece && ! piece.done; piece = await reader?.read() ) {
		bytes_read += piece.value.length;
		if ( bytes_read > MAX_LIST_BYTES ) {
			await reader?.cancel();
			throw new RollcallError( 'list_too_large', `GET ${ url } answered more than ${ MAX_LIST_BYTES } bytes.` );
		}
		pieces.push( piece.value );
		onProgress( { bytes_read, bytes_total, rows_read: 0 } );
	}
	const whole = new Uint8Array( bytes_read );
	let at = 0;
	for ( const piece of pieces ) {
		whole.set( piece, at );
		at += piece.length;
	}
	return whole;
}
