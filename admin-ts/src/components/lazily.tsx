import { __ } from '@wordpress/i18n';
import { useEffect, useState, type ComponentType } from 'react';
import { ApiError } from '../data/api.ts';
import { ErrorFace, LoadingFace } from './faces.tsx';

type State< Part > = { part?: Part; error?: ApiError };

/** A hook that has a part of the page fetched when it is first used, and gives it at once from then on. */
export function lazily< Part >( load: () => Promise< Part > ): () => State< Part > {
	let part: Part | undefined;
	return function useLazily() {
		const [ state, setState ] = useState< State< Part > >( { part } );
		useEffect( () => {
			let is_gone = false;
			if ( part !== undefined ) {
				return;
			}
			load().then(
				( loaded ) => {
					part = loaded;
					return is_gone ? undefined : setState( { part: loaded } );
				},
				( thrown: unknown ) =>
					setState( {
						error: new ApiError(
							'script_missing',
							__( 'A part of the page could not be loaded.', 'rollcall' ),
							String( thrown ),
							__( 'Reload the page. It may have been updated in the meantime.', 'rollcall' )
						),
					} )
			);
			return () => {
				is_gone = true;
			};
		}, [] );
		return state;
	};
}

/** A screen whose code is fetched when it is opened; WordPress prints that of the first one into the page. */
export function lazyScreen( load: () => Promise< { default: ComponentType } > ): ComponentType {
	const useScreen = lazily( load );
	return function LazyScreen() {
		const { part, error } = useScreen();
		if ( part ) {
			return <part.default />;
		}
		return (
			<div className="rollcall-frame">
				<div className="rollcall-content">{ error ? <ErrorFace error={ error } /> : <LoadingFace lines={ 6 } /> }</div>
			</div>
		);
	};
}
