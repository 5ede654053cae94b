import { useCallback, useEffect, useRef, useState } from 'react';
import { toApiError, type ApiError } from '../data/api.ts';

export type Task = {
	state: 'running' | 'stopped' | 'failed' | 'done';
	error?: ApiError;
	stop: () => void;
	start: () => void;
};

/** Does something long for as long as its place on the page is shown: it begins by itself, can be stopped and gone on
 *  with, and ends with the place. `work` may be called again after a stop, so it begins where the server says. */
export function useTask( work: ( signal: AbortSignal ) => Promise< void > ): Task {
	const [ state, setState ] = useState< Task[ 'state' ] >( 'running' );
	const [ error, setError ] = useState< ApiError >();
	const control = useRef< AbortController | undefined >( undefined );
	const latest = useRef( work );
	latest.current = work;

	const start = useCallback( () => {
		control.current?.abort();
		const own = new AbortController();
		control.current = own;
		setState( 'running' );
		setError( undefined );
		latest.current( own.signal ).then(
			() => ( own.signal.aborted ? undefined : setState( 'done' ) ),
			async ( thrown: unknown ) => {
				if ( ! own.signal.aborted ) {
					setError( await toApiError( thrown ) );
					setState( 'failed' );
				}
			}
		);
	}, [] );
	const stop = useCallback( () => {
		control.current?.abort();
		setState( 'stopped' );
	}, [] );
	useEffect( () => {
		start();
		return () => control.current?.abort();
	}, [ start ] );
	return { state, error, stop, start };
}
