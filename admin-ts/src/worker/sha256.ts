import { sha256 as hashOf } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The Hash of the browser. Not crypto.subtle, which is missing on sites without https. */
export function sha256( text: string ): string {
	return bytesToHex( hashOf( utf8ToBytes( text ) ) );
}
