import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { main } from '../../../companion/src/main.ts';
import { WordpressPeer } from '../exchange/wordpress-peer.ts';
import { newStateFolder } from './companion-process.ts';

async function run( ...argv: string[] ): Promise< { code: number; lines: string[] } > {
	const stdout = new PassThrough();
	const code = await main( argv, { stdin: new PassThrough(), stdout, stderr: new PassThrough(), signal: new AbortController().signal } );
	return {
		code,
		lines: String( stdout.read() ?? '' )
			.trim()
			.split( '\n' ),
	};
}

const lineOf = ( lines: string[], check: string ) => lines.find( ( line ) => line.includes( ` ${ check }` ) ) ?? '';

async function listening( context: TestContext, answer: string ): Promise< string > {
	const server: Server = createServer( ( _request, response ) => void response.end( answer ) );
	await new Promise< void >( ( resolve ) => server.listen( 0, '127.0.0.1', resolve ) );
	context.after( () => void server.close() );
	// A TCP server's address is always an AddressInfo.
	return String( ( server.address() as AddressInfo ).port );
}

async function paired( context: TestContext ): Promise< { peer: WordpressPeer; folder: string; options: string[] } > {
	const peer = await new WordpressPeer().start();
	context.after( () => peer.stop() );
	const folder = newStateFolder( context );
	const { code } = await run( 'pair', peer.url, peer.code, '--once', '--state', folder );
	assert.equal( code, 0 );
	return { peer, folder, options: [ '--state', folder, '--companies', 'sample:', '--port', '0' ] };
}

test( 'all is well: one line a check, exit code 0', async ( context ) => {
	const { peer, options } = await paired( context );
	const { code, lines } = await run( 'doctor', ...options );
	assert.equal( code, 0, lines.join( '\n' ) );
	assert.ok( lines.every( ( line ) => line.startsWith( 'ok   ' ) ) );
	for ( const transport of [ 'rest', 'rest_route', 'admin_ajax' ] ) {
		assert.match( lineOf( lines, `${ peer.url } by ${ transport }:` ), /answers/ );
	}
	assert.match( lineOf( lines, 'sending' ), /0 batches wait, 0 rows were given up/ );
} );

test( 'asking changes nothing: no call carries a batch', async ( context ) => {
	const { peer, options } = await paired( context );
	await run( 'doctor', ...options );
	assert.deepEqual(
		peer.calls.filter( ( call ) => call.exchange !== null ).map( ( call ) => call.exchange?.batch ),
		[ null, null, null ]
	);
} );

test( 'a closed way that is not in use is no failure, the one in use is', async ( context ) => {
	const { peer, options } = await paired( context );
	peer.transports = new Set( [ 'rest' ] );
	assert.equal( ( await run( 'doctor', ...options ) ).code, 0 );
	peer.transports = new Set( [ 'rest_route' ] );
	const { code, lines } = await run( 'doctor', ...options );
	assert.equal( code, 1 );
	assert.match( lineOf( lines, `${ peer.url } by rest:` ), /^fail .*status 404.*plugin is active.*Allow the routes/ );
} );

test( 'a clock that is an hour off is told in seconds', async ( context ) => {
	const { peer, options } = await paired( context );
	peer.clock_ahead_ms = 3_600_000;
	const { code, lines } = await run( 'doctor', ...options );
	assert.equal( code, 1 );
	assert.match( lineOf( lines, 'clock' ), /^fail .*3600 s ahead/ );
} );

test( 'a revoked key says to pair again', async ( context ) => {
	const { peer, options } = await paired( context );
	peer.keys.clear();
	const { code, lines } = await run( 'doctor', ...options );
	assert.equal( code, 1 );
	assert.match( lineOf( lines, `${ peer.url } by rest:` ), /^fail .*Pair again/ );
} );

test( 'an unpaired companion and a bad state folder are told', async ( context ) => {
	const folder = newStateFolder( context );
	const unpaired = await run( 'doctor', '--state', folder, '--companies', 'sample:', '--port', '0' );
	assert.equal( unpaired.code, 1 );
	assert.match( lineOf( unpaired.lines, 'pairing' ), /^fail .*run pair/ );
	const bad = await run( 'doctor', '--state', '/srv/wp-content/x', '--port', '0' );
	assert.equal( bad.code, 1 );
	assert.match( lineOf( bad.lines, 'state folder' ), /^fail .*inside a WordPress site/ );
} );

test( 'a list that cannot be fetched is told with the reason', async ( context ) => {
	const { folder } = await paired( context );
	const port = await listening( context, '[]' );
	const url = `http://127.0.0.1:${ port }/list.json`;
	const refused = await run( 'doctor', '--state', folder, '--port', '0', '--companies', url );
	assert.equal( refused.code, 1 );
	assert.match( lineOf( refused.lines, 'companies list' ), /^fail / );
	const allowed = await run( 'doctor', '--state', folder, '--port', '0', '--companies', url, '--allow', `127.0.0.1:${ port }` );
	assert.match( lineOf( allowed.lines, 'companies list' ), /^ok .*answered 200/ );
} );

test( 'a port that another program has is told, one of a running companion is fine', async ( context ) => {
	const { options } = await paired( context );
	const other = await listening( context, 'something else' );
	const taken = await run( 'doctor', ...options.slice( 0, -2 ), '--port', other );
	assert.equal( taken.code, 1 );
	assert.match( lineOf( taken.lines, 'port' ), /^fail .*--listen/ );
	const running = await listening( context, '{"status":"ok","companion_version":"0.1.0"}' );
	assert.match(
		lineOf( ( await run( 'doctor', ...options.slice( 0, -2 ), '--port', running ) ).lines, 'port' ),
		/^ok .*a companion is running/
	);
} );
