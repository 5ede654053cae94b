import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** Records to answer with, or an RCODE; null is silence, `truncated` asks for TCP. */
export type DnsAnswer = { rcode?: number; a?: string[]; cname?: string; ttl?: number; truncated?: true } | null;

export type DnsServer = { address: string; asked: string[]; [ Symbol.asyncDispose ]: () => Promise< void > };

const A = 1;
const CNAME = 5;

/** A name server on loopback (UDP). `answer` gets the name and whether IPv6 was asked for, or an alias. */
export async function dnsServer( answer: ( name: string, is_ipv6: boolean, is_alias: boolean ) => DnsAnswer ): Promise< DnsServer > {
	const socket = createSocket( 'udp4' );
	const asked: string[] = [];
	socket.on( 'message', ( question, from ) => {
		const { name, type, end } = readQuestion( question );
		asked.push( name );
		const given = answer( name, type === 28, type === CNAME );
		if ( given !== null ) {
			socket.send( reply( question.subarray( 0, end ), type, given ), from.port, from.address );
		}
	} );
	await new Promise< void >( ( resolve ) => socket.bind( 0, '127.0.0.1', resolve ) );
	// A bound UDP socket has an AddressInfo.
	const { port } = socket.address() as AddressInfo;
	return {
		address: `127.0.0.1:${ port }`,
		asked,
		[ Symbol.asyncDispose ]: () => new Promise( ( resolve ) => socket.close( () => resolve() ) ),
	};
}

function readQuestion( packet: Buffer ): { name: string; type: number; end: number } {
	const labels: string[] = [];
	let at = 12;
	for ( let length = packet[ at ] ?? 0; length > 0; length = packet[ at ] ?? 0 ) {
		labels.push( packet.toString( 'latin1', at + 1, at + 1 + length ) );
		at += length + 1;
	}
	return { name: labels.join( '.' ).toLowerCase(), type: packet.readUInt16BE( at + 1 ), end: at + 5 };
}

function reply( question: Buffer, type: number, { rcode = 0, a = [], cname, ttl = 0, truncated }: NonNullable< DnsAnswer > ): Buffer {
	const records = [
		...( cname === undefined ? [] : [ { type: CNAME, data: nameBytes( cname ) } ] ),
		...( type === A ? a.map( ( address ) => ( { type: A, data: Buffer.from( address.split( '.' ).map( Number ) ) } ) ) : [] ),
	];
	const header = Buffer.from( question );
	header.writeUInt16BE( 0x8180 | rcode | ( truncated ? 0x0200 : 0 ), 2 );
	header.writeUInt16BE( records.length, 6 );
	header.writeUInt32BE( 0, 8 );
	return Buffer.concat( [
		header,
		...records.flatMap( ( record ) => {
			const head = Buffer.from( [ 0xc0, 12, 0, record.type, 0, 1, 0, 0, 0, 0, 0, 0 ] );
			head.writeUInt32BE( ttl, 6 );
			head.writeUInt16BE( record.data.length, 10 );
			return [ head, record.data ];
		} ),
	] );
}

function nameBytes( name: string ): Buffer {
	return Buffer.concat( [
		...name.split( '.' ).map( ( label ) => Buffer.concat( [ Buffer.from( [ label.length ] ), Buffer.from( label, 'latin1' ) ] ) ),
		Buffer.from( [ 0 ] ),
	] );
}
