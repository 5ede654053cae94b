/** Numbers from 0 to `below` - 1, the same ones for the same seed (mulberry32). */
export function seededRandom( seed: number ): ( below: number ) => number {
	let state = seed;
	return ( below ) => {
		state = ( state + 0x6d2b79f5 ) | 0;
		let mixed = Math.imul( state ^ ( state >>> 15 ), state | 1 );
		mixed ^= mixed + Math.imul( mixed ^ ( mixed >>> 7 ), mixed | 61 );
		return ( ( mixed ^ ( mixed >>> 14 ) ) >>> 0 ) % below;
	};
}

/** The same things in another order. */
export function shuffled< Item >( items: readonly Item[], random: ( below: number ) => number ): Item[] {
	return items
		.map( ( item ) => ( { item, place: random( 1_000_000 ) } ) )
		.sort( ( a, b ) => a.place - b.place )
		.map( ( { item } ) => item );
}
