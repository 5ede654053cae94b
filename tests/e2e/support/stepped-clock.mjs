// Preloaded into a companion of which a test sets the clock, or holds up the event loop. On SIGUSR2 it reads the file that
// ROLLCALL_TEST_CLOCK names: how far the wall is ahead, and how long nothing else is done.
import { readFileSync } from 'node:fs';

const now = Date.now;
const RealDate = Date;
let ahead_ms = 0;

globalThis.Date = class extends RealDate {
	constructor( ...args ) {
		if ( args.length === 0 ) {
			super( now() + ahead_ms );
		} else {
			super( ...args );
		}
	}

	static now() {
		return now() + ahead_ms;
	}
};

process.on( 'SIGUSR2', () => {
	const set = JSON.parse( readFileSync( process.env.ROLLCALL_TEST_CLOCK, 'utf8' ) );
	ahead_ms = set.ahead_ms;
	const until_ms = performance.now() + set.held_up_ms;
	while ( performance.now() < until_ms ) {
		// Nothing else gets its turn.
	}
} );
