import { RollcallError } from '../errors.ts';
import { classifyAddress, isIn, parseAddress, type Address } from './address.ts';

/** A range that the operator of the companion opened. `ports` null means the usual four. */
export type AllowRule = { base: Address; bits: number; ports: readonly number[] | null; metadata: boolean };

/** What may be called. It comes from the companion's own flags and environment only, never from WordPress. */
export type GuardPolicy = {
	allow: readonly AllowRule[];
	/** The network is IPv6-only behind NAT64, so 64:ff9b::/96 with a public address inside is the internet. */
	nat64: boolean;
};

/** Why the guard refused; for the companion's own log, not for the caller. */
export type GuardReason = 'raw' | 'scheme' | 'userinfo' | 'url' | 'port' | 'name' | 'address' | 'metadata' | 'own' | 'no_address';

export type Refusal = { ok: false; code: 'bad_url' | 'target_refused'; reason: GuardReason };

/** A URL that may be resolved. `address` is set when its host is one, and then it is judged already;
 *  `private_name` means that every address it resolves to must be listed. */
export type Target = {
	ok: true;
	url: URL;
	host: string;
	port: number;
	address: string | null;
	private_name: boolean;
	/** Nothing beyond a handshake is sent, so any port of a public address may be asked. */
	any_port: boolean;
};

export type AddressJudgement = { ok: true } | Refusal;

const WEB_PORTS = [ 80, 443, 8080, 8443 ];
const MAX_URL = 2048;

/** Controls, white space, backslash, invisible and bidirectional characters: parsers disagree on them or drop them. */
const RAW_REFUSED = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}\\]/u;

/** Names that resolve only inside, or not at all (RFC 6761, 6762, 8375, 9476 and common practice). */
const PRIVATE_SUFFIXES = [
	'localhost',
	'local',
	'internal',
	'localdomain',
	'lan',
	'home',
	'corp',
	'intranet',
	'private',
	'home.arpa',
	'test',
	'invalid',
	'onion',
];
const METADATA_NAMES = [ 'metadata.google.internal', 'metadata.goog' ];

/** Judges a URL as it was written. The answer to everything that is private is the same `target_refused`. */
export function judgeUrl( text: string, policy: GuardPolicy, own_addresses: readonly string[] = [] ): Target | Refusal {
	return judgeText( text, policy, own_addresses, false );
}

/** Judges `host:port` of a check that sends nothing of its own beyond a handshake or a question to DNS. Internal addresses
 *  are open only at the ports that are listed with them. */
export function judgeEndpoint( host_and_port: string, policy: GuardPolicy, own_addresses: readonly string[] ): Target | Refusal {
	const plain = /^(?:\[[\da-f:.]+\]|[^\s:/?#@[\]]+):[1-9]\d{0,4}$/i.test( host_and_port );
	return plain ? judgeText( `https://${ host_and_port }/`, policy, own_addresses, true ) : refuse( 'bad_url', 'url' );
}

function judgeText( text: string, policy: GuardPolicy, own_addresses: readonly string[], any_port: boolean ): Target | Refusal {
	if ( text.length > MAX_URL || RAW_REFUSED.test( text ) ) {
		return refuse( 'bad_url', 'raw' );
	}
	const written = /^https?:\/\/([^/?#]+)/i.exec( text );
	if ( ! written ) {
		return refuse( 'bad_url', 'scheme' );
	}
	if ( written[ 1 ]?.includes( '@' ) ) {
		return refuse( 'bad_url', 'userinfo' );
	}
	const url = URL.parse( text );
	if ( ! url || url.hostname === '' ) {
		return refuse( 'bad_url', 'url' );
	}
	const host = url.hostname.replace( /^\[|\]$/g, '' );
	const port = url.port === '' ? ( url.protocol === 'https:' ? 443 : 80 ) : Number( url.port );
	if ( ! any_port && ! WEB_PORTS.includes( port ) && ! policy.allow.some( ( rule ) => rule.ports?.includes( port ) ) ) {
		return refuse( 'target_refused', 'port' );
	}
	if ( parseAddress( host ) ) {
		const judgement = judgeAddress( host, port, policy, own_addresses, any_port );
		return judgement.ok ? { ok: true, url, host, port, address: host, private_name: false, any_port } : judgement;
	}
	const name = host.replace( /\.$/, '' );
	if ( METADATA_NAMES.includes( name ) && ! policy.allow.some( ( rule ) => rule.metadata ) ) {
		return refuse( 'target_refused', 'metadata' );
	}
	const private_name = isPrivateName( name );
	if ( private_name && policy.allow.length === 0 ) {
		return refuse( 'target_refused', 'name' );
	}
	return { ok: true, url, host, port, address: null, private_name, any_port };
}

/** Judges all addresses that a name gave: one refused address refuses the name. */
export function judgeAnswers(
	target: Target,
	addresses: readonly string[],
	policy: GuardPolicy,
	own_addresses: readonly string[]
): AddressJudgement {
	for ( const address of addresses ) {
		const judgement = judgeAddress( address, target.port, policy, own_addresses, target.any_port );
		if ( ! judgement.ok ) {
			return judgement;
		}
		const classified = classifyAddress( address );
		if ( target.private_name && ! ( classified && isListed( classified.address, target.port, policy, false ) ) ) {
			return refuse( 'target_refused', 'name' );
		}
	}
	return addresses.length === 0 ? refuse( 'target_refused', 'no_address' ) : { ok: true };
}

/** Whether --allow lists a port with every one of some addresses; then the operator wants it asked, however often. */
export function isOpened( addresses: readonly string[], port: number, policy: GuardPolicy ): boolean {
	return addresses.every( ( text ) => {
		const classified = classifyAddress( text );
		return classified !== null && isListed( classified.address, port, policy, classified.address_class === 'metadata' );
	} );
}

/** Judges one address at one port. `own_addresses` are those of this machine's interfaces. */
function judgeAddress(
	text: string,
	port: number,
	policy: GuardPolicy,
	own_addresses: readonly string[],
	any_port: boolean
): AddressJudgement {
	const classified = classifyAddress( text );
	if ( ! classified || classified.address_class === 'never' ) {
		return refuse( 'target_refused', 'address' );
	}
	const { address, address_class, nat64 } = classified;
	if ( isListed( address, port, policy, address_class === 'metadata' ) ) {
		return address_class === 'public' && nat64 && ! policy.nat64 ? refuse( 'target_refused', 'address' ) : { ok: true };
	}
	if ( address_class !== 'public' ) {
		return refuse( 'target_refused', address_class === 'metadata' ? 'metadata' : 'address' );
	}
	if ( nat64 && ! policy.nat64 ) {
		return refuse( 'target_refused', 'address' );
	}
	if ( own_addresses.some( ( own ) => parseAddress( own )?.toString() === address.toString() ) ) {
		return refuse( 'target_refused', 'own' );
	}
	return any_port || WEB_PORTS.includes( port ) ? { ok: true } : refuse( 'target_refused', 'port' );
}

/** The error of a refusal. Its message is the same for every target, so that it tells nothing about a network. */
export function refusalError( refusal: Refusal ): RollcallError {
	const message =
		refusal.code === 'bad_url'
			? 'The URL is not a plain http(s) URL without user name, white space and backslash.'
			: 'The address is not a public one, or its port is not open to the companion.';
	return new RollcallError( refusal.code, message, { cause: refusal.reason } );
}

function isListed( address: Address, port: number, policy: GuardPolicy, metadata: boolean ): boolean {
	return policy.allow.some(
		( rule ) =>
			isIn( address, [ [ rule.base, rule.bits ] ] ) &&
			( rule.ports ?? WEB_PORTS ).includes( port ) &&
			( ! metadata || ( rule.metadata && rule.bits === ( address.kind() === 'ipv4' ? 32 : 128 ) ) )
	);
}

function isPrivateName( name: string ): boolean {
	return (
		! name.includes( '.' ) || PRIVATE_SUFFIXES.some( ( suffix ) => name.endsWith( `.${ suffix }` ) ) || METADATA_NAMES.includes( name )
	);
}

function refuse( code: Refusal[ 'code' ], reason: GuardReason ): Refusal {
	return { ok: false, code, reason };
}
