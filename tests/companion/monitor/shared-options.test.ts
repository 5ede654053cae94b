import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeSharedOptions } from '../../../companion/src/monitor/shared-options.ts';
import { makeWork } from '../commands/make-work.ts';

const work = ( timeout_ms: number, monitor_uid = 'a' ) =>
	makeWork( { monitor_uid, options: { timeout_ms, assertions: [ '[STATUS] == 200' ] } } );

describe( 'options that monitors share', () => {
	it( 'are one object for monitors that ask in the same way, whose other fields stay their own', () => {
		const share = makeSharedOptions();
		const first = share( work( 2000, 'a' ) );
		const second = share( work( 2000, 'b' ) );
		assert.equal( second.options, first.options );
		assert.deepEqual( second, work( 2000, 'b' ) );
	} );

	it( 'are other objects when anything in them differs', () => {
		const share = makeSharedOptions();
		assert.notEqual( share( work( 2000 ) ).options, share( work( 2001 ) ).options );
		assert.equal( share( work( 2001 ) ).options.timeout_ms, 2001 );
	} );

	it( 'are looked for among the newest 256 kinds', () => {
		const share = makeSharedOptions();
		const oldest = share( work( 1 ) ).options;
		const used = share( work( 2 ) ).options;
		for ( let timeout_ms = 3; timeout_ms <= 256; timeout_ms++ ) {
			share( work( timeout_ms ) );
		}
		assert.equal( share( work( 2 ) ).options, used );
		share( work( 257 ) );
		assert.equal( share( work( 2 ) ).options, used );
		assert.notEqual( share( work( 1 ) ).options, oldest );
	} );
} );
