import { Button, Notice } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import type { ReactNode } from 'react';
import type { ApiError } from '../data/api.ts';
import type { Loading } from '../data/queries.ts';
import { pageSettings } from '../page-settings.ts';

/** Grey bars in place of what is still being read; screen readers hear "Loading". */
export function LoadingFace( { lines = 4 }: { lines?: number } ) {
	return (
		<div className="rollcall-loading" role="status" aria-live="polite">
			<span className="screen-reader-text">{ __( 'Loading…', 'rollcall' ) }</span>
			{ Array.from( { length: lines }, ( _, line ) => (
				<span key={ line } className="rollcall-loading__line" aria-hidden="true" />
			) ) }
		</div>
	);
}

/** Nothing is here yet: says why, and what to do next. */
export function EmptyFace( { title, children, action }: { title: string; children?: ReactNode; action?: ReactNode } ) {
	return (
		<div className="rollcall-empty">
			<h2 className="rollcall-empty__title">{ title }</h2>
			{ children ? <p className="rollcall-empty__text">{ children }</p> : null }
			{ action }
		</div>
	);
}

/** What failed: title, hint, and the details for whoever helps. */
export function ErrorFace( { error, onRetry }: { error: ApiError; onRetry?: () => void } ) {
	return (
		<Notice status="error" isDismissible={ false } className="rollcall-error">
			<p className="rollcall-error__title">{ error.title }</p>
			<p className="rollcall-error__hint">{ error.hint }</p>
			<details className="rollcall-error__details">
				<summary>{ __( 'Details', 'rollcall' ) }</summary>
				<p>
					<code>{ error.code }</code> { error.message }
				</p>
			</details>
			{ onRetry ? (
				<Button variant="secondary" size="compact" onClick={ onRetry }>
					{ __( 'Try again', 'rollcall' ) }
				</Button>
			) : null }
		</Notice>
	);
}

/** A failure that a row carries as code and message; title and hint come from the contract's table. */
export function RowError( { code, message }: { code: string; message: string | null } ) {
	const known = pageSettings().errors[ code ];
	return (
		<Notice status="warning" isDismissible={ false } className="rollcall-error">
			<p className="rollcall-error__title">{ known?.title ?? __( 'Something went wrong.', 'rollcall' ) }</p>
			{ known?.hint ? <p className="rollcall-error__hint">{ known.hint }</p> : null }
			<details className="rollcall-error__details">
				<summary>{ __( 'Details', 'rollcall' ) }</summary>
				<p>
					<code>{ code }</code> { message }
				</p>
			</details>
		</Notice>
	);
}

/** Loading and error faces of an answer; once it is there, `children` draws it. */
export function Answer< Data >( { of, lines, children }: { of: Loading< Data >; lines?: number; children: ( data: Data ) => ReactNode } ) {
	if ( of.data !== undefined ) {
		return (
			<>
				{ of.error ? <ErrorFace error={ of.error } onRetry={ () => void of.refetch() } /> : null }
				{ children( of.data ) }
			</>
		);
	}
	return of.error ? <ErrorFace error={ of.error } onRetry={ () => void of.refetch() } /> : <LoadingFace lines={ lines } />;
}
