import { useState } from 'react';
import { toApiError, type ApiError } from '../../data/api.ts';
import { useStoreList } from '../../data/list-queries.ts';
import { parseRows } from '../../worker/client.ts';
import type { TypedRow } from '../../worker/protocol.ts';
import { rejectionText } from './words.ts';

/** Stores all rows of a list by hand as its next version; nothing is stored while the changed row has a fault. */
export function useRowsSaving( list_uid: string ) {
	const [ problem, setProblem ] = useState< string >();
	const [ error, setError ] = useState< ApiError >();
	const [ is_busy, setIsBusy ] = useState( false );
	const store = useStoreList();

	const save = async ( rows: TypedRow[], changed: TypedRow | undefined ): Promise< boolean > => {
		setProblem( undefined );
		setError( undefined );
		setIsBusy( true );
		try {
			const { rows: verdicts, pages } = await parseRows( { list_uid, source: 'manual', previous: null, rows } );
			// The heading is row 1, so the first row is 2.
			const verdict = changed ? verdicts.find( ( { row } ) => row === rows.indexOf( changed ) + 2 ) : undefined;
			if ( verdict && ( verdict.verdict === 'refused' || verdict.reason !== '' ) ) {
				setProblem( rejectionText( verdict.reason ) );
				return false;
			}
			await store.mutateAsync( { list_uid, pages } );
			return true;
		} catch ( thrown ) {
			setError( await toApiError( thrown ) );
			return false;
		} finally {
			setIsBusy( false );
		}
	};
	const reset = () => {
		setProblem( undefined );
		setError( undefined );
	};
	return { save, reset, problem, error, is_busy };
}
