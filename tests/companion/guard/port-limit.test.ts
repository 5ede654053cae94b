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

	it( 'takes three new ports a minute, and asks the known ones whenever it is their turn', () => {
		let now = 0;
		const admits = makePortLimit( () => now );
		const ports = Array.from( { length: 10 }, ( _, index ) => index + 1 );
		const admitted: number[] = [];
		for ( ; now < 300_000; now += 60_000 ) {
			admitted.push( ports.filter( ( port ) => admits( [ 'acme.com', '192.0.2.1' ], port ) ).length );
		}
		assert.deepEqual( admitted, [ 3, 6, 9, 10, 10 ] );
	} );

	it( 'has room for a new port a minute after another one was new', () => {
		let now = 0;
		const admits = makePortLimit( () => now );
		for ( const port of [ 1, 2, 3 ] ) {
			admits( [ 'acme.com' ], port );
			now += 10_000;
		}
		now = 59_999;
		assert.deepEqual( [ admits( [ 'acme.com' ], 4 ), admits( [ 'acme.com' ], 1 ) ], [ false, true ] );
		now = 60_000;
		assert.deepEqual( [ admits( [ 'acme.com' ], 4 ), admits( [ 'acme.com' ], 5 ) ], [ true, false ] );
	} );

	it( 'never asks more than three new ports a minute and 16 known ones, whatever is asked between', () => {
		let now = 0;
		const admits = makePortLimit( () => now );
		for ( let port = 1; port <= 16; port++, now += 20_000 ) {
			assert.equal( admits( [ 'acme.com' ], port ), true );
		}
		now += 60_000;
		const askKnown = (): void => {
			for ( let port = 2; port <= 16; port++ ) {
				admits( [ 'acme.com' ], port );
			}
		};
		askKnown();
		const scanned = new Set< number >();
		for ( let port = 100; port < 200; port++ ) {
			if ( admits( [ 'acme.com' ], port ) ) {
				scanned.add( port );
			}
			// The known ones come after each new one, so that the new one is the one asked longest ago.
			askKnown();
		}
		assert.ok( scanned.size <= 3, String( scanned.size ) );
		now += 60_000;
		const again = Array.from( { length: 300 }, ( _, index ) => index + 1 ).filter( ( port ) => admits( [ 'acme.com' ], port ) );
		assert.ok( again.length <= 16 + 3, String( again.length ) );
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
