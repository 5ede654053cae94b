import { SnackbarList } from '@wordpress/components';
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';

type Notice = { id: string; content: string; spokenMessage: string; explicitDismiss: boolean };

/** As long as notices of the library stay that go by themselves. */
const SHOWN_MS = 10_000;

const NotifyContext = createContext< ( message: string ) => void >( () => undefined );

/** Says that something worked, in a corner and to screen readers; it goes by itself. */
export const useNotify = () => useContext( NotifyContext );

export function NotifyProvider( { children }: { children: ReactNode } ) {
	const [ notices, setNotices ] = useState< Notice[] >( [] );
	const next_id = useRef( 0 );
	const remove = useCallback( ( id: string ) => setNotices( ( shown ) => shown.filter( ( notice ) => notice.id !== id ) ), [] );
	const notify = useCallback(
		( message: string ) => {
			next_id.current += 1;
			const id = String( next_id.current );
			// With no button of its own the whole notice is a button called "Dismiss this notice", which hides what it says.
			setNotices( ( shown ) => [ ...shown, { id, content: message, spokenMessage: message, explicitDismiss: true } ] );
			setTimeout( () => remove( id ), SHOWN_MS );
		},
		[ remove ]
	);
	const list = useMemo( () => <SnackbarList notices={ notices } onRemove={ remove } />, [ notices, remove ] );
	return (
		<NotifyContext.Provider value={ notify }>
			{ children }
			<div className="rollcall-snackbars">{ list }</div>
		</NotifyContext.Provider>
	);
}
