import ipaddr from 'ipaddr.js';
import { RollcallError } from '../errors.ts';
import { parseAddress } from './address.ts';
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
