import type { MonitorOptions, MonitorWork } from '../contract/monitor.ts';

/** Of more kinds of options the oldest are no longer looked for. */
const MOST_KINDS = 256;

/** Gives monitors that ask in the same way the same object of options, and with it whatever is made of options once. A list of
 *  10,000 has a few kinds, each monitor with an object of its own until then. */
export function makeSharedOptions(): ( work: MonitorWork ) => MonitorWork {
	const kinds = new Map< string, MonitorOptions >();
	return ( work ) => {
		const text = JSON.stringify( work.options );
		const options = kinds.get( text ) ?? work.options;
		kinds.delete( text );
		kinds.set( text, options );
		const [ oldest ] = kinds.keys();
		if ( kinds.size > MOST_KINDS && oldest !== undefined ) {
			kinds.delete( oldest );
		}
		return options === work.options ? work : { ...work, options };
	};
}
