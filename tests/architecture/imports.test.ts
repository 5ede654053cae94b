import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { files, importsOf, read, type Import } from './sources.ts';

/** Rooms whose values a room may import beside itself, contract/ and errors.ts; and rooms of which only types. */
const RULES: Record< string, { values: string[]; types: string[] } > = {
	match: { values: [], types: [] },
	lists: { values: [], types: [ 'guard' ] },
	guard: { values: [], types: [] },
	probes: { values: [], types: [ 'guard' ] },
	channels: { values: [], types: [ 'guard' ] },
	monitor: { values: [], types: [ 'probes', 'channels' ] },
	store: { values: [], types: [] },
	exchange: { values: [ 'store' ], types: [] },
	queue: { values: [ 'store' ], types: [] },
	'rate-limit': { values: [ 'store' ], types: [] },
};

const room = ( path: string ): string => /^companion\/src\/([^/]+)\//.exec( path )?.[ 1 ] ?? '';

function forbidden( found: Import ): boolean {
	const from = room( found.from );
	const to = room( found.to );
	const rule = RULES[ from ];
	if ( rule === undefined || ! found.to.startsWith( 'companion/src/' ) ) {
		return false;
	}
	if ( to === from || to === 'contract' || found.to === 'companion/src/errors.ts' ) {
		return false;
	}
	return ! rule.values.includes( to ) && ! ( found.type_only && rule.types.includes( to ) );
}

const shown = ( found: Import ): string => `${ found.from } imports ${ found.to }`;

describe( 'imports of the companion', () => {
	const all = files( 'companion/src/**/*.ts' ).flatMap( importsOf );

	it( 'sees the imports of the code', () => {
		assert.ok( all.some( ( found ) => found.to === 'companion/src/contract/vocabulary.ts' ) );
		assert.ok( all.some( ( found ) => found.type_only ) );
	} );

	it( 'keeps rooms apart as the rules say', () => {
		assert.deepEqual( all.filter( forbidden ).map( shown ), [] );
	} );

	it( 'finds a room that imports another', () => {
		const wrong = { from: 'companion/src/match/label.ts', to: 'companion/src/lists/diff.ts', type_only: true };
		assert.ok( forbidden( wrong ) );
		const type = { from: 'companion/src/lists/fetch.ts', to: 'companion/src/guard/fetcher.ts', type_only: true };
		assert.ok( ! forbidden( type ) );
		assert.ok( forbidden( { ...type, type_only: false } ) );
	} );

	it( 'lets the contract import nothing of ours', () => {
		const outside = all.filter(
			( found ) => room( found.from ) === 'contract' && found.to.startsWith( 'companion/' ) && room( found.to ) !== 'contract'
		);
		assert.deepEqual( outside.map( shown ), [] );
	} );

	it( 'knows every room', () => {
		const rooms = new Set( files( 'companion/src/*/*.ts' ).map( room ) );
		const composing = [ 'contract', 'commands', 'dev' ];
		assert.deepEqual(
			[ ...rooms ].filter( ( name ) => ! ( name in RULES ) && ! composing.includes( name ) ),
			[]
		);
	} );

	it( 'keeps files that a browser takes free of node modules', () => {
		const taken = reachable(
			files(
				'companion/src/match/**/*.ts',
				'companion/src/lists/parse*.ts',
				'companion/src/lists/diff.ts',
				'companion/src/monitor/assertion*.ts'
			)
		);
		const wrong = taken.flatMap( importsOf ).filter( ( found ) => found.to.startsWith( 'node:' ) );
		assert.deepEqual( wrong.map( shown ), [] );
	} );

	it( 'imports development programs only from development programs', () => {
		const wrong = all.filter( ( found ) => room( found.to ) === 'dev' && room( found.from ) !== 'dev' );
		assert.deepEqual( wrong.map( shown ), [] );
	} );

	it( 'reads the environment only in config.ts and dev/', () => {
		const wrong = files( 'companion/src/**/*.ts', 'admin-ts/src/**/*.{ts,tsx}' ).filter(
			( path ) => path !== 'companion/src/config.ts' && room( path ) !== 'dev' && /process\.env\b/.test( read( path ) )
		);
		assert.deepEqual( wrong, [] );
	} );
} );

describe( 'imports of the admin page', () => {
	const all = files( 'admin-ts/src/**/*.{ts,tsx}' ).flatMap( importsOf );

	const is_worker = ( path: string ): boolean => path.startsWith( 'admin-ts/src/worker/' );
	/** The side of the worker's room that is part of the page. */
	const PAGE_SIDE = [ 'admin-ts/src/worker/client.ts', 'admin-ts/src/worker/protocol.ts' ];
	/** What the page of a visitor loads; the public suffix list would be ten times as much. */
	const FOR_VISITORS = [ 'companion/src/match/cut-host.ts', 'companion/src/match/url-parts.ts' ];
	/** Tables of the contract that import no code. */
	const PLAIN = [ 'companion/src/contract/vocabulary.ts', 'companion/src/contract/check-types.ts' ];
	/** What the form of a monitor reads assertions with. */
	const ASSERTIONS = [ 'companion/src/monitor/assertion.ts', 'companion/src/monitor/assertion-places.ts' ];

	it( 'takes types of the contract, its plain tables, and the one parser of assertions', () => {
		const wrong = all.filter(
			( found ) =>
				found.to.startsWith( 'companion/src/' ) &&
				! ( found.type_only && room( found.to ) === 'contract' ) &&
				! PLAIN.includes( found.to ) &&
				! ( found.from.startsWith( 'admin-ts/src/screens/monitors/' ) && ASSERTIONS.includes( found.to ) ) &&
				( ! is_worker( found.from ) || PAGE_SIDE.includes( found.from ) ) &&
				! ( found.from.startsWith( 'admin-ts/src/blocks/matcher/' ) && FOR_VISITORS.includes( found.to ) )
		);
		assert.deepEqual( wrong.map( shown ), [] );
	} );

	it( 'gives visitors no more of the companion than what cuts hosts out of texts', () => {
		const taken = reachable( files( 'admin-ts/src/blocks/**/*.{ts,tsx}' ) ).filter( ( path ) => path.startsWith( 'companion/' ) );
		assert.deepEqual( taken.toSorted(), FOR_VISITORS );
	} );

	it( 'leaves the public suffix list and the parsers to the worker', () => {
		const inside = all.filter( ( found ) => is_worker( found.to ) && ! PAGE_SIDE.includes( found.to ) );
		assert.ok( inside.some( ( found ) => found.to === 'admin-ts/src/worker/run-task.ts' ) );
		const wrong = inside.filter( ( found ) => ! is_worker( found.from ) || PAGE_SIDE.includes( found.from ) );
		assert.deepEqual( wrong.map( shown ), [] );
	} );

	it( 'gives the worker the rooms that a browser can take', () => {
		const taken = reachable( files( 'admin-ts/src/worker/*.ts' ) );
		assert.ok( taken.includes( 'companion/src/match/label.ts' ) );
		const wrong = taken.flatMap( importsOf ).filter( ( found ) => found.to.startsWith( 'node:' ) );
		assert.deepEqual( wrong.map( shown ), [] );
	} );

	it( 'imports nothing of Node', () => {
		assert.deepEqual( all.filter( ( found ) => found.to.startsWith( 'node:' ) ).map( shown ), [] );
	} );

	it( 'never imports a screen from another screen', () => {
		const screen = ( path: string ): string => /^admin-ts\/src\/screens\/([^/]+)\//.exec( path )?.[ 1 ] ?? '';
		const wrong = all.filter(
			( found ) => screen( found.from ) !== '' && screen( found.to ) !== '' && screen( found.from ) !== screen( found.to )
		);
		assert.deepEqual( wrong.map( shown ), [] );
	} );
} );

/** The files and all that they import of ours as values. */
function reachable( start: string[] ): string[] {
	const seen = new Set( start );
	for ( const path of seen ) {
		importsOf( path )
			.filter( ( found ) => ! found.type_only && found.to.startsWith( 'companion/src/' ) && found.to.endsWith( '.ts' ) )
			.forEach( ( found ) => seen.add( found.to ) );
	}
	return [ ...seen ];
}
