import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { makeWork, uidFor } from '../exchange/monitor-peer.ts';
import { WordpressPeer } from '../exchange/wordpress-peer.ts';
import { newStateFolder, startCompanion, until } from './companion-process.ts';

/** A site of which the test says how it answers; null lets it hang. */
async function newSite( context: TestContext, statusOf: ( path: string ) => number | null ): Promise< { port: number; server: Server } > {
	const server = createServer( ( request, response ) => {
		const status = statusOf( request.url ?? '' );
		if ( status !== null ) {
			response.writeHead( status ).end( 'Hello' );
		}
	} );
	await new Promise< void >( ( resolve ) => server.listen( 0, '127.0.0.1', resolve ) );
	context.after( () => {
		server.closeAllConnections();
		server.close();
	} );
	// It listens at a port, so it has an address with one.
	return { port: ( server.address() as AddressInfo ).port, server };
}

async function newPeer( context: TestContext ): Promise< WordpressPeer > {
	const peer = await new WordpressPeer().start();
	context.after( () => peer.stop() );
	peer.addList();
	return peer;
}

test( 'checks the monitors that WordPress has, at once and on demand', async ( context ) => {
	const peer = await newPeer( context );
	const { port } = await newSite( context, ( path ) => ( path === '/broken' ? 500 : 200 ) );
	const on = ( path: string, number: number ) =>
		makeWork( { monitor_uid: uidFor( number ), revision: number, url: `http://127.0.0.1:${ port }${ path }`, interval_seconds: 3600 } );
	peer.monitoring.monitors = [ on( '/', 1 ), on( '/broken', 2 ), { ...on( '/', 3 ), active: false } ];
	const folder = newStateFolder( context );
	const options = [ '--state', folder, '--port', '0', '--allow', `127.0.0.0/8:${ port }` ];
	const started = startCompanion( context, [ 'pair', peer.url, peer.code, ...options ] );
	await until( () => peer.monitoring.readings.size === 2, started.output );
	const [ fine, broken ] = [ peer.monitoring.readings.get( uidFor( 1 ) ), peer.monitoring.readings.get( uidFor( 2 ) ) ];
	assert.deepEqual( [ fine?.state, fine?.status_code, fine?.is_confirming ], [ 'up', 200, false ] );
	assert.deepEqual(
		[ broken?.state, broken?.error_code, broken?.status_code, broken?.is_confirming ],
		[ 'down', 'http_status', 500, true ]
	);
	assert.deepEqual(
		peer.monitoring.change_rows.map( ( { monitor_uid, kind, state } ) => [ monitor_uid, kind, state ] ),
		[ [ uidFor( 1 ), 'confirmed', 'up' ] ],
		'what failed once is not down yet'
	);
	await until( () => peer.monitoring.vitals?.monitor_count === 2, started.output );
	started.child.kill( 'SIGTERM' );
	assert.deepEqual( await started.ended, { code: 0, signal: null } );
} );

test( 'SIGTERM with checks under way ends it with 0 and no result that nobody found (F3)', async ( context ) => {
	const peer = await newPeer( context );
	let asked = 0;
	const { port } = await newSite( context, () => {
		asked++;
		return null;
	} );
	peer.monitoring.monitors = Array.from( { length: 200 }, ( _, index ) =>
		makeWork( { monitor_uid: uidFor( index + 1 ), revision: index + 1, url: `http://127.0.0.1:${ port }/`, interval_seconds: 3600 } )
	);
	const folder = newStateFolder( context );
	const options = [ '--state', folder, '--port', '0', '--allow', `127.0.0.0/8:${ port }` ];
	const started = startCompanion( context, [ 'pair', peer.url, peer.code, ...options ] );
	await until( () => asked >= 100, started.output );
	const since_ms = Date.now();
	started.child.kill( 'SIGTERM' );
	assert.deepEqual( await started.ended, { code: 0, signal: null } );
	assert.ok( Date.now() - since_ms < 10_000 );
	const again = startCompanion( context, [ 'serve', ...options ] );
	await until( () => peer.monitoring.vitals !== null, again.output );
	assert.deepEqual( [ ...peer.monitoring.checkTimes ], [], 'nothing is said of checks that were given up' );
} );
