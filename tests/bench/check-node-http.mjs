// What a plain script does: node:http with a new connection a URL, 50 in flight.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const [ file, ca_file ] = process.argv.slice( 2 );
const urls = readFileSync( file, 'utf8' ).trim().split( '\n' ).values();
const ca = readFileSync( ca_file );
let up = 0;
const ask = ( url ) =>
	new Promise( ( resolve ) => {
		const client = url.startsWith( 'https:' ) ? https : http;
		const request = client.get( url, { agent: false, ca, timeout: 10_000 }, ( response ) => {
			up += response.statusCode === 200 ? 1 : 0;
			response.resume();
			response.on( 'close', resolve );
		} );
		request.on( 'error', resolve );
	} );
const work = async () => {
	for ( const url of urls ) {
		await ask( url );
	}
};
await Promise.all( Array.from( { length: 50 }, work ) );
process.stdout.write( `${ up }\n` );
