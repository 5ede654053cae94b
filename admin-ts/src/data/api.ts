import apiFetch from '@wordpress/api-fetch';
import { __ } from '@wordpress/i18n';
import { addQueryArgs } from '@wordpress/url';
import { pageSettings } from '../page-settings.ts';

/** A failed request as every screen shows it: what happened, and what the user can do. */
export class ApiError extends Error {
	readonly code: string;
	readonly title: string;
	readonly hint: string;

	constructor( code: string, title: string, message: string, hint: string ) {
		super( message );
		this.name = 'ApiError';
		this.code = code;
		this.title = title;
		this.hint = hint;
	}
}

/** A page of a collection and how much there is in all. */
export type Rows< Item > = { items: Item[]; total: number; pages: number };

/** Values of a query string; arrays become `name[0]=`, undefined and empty ones are left out. */
export type Query = Record< string, string | number | boolean | readonly string[] | undefined >;

type Request = { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; data?: unknown; signal?: AbortSignal };

const ROOT = '/rollcall/v1';

function property( value: unknown, name: string ): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get( value, name ) : undefined;
}

function textOf( value: unknown, name: string ): string {
	const found = property( value, name );
	return typeof found === 'string' ? found : '';
}

/** Title and hint of failures that never reached the plugin. */
function outsideError( code: string ): { title: string; hint: string } | undefined {
	switch ( code ) {
		case 'fetch_error':
		case 'offline_error':
			return {
				title: __( 'WordPress could not be reached.', 'rollcall' ),
				hint: __( 'Check your connection to the internet, then try again.', 'rollcall' ),
			};
		case 'invalid_json':
			return {
				title: __( 'WordPress did not answer with data.', 'rollcall' ),
				hint: __( 'A plugin, cache or firewall answered instead. Look at the error log of the server.', 'rollcall' ),
			};
		case 'rest_no_route':
			return {
				title: __( 'The REST interface of Rollcall is missing.', 'rollcall' ),
				hint: __( 'Check that no security plugin closes the REST interface, then reload the page.', 'rollcall' ),
			};
		case 'rest_cookie_invalid_nonce':
			return {
				title: __( 'Your session has ended.', 'rollcall' ),
				hint: __( 'Reload the page and log in again.', 'rollcall' ),
			};
		case 'rest_forbidden':
			return {
				title: __( 'You are not allowed to do this.', 'rollcall' ),
				hint: __( 'Ask an administrator for the right.', 'rollcall' ),
			};
		default:
			return undefined;
	}
}

/** Turns anything that api-fetch throws into an ApiError. Answers of the plugin bring their own title and hint. */
export async function toApiError( thrown: unknown ): Promise< ApiError > {
	if ( thrown instanceof ApiError ) {
		return thrown;
	}
	if ( thrown instanceof Response ) {
		const body: unknown = await thrown.json().catch( () => ( { code: 'invalid_json' } ) );
		return toApiError( body );
	}
	const code = textOf( thrown, 'code' ) || 'unknown_error';
	const data = property( thrown, 'data' );
	const known = outsideError( code ) ?? pageSettings().errors[ code ];
	return new ApiError(
		code,
		textOf( data, 'title' ) || known?.title || __( 'Something went wrong.', 'rollcall' ),
		textOf( thrown, 'message' ),
		textOf( data, 'hint' ) || known?.hint || __( 'Try again. If it stays, look at the error log of the server.', 'rollcall' )
	);
}

function isAbort( thrown: unknown ): boolean {
	return textOf( thrown, 'name' ) === 'AbortError';
}

async function rejectAsApiError( thrown: unknown ): Promise< never > {
	throw isAbort( thrown ) ? thrown : await toApiError( thrown );
}

/** Path below the plugin's REST root with its query. */
export function restPath( path: string, query: Query = {} ): string {
	const kept = Object.entries( query ).filter(
		( [ , value ] ) => value !== undefined && value !== '' && ! ( Array.isArray( value ) && value.length === 0 )
	);
	return addQueryArgs( ROOT + path, Object.fromEntries( kept ) );
}

/** One request to the plugin; the answer has the shape that the route's contract names. */
export function request< Answer >( path: string, { method = 'GET', data, signal }: Request = {} ): Promise< Answer > {
	return apiFetch< Answer >( { path, method, data, signal } ).catch( rejectAsApiError );
}

/** A page of a collection, with the totals that WordPress sends as headers. */
export async function requestRows< Item >( path: string, signal?: AbortSignal ): Promise< Rows< Item > > {
	try {
		const response = await apiFetch< Item[], false >( { path, parse: false, signal } );
		const items: Item[] = await response.json();
		const total = Number( response.headers.get( 'X-WP-Total' ) ?? items.length );
		const pages = Number( response.headers.get( 'X-WP-TotalPages' ) ?? 1 );
		return { items, total, pages };
	} catch ( thrown ) {
		return rejectAsApiError( thrown );
	}
}

/** Address for a link that the browser opens itself, such as a download. Carries the nonce of this login. */
export function linkTo( path: string, query: Query = {} ): string {
	const { rest_url, nonce } = pageSettings();
	const route = restPath( path, query ).slice( 1 );
	const joined = rest_url.includes( '?' ) ? route.replace( '?', '&' ) : route;
	return addQueryArgs( rest_url + joined, { _wpnonce: nonce } );
}
