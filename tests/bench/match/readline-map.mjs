// The usual way to do it: lines into a Map of domains.
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [ domains = '', users = '' ] = process.argv.slice( 2 );
const users_at = new Map();
for await ( const line of createInterface( { input: createReadStream( users ), crlfDelay: Infinity } ) ) {
	const email = line.split( ',' )[ 1 ] ?? '';
	const domain = email.slice( email.indexOf( '@' ) + 1 );
	users_at.set( domain, ( users_at.get( domain ) ?? 0 ) + 1 );
}
let found = 0;
for ( const domain of readFileSync( domains, 'utf8' ).trim().split( '\n' ) ) {
	found += users_at.get( domain ) ?? 0;
}
process.stdout.write( `${ found }\n` );
