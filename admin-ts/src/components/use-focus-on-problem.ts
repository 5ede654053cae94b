import { useEffect, useRef, type RefObject } from 'react';

/** A form whose first field with a problem gets the focus after each try to save it; the button may be a screen below. */
export function useFocusOnProblem( tries: number ): RefObject< HTMLFormElement > {
	const form = useRef< HTMLFormElement >( null );
	useEffect( () => {
		if ( tries > 0 ) {
			form.current?.querySelector< HTMLElement >( '[aria-invalid="true"]' )?.focus();
		}
	}, [ tries ] );
	return form;
}
