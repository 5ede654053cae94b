import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs work on items, `width` at a time and in their order. Work that is older than `patience_ms` gives its place back, so
 *  that dead targets do not hold up the others, until `most` are under way. Ends with the first failure, or when all ended. */
export async function inSlots< Item >(
	items: Iterable< Item >,
	work: ( item: Item ) => Promise< void >,
	{ width, most, patience_ms }: { width: number; most: number; patience_ms: number }
): Promise< void > {
	const open = new Set< Promise< void > >();
	let slow = 0;
	let wake: () => void = () => undefined;
	let failure: { thrown: unknown } | null = null;

	const begin = ( item: Item ): void => {
		let is_slow = false;
		const timer = setTimeout( () => {
			is_slow = true;
			slow += 1;
			wake();
		}, patience_ms );
		const running = work( item )
			.catch( ( thrown: unknown ) => {
				failure ??= { thrown };
			} )
			.finally( () => {
				clearTimeout( timer );
				slow -= is_slow ? 1 : 0;
				open.delete( running );
				wake();
			} );
		open.add( running );
	};
	for ( const item of items ) {
		while ( failure === null && ( open.size - slow >= width || open.size >= most ) ) {
			await new Promise< void >( ( resolve ) => ( wake = resolve ) );
		}
		if ( failure !== null ) {
			break;
		}
		begin( item );
		// What is under way is heard first: 50 that began in one turn would be told 16 ms too slow, in turns of their own 2 ms.
		await nextTurn();
	}
	await Promise.all( open );
	if ( failure !== null ) {
		throw ( failure as { thrown: unknown } ).thrown;
	}
}
