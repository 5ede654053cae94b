import { useEffect, useRef, useState } from 'react';
import { ApiError, toApiError } from '../../data/api.ts';
import { useAddList, useStoreList } from '../../data/list-queries.ts';
import type { ListPreview } from '../../worker/protocol.ts';

/** Steps on the way of a list from a file or address to WordPress. */
export type Step =
	| { name: 'choose' }
	| { name: 'reading'; bytes_read: number; bytes_total: number }
	| { name: 'preview'; preview: ListPreview }
	| { name: 'storing'; done: number; total: number };

/** Reads a list for the list_uid that it is given. */
export type Read = ( list_uid: string, signal: AbortSignal, onBytes: ( read: number, total: number ) => void ) => Promise< ListPreview >;

/** The list that is written: one that is there, or a new one of this title. */
export type Target = { title: string } | { list_uid: string };

const NOT_STORED = 'preview';

/** Reads a list in the worker, shows it, and stores it when asked to; each step can be stopped. */
export function useStoring( target: Target, onStored: () => void ) {
	const [ step, setStep ] = useState< Step >( { name: 'choose' } );
	const [ error, setError ] = useState< ApiError >();
	const reader = useRef< Read | undefined >( undefined );
	const controller = useRef< AbortController | undefined >( undefined );
	const add = useAddList();
	const save = useStoreList();
	useEffect( () => () => controller.current?.abort(), [] );

	const attempt = async ( work: ( signal: AbortSignal ) => Promise< void >, back: Step ) => {
		const current = new AbortController();
		controller.current = current;
		setError( undefined );
		try {
			await work( current.signal );
		} catch ( thrown ) {
			setStep( back );
			if ( ! current.signal.aborted ) {
				setError( await toApiError( thrown ) );
			}
		}
	};
	const onBytes = ( bytes_read: number, bytes_total: number ) => setStep( { name: 'reading', bytes_read, bytes_total } );

	const read = ( next: Read ) => {
		reader.current = next;
		onBytes( 0, 0 );
		const list_uid = 'list_uid' in target ? target.list_uid : NOT_STORED;
		return attempt(
			async ( signal ) => {
				const preview = await next( list_uid, signal, onBytes );
				signal.throwIfAborted();
				setStep( { name: 'preview', preview } );
			},
			{ name: 'choose' }
		);
	};

	const store = ( shown: ListPreview ) => {
		setStep( { name: 'storing', done: 0, total: shown.pages.length } );
		return attempt(
			async ( signal ) => {
				let pages = shown.pages;
				let list_uid = 'list_uid' in target ? target.list_uid : created.current;
				if ( list_uid === undefined && 'title' in target ) {
					const list = await add.mutateAsync( { title: target.title, source: 'upload', url: '', schedule_hours: 0 } );
					list_uid = list.list_uid;
					created.current = list_uid;
				}
				if ( list_uid !== undefined && shown.pages[ 0 ]?.list_uid !== list_uid ) {
					// The identity of a version covers the list that it belongs to, which has its name only now.
					pages = ( await reader.current?.( list_uid, signal, () => undefined ) )?.pages ?? [];
				}
				const onPage = ( done: number ) => setStep( { name: 'storing', done, total: pages.length } );
				await save.mutateAsync( { list_uid: list_uid ?? NOT_STORED, pages, onPage, signal } );
				onStored();
			},
			{ name: 'preview', preview: shown }
		);
	};
	/** A list that was made before storing failed is used by the next try. */
	const created = useRef< string | undefined >( undefined );

	return { step, error, read, store, stop: () => controller.current?.abort(), restart: () => setStep( { name: 'choose' } ) };
}
