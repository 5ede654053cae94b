import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';

/** Types of records by number (RFC 1035). */
export const TYPES = { A: 1, NS: 2, CNAME: 5, MX: 15, TXT: 16, AAAA: 28 } as const;

export type Answer = {
	rcode?: number;
	/** Says that the answer was cut and is to be asked for over TCP. */
	truncated?: boolean;
	records?: { name?: string; type: keyof typeof TYPES; data: Buffer }[];
};

export type DnsStub = { port: number; asked: string[]; [ Symbol.asyncDispose ]: () => Promise< void > };

export const ipv4 = ( address: string ): Buffer => Buffer.from( address.split( '.' ).map( Number ) );
export const textData = ( ...pieces: string[] ): Buffer =>
	Buffer.concat( pieces.map( ( piece ) => Buffer.concat( [ Buffer.from( [ piece.length ] ), Buffer.from( piece ) ] ) ) );
export const nameData = ( name: string ): Buffer =>
	Buffer.concat( [ ...name.split( '.' ).map( ( label ) => textData( label ) ), Buffer.from( [ 0 ] ) ] );
export const mxData = ( priority: number, name: string ): Buffer => Buffer.concat( [ Buffer.from( [ 0, priority ] ), nameData( name ) ] );

type AnswerOf = ( name: string, type: string ) => Answer | null;

/** A name server on loopback, over UDP and, when `tcp` is given, over TCP. Null is silence. */
export async function dnsStub(
	answer: AnswerOf,
	{ tcp = null, host = '127.0.0.1', port: wanted = 0 }: { tcp?: AnswerOf | null; host?: string; port?: number } = {}
): Promise< DnsStub > {
	const asked: string[] = [];
	const reply = ( query: Buffer, answerOf: AnswerOf ): Buffer | null => {
		const { name, type, end } = questionOf( query );
		asked.push( `${ type } ${ name }` );
		const found = answerOf( name, type );
		return found === null ? null : encoded( query, end, name, found );
	};
	const udp = createSocket( 'udp4' );
	udp.on( 'message', ( query: Buffer, from: RemoteInfo ) => {
		const message = reply( query, answer );
		if ( message !== null ) {
			udp.send( message, from.port, from.address );
		}
	} );
	const server = createServer( ( socket ) => {
		socket.on( 'error', () => undefined );
		socket.on( 'data', ( data ) => {
			const message = tcp === null ? null : reply( data.subarray( 2 ), tcp );
			if ( message !== null ) {
				socket.end( Buffer.concat( [ Buffer.from( [ message.length >> 8, message.length & 255 ] ), message ] ) );
			}
		} );
	} );
	// A port that is free for UDP may be taken for TCP: the one that TCP gets is tried for UDP, a few times.
	for ( let tries = 1; ; tries++ ) {
		const port = tcp === null ? wanted : await listening( server, wanted, host );
		try {
			await bound( udp, port, host );
			break;
		} catch ( thrown ) {
			if ( tcp === null || wanted !== 0 || tries === 20 ) {
				throw thrown;
			}
			await new Promise( ( resolve ) => server.close( resolve ) );
		}
	}
	const { port } = udp.address();
	return {
		port,
		asked,
		[ Symbol.asyncDispose ]: () => closed( udp, tcp === null ? null : server ),
	};
}

async function listening( server: Server, port: number, host: string ): Promise< number > {
	await new Promise< void >( ( resolve, reject ) => {
		server.once( 'error', reject );
		server.listen( port, host, resolve );
	} );
	const address = server.address();
	assert.ok( address !== null && typeof address === 'object' );
	return address.port;
}

async function bound( udp: Socket, port: number, host: string ): Promise< void > {
	await new Promise< void >( ( resolve, reject ) => {
		udp.once( 'error', reject );
		udp.bind( port, host, () => {
			udp.off( 'error', reject );
			resolve();
		} );
	} );
}

async function closed( udp: Socket, server: Server | null ): Promise< void > {
	await new Promise< void >( ( resolve ) => udp.close( resolve ) );
	await new Promise< void >( ( resolve ) => ( server === null ? resolve() : server.close( () => resolve() ) ) );
}

function questionOf( query: Buffer ): { name: string; type: string; end: number } {
	const labels: string[] = [];
	let at = 12;
	for ( let length = query[ at ] ?? 0; length > 0; length = query[ at ] ?? 0 ) {
		labels.push( query.toString( 'latin1', at + 1, at + 1 + length ) );
		at += length + 1;
	}
	const number = query.readUInt16BE( at + 1 );
	const type = Object.entries( TYPES ).find( ( [ , known ] ) => known === number )?.[ 0 ] ?? String( number );
	return { name: labels.join( '.' ).toLowerCase(), type, end: at + 5 };
}

function encoded( query: Buffer, end: number, name: string, { rcode = 0, truncated = false, records = [] }: Answer ): Buffer {
	const header = Buffer.from( query.subarray( 0, 12 ) );
	header.writeUInt16BE( 0x8180 | rcode | ( truncated ? 0x0200 : 0 ), 2 );
	header.writeUInt16BE( records.length, 6 );
	header.writeUInt32BE( 0, 8 );
	const encoded_records = records.map( ( record ) => {
		const fixed = Buffer.alloc( 10 );
		fixed.writeUInt16BE( TYPES[ record.type ], 0 );
		fixed.writeUInt16BE( 1, 2 );
		fixed.writeUInt32BE( 0, 4 );
		fixed.writeUInt16BE( record.data.length, 8 );
		return Buffer.concat( [ nameData( record.name ?? name ), fixed, record.data ] );
	} );
	return Buffer.concat( [ header, query.subarray( 12, end ), ...encoded_records ] );
}
