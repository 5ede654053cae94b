import { SnackbarList } from '@wordpress/components';
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';

type Notice = { id: string; content: string; spokenMessage: string };

const NotifyContext = createContext< ( message: string ) => void >( () => undefined );

/** Says that something worked, in a corner and to screen readers; it goes by itself. */
export const useNotify = () => useContext( NotifyContext );

export function NotifyProvider( { children }: { children: ReactNode } ) {
	const [ notices, setNotices ] = useState< Notice[] >( [] );
	const next_id = useRef( 0 );
	const notify = useCallback( ( message: string ) => {
		next_id.current += 1;
		const id = String( next_id.current );
		setNotices( ( shown ) => [ ...shown, { id, content: message, spokenMessage: message } ] );
	}, [] );
	const remove = useCallback( ( id: string ) => setNotices( ( shown ) => shown.filter( ( notice ) => notice.id !== id ) ), [] );
	const list = useMemo( () => <SnackbarList notices={ notices } onRemove={ remove } />, [ notices, remove ] );
	return (
		<NotifyContext.Provider value={ notify }>
			{ children }
			<div className="rollcall-snackbars">{ list }</div>
		</NotifyContext.Provider>
	);
}
