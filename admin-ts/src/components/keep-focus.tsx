import { useEffect, useRef, type ReactNode } from 'react';

/** Keeps the focus in a place whose content is replaced: when the focused button goes, the place takes the focus,
 *  so that Tab and a screen reader go on there and not at the top of the page. */
export function KeepFocus( { children }: { children: ReactNode } ) {
	const place = useRef< HTMLDivElement >( null );
	const focused = useRef< Element | null >( null );
	useEffect( () => {
		const page = place.current?.ownerDocument;
		if ( focused.current && ! focused.current.isConnected && page?.activeElement === page?.body ) {
			focused.current = null;
			place.current?.focus( { preventScroll: true } );
		}
	} );
	return (
		<div
			ref={ place }
			className="rollcall-keep-focus"
			tabIndex={ -1 }
			onFocus={ ( event ) => {
				focused.current = event.target;
			} }
			onBlur={ ( event ) => {
				if ( event.target.isConnected ) {
					focused.current = null;
				}
			} }
		>
			{ children }
		</div>
	);
}
