import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { internalTargets } from '../../../companion/src/commands/monitoring.ts';
import { makeWork } from './make-work.ts';

const NAMES: Record< string, string[] > = {
	'nas.home.example': [ '192.168.1.5', 'fd12::5' ],
	'www.acme.com': [ '93.184.215.14' ],
	'split.acme.com': [ '10.0.0.1', '93.184.215.14' ],
};
const resolve = ( name: string ): Promise< readonly string[] > =>
	name in NAMES ? Promise.resolve( NAMES[ name ] ?? [] ) : Promise.reject( new Error( 'ENOTFOUND' ) );

describe( 'a target of our own network', () => {
	for ( const [ url, is_internal ] of [
		[ 'http://192.168.1.5:8080/', true ],
		[ 'tcp://[fd12::5]:22', true ],
		[ 'https://nas.home.example/', true ],
		[ 'dns://www.acme.com?type=A@192.168.1.1', true ],
		[ 'dns://nas.home.example@8.8.8.8', false ],
		[ 'https://www.acme.com/', false ],
		[ 'https://split.acme.com/', false ],
		[ 'tls://8.8.8.8:853', false ],
		[ 'https://gone.acme.com/', false ],
		[ '', false ],
	] as const ) {
		test( `${ url === '' ? 'nothing' : url } is ${ is_internal ? '' : 'not ' }one`, async () => {
			assert.equal( await internalTargets( resolve )( makeWork( { url } ) ), is_internal );
		} );
	}

	test( 'is no name when nothing internal was opened', async () => {
		assert.equal( await internalTargets( null )( makeWork( { url: 'https://nas.home.example/' } ) ), false );
	} );

	test( 'is not one whose name server is silent, and that is known before the slot of a 10 s monitor is over', async () => {
		const silent = internalTargets( () => new Promise( () => undefined ) );
		const began = performance.now();
		assert.equal( await silent( makeWork( { url: 'https://www.acme.com/' } ) ), false );
		assert.ok( performance.now() - began < 390 );
	} );
} );
