import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cycleThrough, parentThatIsDown } from '../../../companion/src/monitor/dependencies.ts';
import { judge, NOT_JUDGED, withhold } from '../../../companion/src/monitor/judge.ts';
import { seededRandom } from './random.ts';

/** "shop>web web>router": shop depends on web, web on router. */
function parentsOf( text: string ): Map< string, string[] > {
	const pairs = text
		.split( ' ' )
		.filter( Boolean )
		.map( ( pair ) => pair.split( '>' ) );
	return new Map(
		[ ...Map.groupBy( pairs, ( [ child = '' ] ) => child ) ].map( ( [ child, some ] ) => [
			child,
			some.map( ( [ , parent = '' ] ) => parent ),
		] )
	);
}

/** Dependencies there are, child, new parent; the circle. */
const circles: [ string, string, string, string | null ][] = [
	[ '', 'a', 'b', null ],
	[ '', 'a', 'a', 'a a' ],
	[ 'b>a', 'a', 'b', 'a b a' ],
	[ 'b>c c>a', 'a', 'b', 'a b c a' ],
	[ 'b>c c>d', 'a', 'b', null ],
	[ 'a>c b>c', 'a', 'b', null ],
	[ 'b>x b>c x>y c>a', 'a', 'b', 'a b c a' ],
	[ 'b>c c>b', 'a', 'b', null ],
];

/** Dependencies, those that are down, monitor; the parent that is to blame. */
const blamed: [ string, string[], string, string | null ][] = [
	[ 'shop>web', [], 'shop', null ],
	[ 'shop>web', [ 'web' ], 'shop', 'web' ],
	[ 'shop>web', [ 'shop' ], 'shop', null ],
	[ 'shop>web', [ 'web' ], 'web', null ],
	[ 'shop>web', [ 'web' ], 'other', null ],
	[ 'shop>web web>router', [ 'router' ], 'shop', 'router' ],
	[ 'shop>web web>router', [ 'router', 'web' ], 'shop', 'web' ],
	[ 'shop>web shop>db', [ 'db' ], 'shop', 'db' ],
	[ 'shop>web web>shop', [ 'shop' ], 'shop', null ],
];

describe( 'dependencies', () => {
	for ( const [ text, child, parent, circle ] of circles ) {
		it( `${ child } on ${ parent } with "${ text }" ${ circle === null ? 'is taken' : `closes the circle ${ circle }` }`, () => {
			assert.equal( cycleThrough( parentsOf( text ), child, parent )?.join( ' ' ) ?? null, circle );
		} );
	}

	for ( const [ text, down, monitor, expected ] of blamed ) {
		it( `${ monitor } with "${ text }" and ${ down.join( ', ' ) || 'nothing' } down waits for ${ expected ?? 'nobody' }`, () => {
			assert.equal(
				parentThatIsDown( parentsOf( text ), monitor, ( uid ) => down.includes( uid ) ),
				expected
			);
		} );
	}

	it( 'of a child leave no incident while its parent is down, and tell its own failure after', () => {
		const down = ( slot_ms: number ) => ( { slot_ms, state: 'down' as const, error_code: 'connect_refused' as const } );
		let judged = judge( NOT_JUDGED, { slot_ms: 1, state: 'up', error_code: 'ok' } ).judged;
		for ( const slot_ms of [ 2, 3, 4, 5 ] ) {
			const stepped = judge( judged, withhold( down( slot_ms ) ) );
			judged = stepped.judged;
			assert.ok( stepped.changes.every( ( change ) => change.state === 'unknown' && change.kind === 'reading' ) );
		}
		judged = judge( judged, down( 6 ) ).judged;
		assert.deepEqual( judge( judged, down( 7 ) ).changes, [ { ...down( 6 ), kind: 'confirmed' } ] );
	} );

	it( 'that are added while no circle is found never have one', () => {
		for ( let seed = 1; seed <= 500; seed++ ) {
			const random = seededRandom( seed );
			const parents = new Map< string, string[] >();
			for ( let step = 0; step < 30; step++ ) {
				const [ child, parent ] = [ `m${ random( 8 ) }`, `m${ random( 8 ) }` ];
				if ( cycleThrough( parents, child, parent ) === null ) {
					parents.set( child, [ ...( parents.get( child ) ?? [] ), parent ] );
				}
			}
			assert.ok( hasOrder( parents ), `seed ${ seed }` );
		}
	} );
} );

/** Whether monitors can be taken away one after the other, each when nothing it depends on is left. */
function hasOrder( parents: Map< string, string[] > ): boolean {
	const left = new Map( parents );
	for ( let before = -1; before !== left.size; ) {
		before = left.size;
		[ ...left ].filter( ( [ , above ] ) => above.every( ( uid ) => ! left.has( uid ) ) ).forEach( ( [ uid ] ) => left.delete( uid ) );
	}
	return left.size === 0;
}
