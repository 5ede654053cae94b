import { makeListReader, type DomainCounts } from './read-list.ts';

/** Octets or characters that are read at once; between two the page may draw and react. */
const PIECE = 1_048_576;

/** A file that holds no text: a spreadsheet, an archive, a picture. */
export class NoTextError extends Error {}

export type ReadOptions = {
	signal: AbortSignal;
	/** 0 to 1. */
	onProgress: ( share: number ) => void;
};

/** Reads a pasted text or a dropped file down to domains with counts. Throws NoTextError, and the signal's reason. */
export async function readSource( source: Blob | string, { signal, onProgress }: ReadOptions ): Promise< DomainCounts > {
	const reader = makeListReader();
	const size = typeof source === 'string' ? source.length : source.size;
	let decode: ( ( bytes: ArrayBuffer ) => string ) | null = null;
	for ( let at = 0; at < size; at += PIECE ) {
		signal.throwIfAborted();
		onProgress( at / size );
		if ( typeof source === 'string' ) {
			await pause();
			reader.push( source.slice( at, at + PIECE ) );
			continue;
		}
		const bytes = await source.slice( at, at + PIECE ).arrayBuffer();
		decode ??= decoderFor( new Uint8Array( bytes ) );
		reader.push( decode( bytes ) );
	}
	signal.throwIfAborted();
	onProgress( 1 );
	return reader.end();
}

/** UTF-8, or UTF-16 when a byte order mark says so. */
function decoderFor( head: Uint8Array ): ( bytes: ArrayBuffer ) => string {
	const mark = `${ head[ 0 ] } ${ head[ 1 ] }`;
	const encoding = mark === '255 254' ? 'utf-16le' : mark === '254 255' ? 'utf-16be' : 'utf-8';
	if ( encoding === 'utf-8' && head.subarray( 0, 4096 ).includes( 0 ) ) {
		throw new NoTextError();
	}
	const decoder = new TextDecoder( encoding );
	return ( bytes ) => decoder.decode( bytes, { stream: true } );
}

function pause(): Promise< void > {
	return new Promise( ( resolve ) => {
		setTimeout( resolve, 0 );
	} );
}
