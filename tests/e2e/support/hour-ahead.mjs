// Preloaded into a companion whose computer's clock is an hour ahead.
const HOUR_MS = 3_600_000;
const now = Date.now;
const RealDate = Date;
globalThis.Date = class extends RealDate {
	constructor( ...args ) {
		if ( args.length === 0 ) {
			super( now() + HOUR_MS );
		} else {
			super( ...args );
		}
	}

	static now() {
		return now() + HOUR_MS;
	}
};
