import { useEffect, useRef, useState, type RefObject } from 'react';

/** Which rows may take the focus when some go: those below the first that goes, then those above it, the nearest first. */
export function neighboursOf( uids: readonly string[], gone: readonly string[] ): string[] {
	const first = uids.findIndex( ( uid ) => gone.includes( uid ) );
	const near = first < 0 ? uids : [ ...uids.slice( first ), ...uids.slice( 0, first ).toReversed() ];
	return near.filter( ( uid ) => ! gone.includes( uid ) );
}

/** A place of rows, whose names carry `data-monitor-uid`, and what brings the focus to the first of some rows that is still
 *  there, or to the place itself. A dialog would give it back to the menu of a row that is gone, and so to nothing. */
export function useRowFocus(): { place: RefObject< HTMLDivElement >; focusRow: ( uids: readonly string[] ) => void } {
	const place = useRef< HTMLDivElement >( null );
	const [ wanted, focusRow ] = useState< readonly string[] >();
	useEffect( () => {
		if ( wanted ) {
			const names = wanted.map( ( uid ) => place.current?.querySelector( `[data-monitor-uid="${ uid }"]` ) );
			const name = names.find( Boolean )?.closest< HTMLElement >( '[tabindex], button, a' );
			( name ?? place.current )?.focus();
		}
	}, [ wanted ] );
	return { place, focusRow };
}
