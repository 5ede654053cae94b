import { DevError } from './run.ts';

export type Answer = { status: number; body: unknown; headers: Headers };

/** Talks to a WordPress as a browser in which an administrator has logged in. */
export class WpClient {
	readonly url: string;
	#cookies = new Map< string, string >();
	#nonce = '';

	constructor( url: string ) {
		this.url = url;
	}

	/** Logs in by the login form, for a blog of a network by that of its main site, and takes the nonce for REST. */
	async logIn( user: string, password: string, main_site = this.url ): Promise< void > {
		await this.#fetch( '/wp-login.php', {}, main_site );
		const form = new URLSearchParams( { log: user, pwd: password, testcookie: '1', 'wp-submit': 'Log In' } );
		await this.#fetch( '/wp-login.php', { method: 'POST', body: form }, main_site );
		const answer = await this.#fetch( '/wp-admin/admin-ajax.php?action=rest-nonce' );
		this.#nonce = ( await answer.text() ).trim();
		if ( ! /^[0-9a-f]{10}$/.test( this.#nonce ) ) {
			throw new DevError( `WordPress did not accept the login of ${ user } (status ${ answer.status }).` );
		}
	}

	/** One REST call; a failure is an answer, not an exception. */
	async rest( method: string, route: string, body?: unknown ): Promise< Answer > {
		const [ path, query ] = route.split( '?' );
		const answer = await this.#fetch( `/?rest_route=${ path }${ query ? `&${ query }` : '' }`, {
			method: method === 'GET' ? 'GET' : 'POST',
			headers: {
				// As WordPress's own apiFetch: nginx refuses PUT and DELETE on the front page.
				'X-HTTP-Method-Override': method,
				'X-WP-Nonce': this.#nonce,
				...( body === undefined ? {} : { 'Content-Type': 'application/json' } ),
			},
			body: body === undefined ? undefined : JSON.stringify( body ),
		} );
		const text = await answer.text();
		try {
			return { status: answer.status, body: JSON.parse( text ), headers: answer.headers };
		} catch {
			return { status: answer.status, body: text.slice( 0, 500 ), headers: answer.headers };
		}
	}

	/** A page as the browser gets it. */
	async page( path: string ): Promise< { status: number; html: string } > {
		const answer = await this.#fetch( path );
		return { status: answer.status, html: await answer.text() };
	}

	/** As `rest`, but anything else than 2xx is thrown with WordPress's own message. */
	async must( method: string, route: string, body?: unknown ): Promise< Record< string, unknown > > {
		const answer = await this.rest( method, route, body );
		if ( answer.status < 200 || answer.status > 299 || typeof answer.body !== 'object' || answer.body === null ) {
			throw new DevError( `${ method } ${ route } answered ${ answer.status }: ${ messageIn( answer.body ) }` );
		}
		return { ...answer.body };
	}

	async #fetch( path: string, init: RequestInit = {}, site = this.url ): Promise< Response > {
		const headers = new Headers( init.headers );
		headers.set( 'Cookie', [ ...this.#cookies ].map( ( [ name, value ] ) => `${ name }=${ value }` ).join( '; ' ) );
		const answer = await fetch( site + path, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout( 120_000 ) } );
		for ( const cookie of answer.headers.getSetCookie() ) {
			const [ , name, value ] = /^([^=]+)=([^;]*)/.exec( cookie ) ?? [];
			if ( name !== undefined && value !== undefined ) {
				this.#cookies.set( name, value );
			}
		}
		return answer;
	}
}

function messageIn( body: unknown ): string {
	if ( typeof body === 'object' && body !== null && 'message' in body ) {
		return String( body.message );
	}
	return String( body )
		.replace( /<[^>]+>/g, ' ' )
		.replace( /\s+/g, ' ' )
		.slice( 0, 200 );
}
