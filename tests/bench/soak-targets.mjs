// Targets of the benches of monitoring, in a process of their own: /m/<n> answers at once, and says when it was asked.
import { createServer } from 'node:http';

const page = Buffer.from( `<!doctype html><title>Target</title>${ 'a'.repeat( 1365 ) }` );
let asked = [];
const server = createServer( ( request, response ) => {
	asked.push( [ Number( request.url.slice( 3 ) ), performance.timeOrigin + performance.now() ] );
	response.writeHead( 200, { 'Content-Type': 'text/html', 'Content-Length': page.length, Connection: 'close' } );
	response.end( page );
} );
await new Promise( ( resolve ) => server.listen( { port: 0, host: '127.0.0.1', backlog: 4096 }, resolve ) );
process.send( { port: server.address().port } );
setInterval( () => {
	process.send( { asked } );
	asked = [];
}, 500 );
process.on( 'disconnect', () => process.exit() );
