import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { makeCheckMonitor } from '../../../companion/src/commands/check-monitor.ts';
import type { CheckMonitorOptions, MonitorResult } from '../../../companion/src/monitor/ports.ts';
import type { ProbeContext } from '../../../companion/src/probes/probe.ts';
import { localServer, type LocalServer } from '../guard/local-server.ts';
import { makeContext, rawServer } from '../probes/make-context.ts';
import { makeWork, type MoreWork } from './make-work.ts';

async function check(
	more: MoreWork,
	context: Partial< ProbeContext > & { allow?: string } = {},
	options: Partial< CheckMonitorOptions > = {}
): Promise< MonitorResult > {
	const checkMonitor = makeCheckMonitor( makeContext( context ), '1.2.3' );
	return checkMonitor( makeWork( more ), {
		site_id: 'site',
		deadline_mono_ms: performance.now() + 5000,
		beat: null,
		contact_url: 'https://blog.acme.com/',
		signal: new AbortController().signal,
		...options,
	} );
}

type Seen = { method: string; headers: IncomingMessage[ 'headers' ]; body: string };

function site( seen: Seen[], answer: ( request: IncomingMessage, response: ServerResponse ) => void ): Promise< LocalServer > {
	return localServer( ( request, response ) => {
		let body = '';
		request.on( 'data', ( chunk ) => ( body += String( chunk ) ) );
		request.on( 'end', () => {
			seen.push( { method: request.method ?? '', headers: request.headers, body } );
			answer( request, response );
		} );
	} );
}

describe( 'a check of a monitor', () => {
	test( 'asks with its method, headers and body, and judges its assertions', async () => {
		const seen: Seen[] = [];
		await using server = await site( seen, ( _request, response ) => response.end( '{"ok":true}' ) );
		const result = await check(
			{
				url: `http://127.0.0.1:${ server.port }/health`,
				options: {
					method: 'POST',
					headers: [
						{ name: 'Authorization', value: 'Bearer x' },
						{ name: 'Content-Type', value: 'application/json' },
					],
					body: '{"ping":1}',
					assertions: [ '[BODY].ok == true', '[RESPONSE_TIME] < 2000' ],
				},
			},
			{ allow: `127.0.0.1:${ server.port }` }
		);
		assert.deepEqual( [ result.state, result.error_code, result.status_code, result.mail_state ], [ 'up', 'ok', 200, null ] );
		assert.deepEqual(
			result.assertions.map( ( { assertion, passed } ) => [ assertion, passed ] ),
			[
				[ '[STATUS] < 400', true ],
				[ '[BODY].ok == true', true ],
				[ '[RESPONSE_TIME] < 2000', true ],
			]
		);
		const [ { method, headers, body } = { method: '', headers: {}, body: '' } ] = seen;
		assert.deepEqual(
			[ method, headers.authorization, headers[ 'content-type' ], headers[ 'user-agent' ], body ],
			[ 'POST', 'Bearer x', 'application/json', 'Rollcall/1.2.3 (+https://blog.acme.com/)', '{"ping":1}' ]
		);
	} );

	test( 'keeps the headers of a monitor from another origin', async () => {
		const seen: Seen[] = [];
		await using other = await site( seen, ( _request, response ) => response.end() );
		await using server = await site( [], ( _request, response ) =>
			response.writeHead( 307, { Location: `http://www.acme.com:${ other.port }/` } ).end()
		);
		const headers = [ 'Authorization', 'Cookie', 'X-Api-Key', 'User-Agent' ].map( ( name ) => ( { name, value: 'secret' } ) );
		const result = await check(
			{ url: `http://127.0.0.1:${ server.port }/`, options: { method: 'PUT', headers, body: 'secret' } },
			{ allow: `127.0.0.1:${ server.port }+${ other.port }` }
		);
		assert.deepEqual( [ result.status_code, seen.length ], [ 200, 1 ] );
		assert.doesNotMatch( JSON.stringify( seen ), /secret/ );
	} );

	test( 'falls back from HEAD to GET', async () => {
		const seen: Seen[] = [];
		await using server = await site( seen, ( request, response ) => {
			response.statusCode = request.method === 'HEAD' ? 405 : 200;
			response.end();
		} );
		const url = `http://127.0.0.1:${ server.port }/`;
		const result = await check( { url, options: { method: 'HEAD' } }, { allow: `127.0.0.1:${ server.port }` } );
		assert.deepEqual( [ seen.map( ( { method } ) => method ), result.status_code ], [ [ 'HEAD', 'GET' ], 200 ] );
	} );

	test( 'ends at its own time, and at the end of its slot', async () => {
		await using server = await rawServer( () => undefined );
		const url = `http://127.0.0.1:${ server.port }/`;
		const context = { allow: `127.0.0.1:${ server.port }` };
		const own = await check( { url, options: { timeout_ms: 300 } }, context );
		assert.deepEqual( [ own.state, own.error_code, own.phases.total_ms < 1000 ], [ 'down', 'header_timeout', true ] );
		const slot = await check( { url }, context, { deadline_mono_ms: performance.now() + 200 } );
		assert.deepEqual( [ slot.error_code, slot.phases.total_ms < 1000 ], [ 'header_timeout', true ] );
		const late = await check( { url }, context, { deadline_mono_ms: performance.now() - 1 } );
		assert.deepEqual( [ late.state, late.error_code ], [ 'unknown', 'check_failed_internally' ] );
	} );

	test( 'asks the other types by their URLs', async () => {
		await using server = await rawServer( ( socket ) => socket.end() );
		const url = `tcp://127.0.0.1:${ server.port }`;
		const result = await check( { type: 'tcp', url }, { allow: `127.0.0.1:${ server.port }` } );
		assert.deepEqual( [ result.state, result.error_code ], [ 'up', 'ok' ] );
	} );

	test( 'gives up with the reason of the signal', async () => {
		await using server = await rawServer( () => undefined );
		const stop = new AbortController();
		const checking = check(
			{ url: `http://127.0.0.1:${ server.port }/` },
			{ allow: `127.0.0.1:${ server.port }` },
			{ signal: stop.signal }
		);
		setTimeout( () => stop.abort( new Error( 'stopped' ) ), 50 );
		await assert.rejects( checking, /stopped/ );
	} );

	test( 'names the option that opens a refused target', async () => {
		const refused: [ string, string ][] = [
			[ 'http://10.0.0.5:8080/', '--allow 10.0.0.5/32:8080' ],
			[ 'https://[fd12::5]/', '--allow [fd12::5]/128:443' ],
			[ 'http://169.254.169.254/', '--allow 169.254.169.254/32:80!metadata' ],
			[ 'http://intranet:8080/', '--allow ADDRESS:8080' ],
			[ 'http://224.0.0.1/', 'nothing opens it' ],
		];
		for ( const [ url, words ] of refused ) {
			const result = await check( { url } );
			assert.deepEqual( [ result.state, result.error_code ], [ 'unknown', 'target_refused' ], url );
			assert.ok( result.error_message.includes( words ), result.error_message );
		}
		const tcp = await check( { type: 'tcp', url: 'tcp://10.0.0.5:22' } );
		assert.match( tcp.error_message, /--allow 10\.0\.0\.5\/32:22/ );
	} );

	test( 'says nothing of the address that a name has', async () => {
		const result = await check( { url: 'http://www.acme.com/' }, { resolve: () => Promise.resolve( [ '10.1.2.3' ] ) } );
		assert.equal( result.error_code, 'target_refused' );
		assert.match( result.error_message, /--allow ADDRESS:80 / );
		assert.doesNotMatch( result.error_message, /10\.1\.2\.3/ );
	} );
} );

const WRONG: [ string, MoreWork, RegExp ][] = [
	[
		'an assertion',
		{ options: { assertions: [ '[STATUS] < 400', '[STATUS] <' ] } },
		/expectation \[STATUS\] < is none\. At 11: expected a number/,
	],
	[
		'an assertion of another type',
		{ type: 'tcp', url: 'tcp://acme.com:25', options: { assertions: [ '[STATUS] < 400' ] } },
		/expected one of \[RESPONSE_TIME\]/,
	],
	[ 'the body of HEAD', { options: { method: 'HEAD', assertions: [ '[BODY] contains x' ] } }, /by HEAD, whose answer has no body/ ],
	[ 'another scheme', { url: 'ftp://acme.com/' }, /does not begin with http: or https:/ ],
	[ 'the scheme of another type', { type: 'tls', url: 'https://acme.com/' }, /does not begin with tls:/ ],
	[ 'a user name', { url: 'https://user:secret@acme.com/' }, /not a plain http\(s\) URL/ ],
	[ 'no port', { type: 'tcp', url: 'tcp://acme.com' }, /not HOST:PORT/ ],
	[ 'no type of record', { type: 'dns', url: 'dns://acme.com?type=QQ' }, /not dns:\/\/NAME/ ],
	[ 'no domain', { type: 'rdap', url: 'rdap://' }, /not rdap:\/\/DOMAIN/ ],
	...[ 'Host', 'connection', 'Content-Length', 'Transfer-Encoding', 'Upgrade', 'Expect', 'TE' ].map(
		( name ): [ string, MoreWork, RegExp ] => [
			`the header ${ name }`,
			{ options: { headers: [ { name, value: 'x' } ] } },
			new RegExp( `header ${ name } cannot be sent: it belongs to the connection` ),
		]
	),
	[
		'a line break in a header',
		{ options: { headers: [ { name: 'X-A', value: 'secret\r\nX-B: 1' } ] } },
		/header X-A cannot be sent: its value has a line break/,
	],
	[ 'a header beyond Latin-1', { options: { headers: [ { name: 'X-A', value: 'č' } ] } }, /beyond Latin-1/ ],
];

describe( 'a monitor that cannot be read', () => {
	for ( const [ what, more, message ] of WRONG ) {
		test( `says why: ${ what }`, async () => {
			const result = await check( more );
			assert.deepEqual( [ result.state, result.error_code ], [ 'unknown', 'check_failed_internally' ] );
			assert.match( result.error_message, /^The \w+ check "Acme" was not made: / );
			assert.match( result.error_message, message );
			assert.doesNotMatch( result.error_message, /secret/ );
		} );
	}

	const THROWN: unknown[] = [ 'a text', null, undefined, 7, { toString: null }, Object.create( null ), Symbol( 'x' ), new Error( '' ) ];
	for ( const [ place, thrown ] of THROWN.entries() ) {
		test( `stores a message of whatever is thrown (${ place })`, async () => {
			const fail = (): never => {
				throw thrown;
			};
			for ( const context of [ { connect: fail }, { now: fail }, { resolve: () => Promise.resolve().then( fail ) } ] ) {
				const result = await check( { url: 'http://www.acme.com/' }, { allow: '127.0.0.1', ...context } );
				assert.deepEqual( [ result.state, result.error_code ], [ 'unknown', 'check_failed_internally' ] );
				assert.match( result.error_message, /failed in the companion itself: ./ );
			}
		} );
	}
} );

describe( 'a monitor that waits for beats', () => {
	const NOW = 10_000_000;
	const push = ( last_beat_at_ms: number | null, heard_until_ms: number | null, more: MoreWork = {} ): Promise< MonitorResult > =>
		check(
			{ type: 'push', url: '', created_at_ms: NOW - 3_600_000, ...more },
			{ wallClock: () => NOW },
			{ beat: heard_until_ms === null ? null : { last_beat_at_ms, heard_until_ms } }
		);
	const rows: [ string, Promise< MonitorResult >, string, string ][] = [
		[ 'a beat in time', push( NOW - 80_000, NOW ), 'up', 'ok' ],
		[ 'a late beat', push( NOW - 91_000, NOW ), 'down', 'push_missed' ],
		[ 'a beat that was in time when WordPress was last heard', push( NOW - 150_000, NOW - 100_000 ), 'up', 'ok' ],
		[ 'a beat that the work list knew', push( null, NOW, { last_beat_at_ms: NOW - 10_000 } ), 'up', 'ok' ],
		[ 'a WordPress that was not heard of', push( null, null ), 'unknown', 'self_offline' ],
		[ 'no beat ever', push( null, NOW ), 'down', 'push_missed' ],
		[ 'no beat yet', push( null, NOW, { created_at_ms: NOW - 5000 } ), 'unknown', 'not_checked_yet' ],
		[ 'beats before a pause', push( NOW - 900_000, NOW, { created_at_ms: NOW - 5000 } ), 'up', 'ok' ],
	];
	for ( const [ what, result, state, code ] of rows ) {
		test( what, async () => {
			const { state: found, error_code } = await result;
			assert.deepEqual( [ found, error_code ], [ state, code ] );
		} );
	}
} );
