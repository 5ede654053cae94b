/** Top-level domains that never resolve on the public internet: RFC 6761, 6762 (local), 7686 (onion), 9476 (alt),
 *  ICANN 2024-07-29 (internal); below arpa there is no mail. */
const SPECIAL_USE_TLDS = new Set( [ 'alt', 'arpa', 'example', 'internal', 'invalid', 'local', 'localhost', 'onion', 'test' ] );

/** True when the host, given as its labels, is of special use. A single label other than localhost is a word. */
export function isSpecialUse( labels: string[] ): boolean {
	const tld = labels.at( -1 ) ?? '';
	return labels.length === 1 ? tld === 'localhost' : SPECIAL_USE_TLDS.has( tld );
}
