// Checks over both families of addresses, in a network namespace of its own where there is one. Prints what was found as JSON.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { http } from '../../../companion/src/probes/http.ts';
import { makeContext, makeRequest } from './make-context.ts';

const [ v6 = '::1' ] = process.argv.slice( 2 );
const V4 = '127.0.0.1';
const UNROUTED = '2001:db8:ffff::1';

/** Asks a name with these addresses at a port of this machine. */
async function check(
	addresses: string[],
	port: number
): Promise< { code: string | null; ip: string | null; connect_ms: number | null } > {
	const allow = `[::1]/128:${ port },[2001:db8::]/32:${ port },127.0.0.1:${ port }`;
	const context = makeContext( { allow, resolve: () => Promise.resolve( addresses ) } );
	const { fault, facts, phases } = await http( makeRequest( `http://www.acme.com:${ port }/` ), context );
	return { code: fault?.error_code ?? null, ip: facts.ip ?? null, connect_ms: phases.connect_ms };
}

async function serving< Value >( host: string, port: number, work: ( port: number ) => Promise< Value > ): Promise< Value > {
	const server = createServer( ( socket ) => {
		socket.on( 'error', () => undefined );
		socket.on( 'data', () => socket.end( 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' ) );
	} );
	server.listen( port, host );
	await once( server, 'listening' );
	const address = server.address();
	try {
		return await work( typeof address === 'object' && address !== null ? address.port : 0 );
	} finally {
		server.close();
	}
}

/** A port that neither takes nor refuses: its process is stopped, and its queue is full. */
async function silent< Value >( host: string, port: number, work: () => Promise< Value > ): Promise< Value > {
	const script = `require('net').createServer().listen({host:'${ host }',port:${ port },backlog:1},()=>process.stdout.write('up'))`;
	const listener: ChildProcess = spawn( process.execPath, [ '-e', script ], { stdio: [ 'ignore', 'pipe', 'inherit' ] } );
	const waiting: Socket[] = [];
	try {
		if ( listener.stdout !== null ) {
			await once( listener.stdout, 'data' );
		}
		listener.kill( 'SIGSTOP' );
		for ( let index = 0; index < 4; index++ ) {
			const socket = connect( { host, port } );
			socket.on( 'error', () => undefined );
			waiting.push( socket );
		}
		await new Promise( ( resolve ) => setTimeout( resolve, 200 ) );
		return await work();
	} finally {
		waiting.forEach( ( socket ) => socket.destroy() );
		listener.kill( 'SIGKILL' );
	}
}

const found = {
	only_v6: await serving( v6, 0, ( port ) => check( [ v6 ], port ) ).catch( () => null ),
	only_v4: await serving( V4, 0, ( port ) => check( [ V4 ], port ) ),
	refused_v6: await serving( V4, 0, ( port ) => check( [ v6, V4 ], port ) ),
	unrouted_v6: await serving( V4, 0, ( port ) => check( [ UNROUTED, V4 ], port ) ),
	silent_v6: await serving( V4, 0, ( port ) => silent( v6, port, () => check( [ v6, V4 ], port ) ) ).catch( () => null ),
};
process.stdout.write( JSON.stringify( found ) );
process.exit();
