import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ErrorCode } from '../../../companion/src/contract/error-codes.ts';
import { RollcallError } from '../../../companion/src/errors.ts';
import { openKeyring } from '../../../companion/src/exchange/keyring.ts';
import { realNetwork } from '../../../companion/src/exchange/network.ts';
import { pairSite, type PairingOptions } from '../../../companion/src/exchange/pairing.ts';
import { siteUrl } from '../../../companion/src/exchange/transport.ts';
import { WordpressPeer } from './wordpress-peer.ts';

async function newPeer( context: TestContext ): Promise< WordpressPeer > {
	const peer = await new WordpressPeer().start();
	context.after( () => peer.stop() );
	return peer;
}

function optionsFor( context: TestContext, peer: WordpressPeer, over: Partial< PairingOptions > = {} ): PairingOptions {
	const network = realNetwork();
	context.after( () => network.close() );
	return {
		site_url: peer.url,
		code: peer.code,
		companion_url: null,
		companion_version: '0.1.0',
		basic_auth: null,
		network,
		clock: { now: () => 1000, sleep: async () => {} },
		log: () => {},
		signal: new AbortController().signal,
		deadline_ms: 500,
		...over,
	};
}

const failsWith =
	( code: ErrorCode, text: RegExp = /./ ) =>
	( thrown: unknown ) =>
		thrown instanceof RollcallError && thrown.code === code && text.test( `${ thrown.message } ${ thrown.hint }` );

test( 'pairs by the code, and both sides have the same keys', async ( context ) => {
	const peer = await newPeer( context );
	const site = await pairSite(
		optionsFor( context, peer, { code: ` ${ peer.code.toUpperCase() }\n`, companion_url: 'http://127.0.0.1:1' } )
	);
	assert.deepEqual( peer.keys.get( site.kid ), site.keys );
	assert.equal( site.site_id, peer.site_id );
	assert.equal( site.site_name, 'Café Ada' );
	assert.equal( site.transport, 'rest' );
	assert.equal( peer.calls.length, 1 );
} );

for ( const transport of [ 'rest_route', 'admin_ajax' ] as const ) {
	test( `pairs by ${ transport } when the ways before it are closed, and remembers it`, async ( context ) => {
		const peer = await newPeer( context );
		peer.transports = new Set( [ transport ] );
		assert.equal( ( await pairSite( optionsFor( context, peer ) ) ).transport, transport );
	} );
}

test( 'asks again with the same nonce when the answer got lost, and gets the same keys', async ( context ) => {
	const peer = await newPeer( context );
	let lost = 0;
	peer.fault = () => ( lost++ < 2 ? { kind: 'drop' } : null );
	const site = await pairSite( optionsFor( context, peer ) );
	assert.equal( peer.calls.length, 3 );
	assert.equal( new Set( peer.calls.map( ( call ) => call.body ) ).size, 1 );
	assert.deepEqual( peer.keys.get( site.kid ), site.keys );
	assert.equal( peer.keys.size, 1 );
} );

test( "sends the web server's own password to sites that want one", async ( context ) => {
	const peer = await newPeer( context );
	peer.fault = ( call ) =>
		call.headers.authorization === `Basic ${ Buffer.from( 'ada:secret' ).toString( 'base64' ) }`
			? null
			: { kind: 'answer', status: 401, headers: { 'www-authenticate': 'Basic' } };
	await assert.rejects( pairSite( optionsFor( context, peer ) ), failsWith( 'rest_blocked', /--basic-auth user:password/ ) );
	await assert.rejects(
		pairSite( optionsFor( context, peer, { basic_auth: 'ada:wrong' } ) ),
		failsWith( 'rest_blocked', /Check the user name/ )
	);
	assert.equal( ( await pairSite( optionsFor( context, peer, { basic_auth: 'ada:secret' } ) ) ).basic_auth, 'ada:secret' );
} );

test( 'never follows a redirect, and names the address to pair with', async ( context ) => {
	const peer = await newPeer( context );
	const other = await newPeer( context );
	peer.fault = () => ( { kind: 'answer', status: 301, headers: { location: `${ other.url }/wp-json/rollcall/v1/pair` } } );
	await assert.rejects(
		pairSite( optionsFor( context, peer ) ),
		failsWith( 'answer_invalid', new RegExp( `Pair with the address ${ other.url }` ) )
	);
	assert.equal( other.calls.length, 0 );
} );

test( 'a wrong code is refused after one request', async ( context ) => {
	const peer = await newPeer( context );
	const wrong = peer.code.replace( /.$/, ( digit ) => ( digit === '0' ? '1' : '0' ) );
	await assert.rejects( pairSite( optionsFor( context, peer, { code: wrong } ) ), failsWith( 'pairing_refused' ) );
	assert.equal( peer.calls.length, 1 );
} );

test( 'text that is no code is refused without a request', async ( context ) => {
	const peer = await newPeer( context );
	for ( const code of [ '', 'abc', peer.code.replace( '.', '' ), `${ peer.code }0`, peer.code.replace( '.', ' ' ) ] ) {
		await assert.rejects( pairSite( optionsFor( context, peer, { code } ) ), failsWith( 'pairing_code_invalid' ) );
	}
	assert.equal( peer.calls.length, 0 );
} );

const invalid: { [ name: string ]: ( peer: WordpressPeer ) => void } = {
	'a web page': ( peer ) => ( peer.fault = () => ( { kind: 'answer', status: 200, body: '<html>' } ) ),
	'JSON that nobody signed': ( peer ) =>
		( peer.fault = () => ( {
			kind: 'answer',
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: '{"paired":true}',
		} ) ),
	'an answer with one changed letter': ( peer ) =>
		( peer.fault = () => ( { kind: 'mangle', change: ( body ) => body.replace( 'Ada', 'Eve' ) } ) ),
	'an answer behind a PHP warning': ( peer ) =>
		( peer.fault = () => ( { kind: 'mangle', change: ( body ) => `Warning: something\n${ body }` } ) ),
	'an answer that is cut': ( peer ) => ( peer.fault = () => ( { kind: 'mangle', change: ( body ) => body.slice( 0, -2 ) } ) ),
};
for ( const [ name, prepare ] of Object.entries( invalid ) ) {
	test( `${ name } is no pairing`, async ( context ) => {
		const peer = await newPeer( context );
		prepare( peer );
		await assert.rejects( pairSite( optionsFor( context, peer ) ), failsWith( 'answer_invalid' ) );
	} );
}

test( 'an answer whose outer JSON was written anew by a proxy is still one', async ( context ) => {
	const peer = await newPeer( context );
	peer.fault = () => ( {
		kind: 'mangle',
		change: ( body ) => JSON.stringify( JSON.parse( body ), null, 4 ).replaceAll( 'é', '\\u00e9' ),
	} );
	assert.equal( ( await pairSite( optionsFor( context, peer ) ) ).site_name, 'Café Ada' );
} );

test( 'says that the routes are blocked when all three ways are closed', async ( context ) => {
	const peer = await newPeer( context );
	peer.transports = new Set();
	await assert.rejects( pairSite( optionsFor( context, peer ) ), failsWith( 'rest_blocked', /404, 404, 404/ ) );
} );

test( 'says that the site is not reachable when nothing answers in time', async ( context ) => {
	const peer = await newPeer( context );
	peer.fault = () => ( { kind: 'slow', bytes_a_second: 20 } );
	await assert.rejects( pairSite( optionsFor( context, peer, { deadline_ms: 200 } ) ), failsWith( 'site_unreachable', /0\.2 s/ ) );
	await peer.stop();
	await assert.rejects( pairSite( optionsFor( context, peer ) ), failsWith( 'site_unreachable', /ECONNREFUSED/ ) );
} );

test( 'a plugin of the previous contract is accepted', async ( context ) => {
	const peer = await newPeer( context );
	peer.contract_version = 0;
	assert.equal( ( await pairSite( optionsFor( context, peer ) ) ).site_id, peer.site_id );
} );

test( 'the address of a site is kept without query, fragment and slash', () => {
	const cases = {
		'https://example.com': 'https://example.com',
		'https://example.com/': 'https://example.com',
		'https://EXAMPLE.com/blog//?a=1#x': 'https://example.com/blog',
		'http://127.0.0.1:8080': 'http://127.0.0.1:8080',
	};
	for ( const [ given, kept ] of Object.entries( cases ) ) {
		assert.equal( siteUrl( given ), kept );
	}
	for ( const given of [ '', 'example.com', 'ftp://example.com', 'https://ada:secret@example.com', 'javascript:alert(1)' ] ) {
		assert.throws( () => siteUrl( given ), failsWith( 'bad_url' ) );
	}
} );

test( 'pairings are kept in a file of this user; pairing the same site again replaces the old one', async ( context ) => {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-keys-' ) );
	context.after( () => rmSync( folder, { recursive: true } ) );
	const peer = await newPeer( context );
	const site = await pairSite( optionsFor( context, peer ) );
	openKeyring( folder ).save( site );
	openKeyring( folder ).save( { ...site, site_id: 'f'.repeat( 32 ) } );
	assert.deepEqual( openKeyring( folder ).sites(), [ { ...site, site_id: 'f'.repeat( 32 ) } ] );
	assert.equal( statSync( join( folder, 'keys.json' ) ).mode & 0o777, 0o600 );
	writeFileSync( join( folder, 'keys.json' ), '{"sites":[{"kid":"x"}]}' );
	assert.throws( () => openKeyring( folder ), failsWith( 'state_folder', /damaged/ ) );
} );
