import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultStateFolder, readConfig, UsageError, type Config } from '../../companion/src/config.ts';
import { makeLog } from '../../companion/src/log.ts';

const HOME = { HOME: '/home/ada' };
const config = ( argv: string[], env: { [ name: string ]: string } = {} ): Config => readConfig( argv, { ...HOME, ...env } );

test( 'without options it listens on this machine only and keeps state in the home folder', () => {
	const { state_folder, listen, public_url, allow, companies, basic_auth, log_level, once, help, operands } = config( [] );
	assert.deepEqual(
		{ state_folder, listen, public_url, allow, companies, basic_auth, log_level, once, help, operands },
		{
			state_folder: '/home/ada/.rollcall',
			listen: { host: '127.0.0.1', port: 8737 },
			public_url: null,
			allow: [],
			companies: null,
			basic_auth: null,
			log_level: 'info',
			once: false,
			help: false,
			operands: [],
		}
	);
	assert.equal( defaultStateFolder( { ...HOME, XDG_STATE_HOME: '/var/state' } ), '/var/state/rollcall' );
} );

const given: [ string, string[], { [ name: string ]: string }, Partial< Config > ][] = [
	[ 'an option', [ '--state', '/s' ], {}, { state_folder: '/s' } ],
	[ 'the environment', [], { ROLLCALL_STATE: '/e' }, { state_folder: '/e' } ],
	[ 'the option before the environment', [ '--state', '/s' ], { ROLLCALL_STATE: '/e' }, { state_folder: '/s' } ],
	[ 'an IPv6 address', [ '--listen', '[::1]:99' ], {}, { listen: { host: '::1', port: 99 } } ],
	[ 'every address', [ '--listen', '0.0.0.0:8000' ], {}, { listen: { host: '0.0.0.0', port: 8000 } } ],
	[ 'a port alone', [ '--port', '0' ], { ROLLCALL_LISTEN: '0.0.0.0:1' }, { listen: { host: '127.0.0.1', port: 0 } } ],
	[ 'a public origin', [ '--public-url', 'https://C.example/' ], {}, { public_url: 'https://c.example' } ],
	[ 'a list', [ '--companies', 'sample:' ], {}, { companies: 'sample:' } ],
	[ 'a password with colons', [ '--basic-auth', 'ada:a:b' ], {}, { basic_auth: 'ada:a:b' } ],
	[ 'proxies', [ '--trusted-proxies', '10.1.2.3/8, fd12::1' ], {}, { trusted_proxies: [ '10.0.0.0/8', 'fd12::1/128' ] } ],
	[ 'proxies of the environment', [], { ROLLCALL_TRUSTED_PROXIES: '127.0.0.1' }, { trusted_proxies: [ '127.0.0.1/32' ] } ],
	[ 'metrics for all', [ '--metrics-open' ], {}, { metrics_open: true } ],
	[ 'metrics for all of the environment', [], { ROLLCALL_METRICS: 'open' }, { metrics_open: true } ],
	[ 'metrics for this machine', [], {}, { metrics_open: false } ],
	[
		'anchors',
		[ '--anchor', '192.0.2.1:443', '--anchor', '[2001:db8::1]:53' ],
		{},
		{ anchors: [ '192.0.2.1:443', '[2001:db8::1]:53' ] },
	],
	[
		'anchors of the environment',
		[],
		{ ROLLCALL_ANCHORS: 'a.example:443, 192.0.2.1:80' },
		{ anchors: [ 'a.example:443', '192.0.2.1:80' ] },
	],
	[ 'no anchors', [ '--no-anchors' ], { ROLLCALL_ANCHORS: '192.0.2.1:443' }, { anchors: [] } ],
	[ 'no anchors of the environment', [], { ROLLCALL_ANCHORS: 'none' }, { anchors: [] } ],
	[ 'the usual anchors', [], {}, { anchors: [ '1.1.1.1:443', '8.8.8.8:443', '9.9.9.9:443' ] } ],
	[ 'operands', [ 'https://a.example', 'code', '--once' ], {}, { operands: [ 'https://a.example', 'code' ], once: true } ],
	[
		'an empty variable',
		[],
		{ ROLLCALL_PUBLIC_URL: '', ROLLCALL_BASIC_AUTH: '', ROLLCALL_ALLOW: '' },
		{ public_url: null, basic_auth: null, allow: [] },
	],
];
for ( const [ name, argv, env, expected ] of given ) {
	test( `takes ${ name }`, () => {
		const read = config( argv, env );
		for ( const [ field, value ] of Object.entries( expected ) ) {
			assert.deepEqual( Object.entries( read ).find( ( [ key ] ) => key === field )?.[ 1 ], value );
		}
	} );
}

test( 'takes several ranges that lists may be fetched from', () => {
	assert.equal( config( [ '--allow', '10.0.0.0/8', '--allow', '127.0.0.1:8888' ] ).allow.length, 2 );
	assert.equal( config( [], { ROLLCALL_ALLOW: '10.0.0.0/8, 192.168.0.0/16:80' } ).allow.length, 2 );
} );

const wrong: [ string, string[], { [ name: string ]: string } ][] = [
	[ 'an unknown option', [ '--loud' ], {} ],
	[ 'a listen address without a port', [ '--listen', '127.0.0.1' ], {} ],
	[ 'a port that is too high', [ '--listen', '127.0.0.1:65536' ], {} ],
	[ 'a port that is no number', [ '--port', 'x' ], {} ],
	[ 'a public URL with a path', [ '--public-url', 'https://c.example/x' ], {} ],
	[ 'a public URL of another kind', [ '--public-url', 'ftp://c.example' ], {} ],
	[ 'a login without a password', [ '--basic-auth', 'ada' ], {} ],
	[ 'an unknown level', [ '--log-level', 'loud' ], {} ],
	[ 'metrics for somebody', [], { ROLLCALL_METRICS: 'yes' } ],
	[ 'a proxy with a port', [ '--trusted-proxies', '10.0.0.1:80' ], {} ],
	[ 'a range that is none', [ '--allow', 'home' ], {} ],
	[ 'a bad value in the environment', [], { ROLLCALL_LOG_LEVEL: 'loud' } ],
	[ "Node's own proxy switch", [], { NODE_USE_ENV_PROXY: '1' } ],
];
for ( const [ name, argv, env ] of wrong ) {
	test( `refuses ${ name } as wrong usage`, () => {
		assert.throws( () => config( argv, env ), UsageError );
	} );
}

test( 'a wrong login is not shown again', () => {
	assert.throws(
		() => config( [ '--basic-auth', 'hunter2' ] ),
		( thrown ) => thrown instanceof UsageError && ! thrown.message.includes( 'hunter2' )
	);
} );

function linesOf( level: Parameters< typeof makeLog >[ 0 ] ): { lines: string[]; log: ReturnType< typeof makeLog > } {
	const lines: string[] = [];
	return {
		lines,
		log: makeLog(
			level,
			( line ) => lines.push( line ),
			() => 0
		),
	};
}

test( 'a log line is time, level, event and fields', () => {
	const { lines, log } = linesOf( 'info' );
	log( 'info', 'list_checked', { list_uid: 'yc', rows: 5, is_ok: true, error_code: null, message: undefined } );
	assert.deepEqual( lines, [ '1970-01-01T00:00:00.000Z info list_checked list_uid=yc rows=5 is_ok=true\n' ] );
} );

test( 'what other machines say cannot begin a line of its own', () => {
	const { lines, log } = linesOf( 'info' );
	log( 'warn', 'exchange_waits', { message: 'a\n1970 error fake\u001b[31m\u202e' + 'x'.repeat( 1000 ) } );
	assert.equal( lines.join( '' ).split( '\n' ).length, 2 );
	assert.ok( lines.join( '' ).length < 600 );
	assert.doesNotMatch( lines.join( '' ), /[\u001b\u202e]/ );
} );

test( 'lines below the level are left out', () => {
	const { lines, log } = linesOf( 'warn' );
	for ( const level of [ 'debug', 'info', 'warn', 'error' ] as const ) {
		log( level, level );
	}
	assert.deepEqual(
		lines.map( ( line ) => line.split( ' ' )[ 1 ] ),
		[ 'warn', 'error' ]
	);
} );
