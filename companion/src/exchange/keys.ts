import { createHmac, hkdfSync } from 'node:crypto';
import { joinLines } from './signature.ts';

/** The two keys of a pairing, 32 bytes each in hexadecimal. Two, so that nothing can be reflected. */
export type KeyPair = { c2w: string; w2c: string };

function derive( secret: Uint8Array, salt: Uint8Array, info: string ): Buffer {
	return Buffer.from( hkdfSync( 'sha256', secret, salt, info, 32 ) );
}

function unhex( ...texts: string[] ): Buffer {
	return Buffer.from( texts.join( '' ), 'hex' );
}

/** The root of a pairing from the secret half of its code, both in hexadecimal. */
export function pairingRoot( secret: string ): string {
	return derive( unhex( secret ), Buffer.alloc( 0 ), 'rollcall-pair-root' ).toString( 'hex' );
}

export type PairingRequest = {
	pairing_id: string;
	companion_id: string;
	companion_nonce: string;
	companion_version: string;
	companion_url: string | null;
	contract_version: number;
};

/** Proof that the companion knows the code. */
export function pairingMac( root: string, request: PairingRequest ): string {
	const text = joinLines( [
		'rollcall-v1',
		'pair',
		request.pairing_id,
		request.companion_id,
		request.companion_nonce,
		request.companion_version,
		request.companion_url ?? '',
		String( request.contract_version ),
	] );
	return createHmac( 'sha256', unhex( root ) ).update( text, 'utf8' ).digest( 'hex' );
}

/** Proof that WordPress knows the code, as `v1=<hex>`. */
export function pairingAnswerSignature( root: string, companion_nonce: string, payload: string ): string {
	const text = `${ joinLines( [ 'rollcall-v1', 'pair-ack', companion_nonce ] ) }\n${ payload }`;
	return `v1=${ createHmac( 'sha256', unhex( root ) ).update( text, 'utf8' ).digest( 'hex' ) }`;
}

export type PairingFacts = { companion_nonce: string; site_nonce: string; site_id: string; companion_id: string };

/** The first keys of a pairing. */
export function pairedKeys( root: string, facts: PairingFacts ): KeyPair {
	const one = ( direction: string ) =>
		derive(
			unhex( root ),
			unhex( facts.companion_nonce, facts.site_nonce ),
			joinLines( [ `rollcall-${ direction }`, facts.site_id, facts.companion_id ] )
		).toString( 'hex' );
	return { c2w: one( 'c2w' ), w2c: one( 'w2c' ) };
}

export type RotationFacts = { wordpress_nonce: string; companion_nonce: string; kid: string };

/** The keys that follow `old` in a rotation. */
export function rotatedKeys( old: KeyPair, facts: RotationFacts ): KeyPair {
	const one = ( direction: string ) =>
		derive(
			unhex( old.c2w, old.w2c ),
			unhex( facts.wordpress_nonce, facts.companion_nonce ),
			joinLines( [ `rollcall-${ direction }`, facts.kid ] )
		).toString( 'hex' );
	return { c2w: one( 'c2w' ), w2c: one( 'w2c' ) };
}
