// Servers of the bench of check: HTTP, HTTPS and black holes, in a process of their own whose CPU is not counted.
import { createServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp } from 'node:net';
import { readFileSync } from 'node:fs';

const [ folder ] = process.argv.slice( 2 );
const page = Buffer.from( `<!doctype html><title>Bench</title>${ 'a'.repeat( 1365 ) }` );
const answer = ( _request, response ) => {
	response.writeHead( 200, { 'Content-Type': 'text/html', 'Content-Length': page.length } );
	response.end( page );
};
const pem = ( name ) => readFileSync( `${ folder }/${ name }.pem` );
const servers = {
	http: createServer( answer ),
	https: createHttps( { key: pem( 'key' ), cert: pem( 'address' ) }, answer ),
	slow: createServer( ( request, response ) => setTimeout( answer, 100, request, response ) ),
	hole: createTcp( ( socket ) => socket.on( 'error', () => undefined ) ),
};
for ( const server of Object.values( servers ) ) {
	await new Promise( ( resolve ) => server.listen( { port: 0, host: '127.0.0.1', backlog: 4096 }, resolve ) );
}
process.send( Object.fromEntries( Object.entries( servers ).map( ( [ name, server ] ) => [ name, server.address().port ] ) ) );
process.on( 'disconnect', () => process.exit() );
