/** Does work under a key when all earlier work under it has ended. */
export type Turns = < Value >( key: string, work: () => Promise< Value > ) => Promise< Value >;

export function makeTurns(): Turns {
	const last = new Map< string, Promise< void > >();
	return async ( key, work ) => {
		const before = last.get( key );
		const { promise, resolve } = Promise.withResolvers< void >();
		last.set( key, promise );
		await before;
		try {
			return await work();
		} finally {
			resolve();
			if ( last.get( key ) === promise ) {
				last.delete( key );
			}
		}
	};
}
