/** The monitors on which a monitor depends, by its uid. */
export type Parents = ReadonlyMap< string, readonly string[] >;

/** The circle that a new parent would close, from the child over the parent back to it; null when the parent may be added. */
export function cycleThrough( parents: Parents, child_uid: string, parent_uid: string ): string[] | null {
	const ways = new Map< string, string[] >( [ [ parent_uid, [ child_uid, parent_uid ] ] ] );
	for ( const [ uid, way ] of ways ) {
		if ( uid === child_uid ) {
			return way;
		}
		( parents.get( uid ) ?? [] ).filter( ( next ) => ! ways.has( next ) ).forEach( ( next ) => ways.set( next, [ ...way, next ] ) );
	}
	return null;
}

/** The nearest monitor on which this one depends, at any remove, and which is down; null when there is none.
 *  `isDown` is also true while a parent's failure is being confirmed, or the child would be told first. */
export function parentThatIsDown( parents: Parents, monitor_uid: string, isDown: ( uid: string ) => boolean ): string | null {
	const above = new Set( parents.get( monitor_uid ) ?? [] );
	for ( const uid of above ) {
		if ( uid !== monitor_uid && isDown( uid ) ) {
			return uid;
		}
		( parents.get( uid ) ?? [] ).forEach( ( next ) => above.add( next ) );
	}
	return null;
}
