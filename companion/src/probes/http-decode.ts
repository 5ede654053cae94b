import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ProbeFault } from './classify-error.ts';
import type { Limits } from './limits.ts';

export type Decoded = { bytes: Uint8Array; capped: boolean };

/** A cut body decodes as far as it goes: the end of the stream is not asked for. */
const DECODERS: { [ encoding: string ]: ( () => Transform ) | undefined } = {
	gzip: () => createGunzip( { finishFlush: constants.Z_SYNC_FLUSH } ),
	'x-gzip': () => createGunzip( { finishFlush: constants.Z_SYNC_FLUSH } ),
	deflate: () => createInflate( { finishFlush: constants.Z_SYNC_FLUSH } ),
	br: () => createBrotliDecompress( { finishFlush: constants.BROTLI_OPERATION_FLUSH } ),
};

/** Undoes the content-encodings of a body, and stops at the cap. `cut` says that the body itself was not read to its end.
 *  Throws ProbeFault when it cannot. */
export async function decodeBody( bytes: Uint8Array, encodings: string, cut: boolean, limits: Limits ): Promise< Decoded > {
	const names = encodings
		.split( ',' )
		.map( ( name ) => name.trim().toLowerCase() )
		.filter( ( name ) => name !== '' && name !== 'identity' );
	if ( names.length > limits.content_encodings ) {
		throw new ProbeFault( 'content_encoding', `has ${ names.length } content-encodings, more than ${ limits.content_encodings }` );
	}
	let decoded: Decoded = { bytes, capped: cut };
	for ( const name of names.toReversed() ) {
		const decoder = Object.hasOwn( DECODERS, name ) ? DECODERS[ name ] : undefined;
		if ( decoder === undefined ) {
			throw new ProbeFault( 'content_encoding', `has an unknown content-encoding, ${ name }` );
		}
		decoded = await decodeOnce( decoded, name, decoder(), limits.body_bytes );
	}
	return decoded;
}

function decodeOnce( { bytes, capped }: Decoded, name: string, decoder: Transform, cap: number ): Promise< Decoded > {
	return new Promise( ( resolve, reject ) => {
		const chunks: Buffer[] = [];
		let length = 0;
		const finish = ( is_capped: boolean ): void => {
			decoder.destroy();
			resolve( { bytes: Buffer.concat( chunks ).subarray( 0, cap ), capped: is_capped } );
		};
		decoder.on( 'data', ( chunk: Buffer ) => {
			chunks.push( chunk );
			length += chunk.length;
			if ( length > cap ) {
				finish( true );
			}
		} );
		decoder.on( 'end', () => finish( capped ) );
		decoder.on( 'error', ( error ) =>
			reject( new ProbeFault( 'content_encoding', `has a body that is no valid ${ name }: ${ error.message }` ) )
		);
		decoder.end( bytes );
	} );
}
