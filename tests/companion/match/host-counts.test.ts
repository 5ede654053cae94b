import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HostCounts } from '../../../companion/src/match/host-counts.ts';

it( 'counts hosts of every length as a Map does, and finds none that did not come', () => {
	const counts = new HostCounts();
	const expected = new Map< string, number >();
	for ( let number = 0; number < 60_000; number++ ) {
		const host = `${ 'x'.repeat( number % 41 ) }${ ( number * 7919 ) % 20_011 }`;
		counts.add( host, number % 3 );
		expected.set( host, ( expected.get( host ) ?? 0 ) + ( number % 3 ) );
	}
	const long = 'y'.repeat( 40_000 );
	counts.add( long );
	expected.set( long, 1 );
	const users = [ ...expected ].filter( ( [ , count ] ) => count > 0 );
	assert.deepEqual( [ ...counts ], users );
	assert.deepEqual(
		counts.textsOf( [ ...counts.records() ] ),
		users.map( ( [ host ] ) => host )
	);
	for ( const [ host, count ] of expected ) {
		assert.equal( counts.countOf( host ), count );
	}
	for ( const host of [ '', 'x', 'xx', 'xxx', 'xxxx', `${ long }y`, long.slice( 1 ) ] ) {
		assert.equal( counts.countOf( host ), 0, host.slice( 0, 10 ) );
	}
} );
