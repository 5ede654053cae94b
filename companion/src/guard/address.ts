import ipaddr from 'ipaddr.js';

/** What an address is to the guard: `public` is always allowed, `listed` only when the operator lists its range,
 *  `metadata` only when listed alone and named as metadata, `never` under no policy. */
export type AddressClass = 'public' | 'listed' | 'metadata' | 'never';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address judged. `address` is unwrapped: the IPv4 one inside a mapped or NAT64 address. */
export type ClassifiedAddress = { address: Address; address_class: AddressClass; nat64: boolean };

type Range = readonly [ Address, number ];

const ranges = ( ...cidrs: string[] ): Range[] => cidrs.map( ( cidr ) => ipaddr.parseCIDR( cidr ) );

/** Addresses at which clouds hand out credentials. 168.63.129.16 is routed globally, so libraries pass it. */
const METADATA = ranges(
	'169.254.169.254/32',
	'169.254.170.2/32',
	'100.100.100.200/32',
	'168.63.129.16/32',
	'fd00:ec2::254/128',
	'fd20:ce::254/128'
);

/** Loopback, private, CGNAT, link-local, documentation and benchmarking ranges (IANA special-purpose registries). */
const LISTED = ranges(
	'127.0.0.0/8',
	'10.0.0.0/8',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'100.64.0.0/10',
	'169.254.0.0/16',
	'192.0.2.0/24',
	'198.51.100.0/24',
	'203.0.113.0/24',
	'198.18.0.0/15',
	'::1/128',
	'fc00::/7',
	'64:ff9b:1::/48',
	'2001:db8::/32',
	'3fff::/20'
);

/** What ipaddr.js calls unicast, or might in a later version, and is no web site: "this network", protocol
 *  assignments, AS112, AMT, 6to4 and its relay, multicast, reserved, all of 2001::/23 (Teredo, ORCHID, ...). */
const NEVER = ranges(
	'0.0.0.0/8',
	'192.0.0.0/24',
	'192.31.196.0/24',
	'192.52.193.0/24',
	'192.88.99.0/24',
	'192.175.48.0/24',
	'224.0.0.0/4',
	'240.0.0.0/4',
	'2001::/23',
	'2002::/16',
	'2620:4f:8000::/48'
);

const NAT64 = ranges( '64:ff9b::/96' );
const GLOBAL_IPV6 = ranges( '2000::/3' );

/** Judges one address in canonical text form; null when it is none. */
export function classifyAddress( text: string ): ClassifiedAddress | null {
	const parsed = parseAddress( text );
	if ( ! parsed ) {
		return null;
	}
	const nat64 = isIn( parsed, NAT64 );
	const address = nat64 ? ipaddr.fromByteArray( parsed.toByteArray().slice( 12 ) ) : parsed;
	return { address, address_class: classOf( address ), nat64 };
}

function classOf( address: Address ): AddressClass {
	if ( isIn( address, METADATA ) ) {
		return 'metadata';
	}
	if ( isIn( address, LISTED ) ) {
		return 'listed';
	}
	if ( isIn( address, NEVER ) || ( address.kind() === 'ipv6' && ! isIn( address, GLOBAL_IPV6 ) ) ) {
		return 'never';
	}
	return address.range() === 'unicast' ? 'public' : 'never';
}

/** An address with an IPv4-mapped one unwrapped; null for anything else, also for short and octal forms,
 *  which URL.parse has resolved before, and for zone ids. */
export function parseAddress( text: string ): Address | null {
	const known = parsed.get( text );
	if ( known !== undefined ) {
		return known;
	}
	const address = readAddress( text );
	if ( parsed.size >= MOST_PARSED ) {
		parsed.clear();
	}
	parsed.set( text, address );
	return address;
}

/** Addresses by their text: each check judges the same few again, and each time those of this machine. */
const parsed = new Map< string, Address | null >();
const MOST_PARSED = 10_000;

function readAddress( text: string ): Address | null {
	const strict = text.includes( ':' )
		? ! text.includes( '%' ) && ipaddr.IPv6.isValid( text )
		: ipaddr.IPv4.isValidFourPartDecimal( text );
	return strict ? ipaddr.process( text ) : null;
}

/** Whether an address lies in one of the ranges of its own kind. */
export function isIn( address: Address, list: readonly Range[] ): boolean {
	return list.some( ( [ base, bits ] ) => base.kind() === address.kind() && address.match( [ base, bits ] ) );
}
