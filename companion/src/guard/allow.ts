import ipaddr from 'ipaddr.js';
import { RollcallError } from '../errors.ts';
import { classifyAddress, parseAddress } from './address.ts';
import type { AllowRule } from './guard.ts';

/** Rules of a flag or environment variable, separated by commas or white space:
 *  `10.0.0.0/8`, `127.0.0.1:8888`, `192.168.1.0/24:80+9090`, `[fd12::]/16:8080`, `169.254.169.254/32!metadata`.
 *  Without ports a rule opens 80, 443, 8080 and 8443. Error: bad_request, naming the entry. */
export function parseAllow( text: string ): AllowRule[] {
	return text
		.split( /[\s,]+/ )
		.filter( ( entry ) => entry !== '' )
		.map( parseRule );
}

function parseRule( entry: string ): AllowRule {
	const metadata = entry.endsWith( '!metadata' );
	const plain = metadata ? entry.slice( 0, -'!metadata'.length ) : entry;
	const [ , bracketed, ipv4, ipv6, prefix, port_list ] =
		/^(?:\[([^\]]+)\]|([\d.]+)|([\da-f:.]+(?=\/|$)))(?:\/(\d{1,3}))?(?::([\d+]+))?$/i.exec( plain ) ?? [];
	const base = parseAddress( bracketed ?? ipv4 ?? ipv6 ?? '' );
	if ( ! base ) {
		throw new RollcallError( 'bad_request', `"${ entry }" is not an address or range such as 10.0.0.0/8 or [fd12::]/16:8080.` );
	}
	const longest = base.kind() === 'ipv4' ? 32 : 128;
	const bits = prefix === undefined ? longest : Number( prefix );
	const ports = port_list === undefined ? null : port_list.split( '+' ).map( Number );
	if ( bits > longest || ports?.some( ( port ) => ! ( port > 0 && port < 65536 ) ) ) {
		throw new RollcallError( 'bad_request', `"${ entry }" has a prefix or port out of range.` );
	}
	return { base: networkOf( base, bits ), bits, ports, metadata };
}

function networkOf( base: ipaddr.IPv4 | ipaddr.IPv6, bits: number ): ipaddr.IPv4 | ipaddr.IPv6 {
	const cidr = `${ base.toString() }/${ bits }`;
	return base.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR( cidr ) : ipaddr.IPv6.networkAddressFromCIDR( cidr );
}

/** The entry that opens a port of one host, such as `10.0.0.5/32:8080`; null for an address that none opens. A name has none of
 *  its own: which address it has here is nobody's business, so the entry has a word in its place. */
export function allowEntryFor( host: string, port: number ): string | null {
	const address = parseAddress( host );
	if ( address === null ) {
		return `ADDRESS:${ port }`;
	}
	const judged = classifyAddress( host );
	if ( judged === null || judged.address_class === 'never' ) {
		return null;
	}
	const only = judged.address.kind() === 'ipv4' ? `${ judged.address.toString() }/32` : `[${ judged.address.toString() }]/128`;
	return `${ only }:${ port }${ judged.address_class === 'metadata' ? '!metadata' : '' }`;
}
