import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makePortLimit } from '../../../companion/src/guard/port-limit.ts';

describe( 'the limit of ports', () => {
	it( 'lets the same three ports of a host be asked as often as wanted', () => {
		const admits = makePortLimit( () => 0 );
		for ( const port of [ 1, 2, 3, 1, 2, 3, 3, 2, 1 ] ) {
			assert.equal( admits( [ 'a.acme.com' ], port ), true );
		}
		assert.equal( admits( [ 'a.acme.com' ], 4 ), false );
		assert.equal( admits( [ 'b.acme.com' ], 4 ), true );
	} );

	it( 'counts an address whatever its names are', () => {
		const admits = makePortLimit( () => 0 );
		const asked = [ 1, 2, 3, 4 ].map( ( port ) => admits( [ `n${ port }.acme.com`, '192.0.2.1' ], port ) );
		assert.deepEqual( asked, [ true, true, true, false ] );
	} );

	it( 'counts nothing of what it refused', () => {
		const admits = makePortLimit( () => 0 );
		[ 1, 2, 3 ].forEach( ( port ) => admits( [ '192.0.2.1' ], port ) );
		[ 4, 5, 6 ].forEach( ( port ) => admits( [ 'a.acme.com', '192.0.2.1' ], port ) );
		assert.equal( admits( [ 'a.acme.com' ], 7 ), true );
	} );

	it( 'forgets a port a minute after it was last asked', () => {
		let now = 0;
		const admits = makePortLimit( () => now );
		for ( const port of [ 1, 2, 3 ] ) {
			admits( [ 'acme.com' ], port );
			now += 10_000;
		}
		admits( [ 'acme.com' ], 1 );
		now = 69_999;
		assert.equal( admits( [ 'acme.com' ], 4 ), false );
		now = 70_001;
		assert.deepEqual( [ admits( [ 'acme.com' ], 4 ), admits( [ 'acme.com' ], 5 ) ], [ true, false ] );
	} );

	it( 'keeps at most 20,000 hosts, those that were asked last', () => {
		const admits = makePortLimit( () => 0 );
		[ 1, 2, 3 ].forEach( ( port ) => admits( [ 'first' ], port ) );
		for ( let host = 0; host < 19_999; host++ ) {
			admits( [ `h${ host }` ], 1 );
		}
		assert.equal( admits( [ 'first' ], 4 ), false );
		admits( [ 'one more' ], 1 );
		assert.equal( admits( [ 'first' ], 4 ), true );
	} );
} );
