import { render } from '@testing-library/react';
import { vi } from 'vitest';
import { App } from '../../admin-ts/src/app.tsx';

/** An answer of the network, or a function of the request that makes it. `pending` never answers. */
export type Reply = { status?: number; body?: unknown; total?: number; pages?: number } | 'pending' | 'offline';
export type Request = { method: string; path: string; query: URLSearchParams; body: unknown };
export type Routes = Record< string, Reply | ( ( request: Request ) => Reply ) >;

/** Requests that no route of a test answered; a test with any fails. */
export const unanswered: string[] = [];

function parse( url: string, init: RequestInit | undefined ): Request {
	const { pathname, searchParams } = new URL( url, 'http://site.test' );
	const headers = new Headers( init?.headers );
	return {
		method: headers.get( 'X-HTTP-Method-Override' ) ?? init?.method ?? 'GET',
		path: pathname.replace( /^.*\/rollcall\/v1/, '' ),
		query: searchParams,
		body: typeof init?.body === 'string' ? JSON.parse( init.body ) : undefined,
	};
}

function respond( reply: Reply ): Promise< Response > {
	if ( reply === 'pending' ) {
		return new Promise( () => undefined );
	}
	if ( reply === 'offline' ) {
		return Promise.reject( new TypeError( 'Failed to fetch' ) );
	}
	const { status = 200, body = null, total, pages } = reply;
	const count = total ?? ( Array.isArray( body ) ? body.length : 1 );
	return Promise.resolve(
		new Response( JSON.stringify( body ), {
			status,
			headers: {
				'Content-Type': 'application/json',
				'X-WP-Total': String( count ),
				'X-WP-TotalPages': String( pages ?? Math.ceil( count / 20 ) ),
			},
		} )
	);
}

/** An error as the plugin answers it. */
export function failure( code: string, status: number, title: string, hint: string, message = 'INSERT failed: table is locked' ): Reply {
	return { status, body: { code, message, data: { status, title, hint } } };
}

/** Opens the whole page at a screen. Only the network is faked: `routes` is keyed by "METHOD /path below rollcall/v1".
 *  Returns the requests in their order. */
export function openPage( place: string, routes: Routes ): { requests: Request[] } {
	const requests: Request[] = [];
	vi.stubGlobal( 'fetch', ( url: string, init?: RequestInit ) => {
		const request = parse( url, init );
		requests.push( request );
		const route = routes[ `${ request.method } ${ request.path }` ];
		if ( route === undefined ) {
			unanswered.push( `${ request.method } ${ request.path }` );
			return respond( 'pending' );
		}
		return respond( typeof route === 'function' ? route( request ) : route );
	} );
	window.history.replaceState( null, '', `/wp-admin/admin.php?page=rollcall${ place }` );
	render( <App /> );
	return { requests };
}
