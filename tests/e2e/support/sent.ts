import type { BrowserContext } from '@playwright/test';

/** Keeps every byte that the pages of a browser send: address, headers and body of each request. */
export function recordSent( context: BrowserContext ): { bytes: () => Buffer } {
	const sent: Buffer[] = [];
	context.on( 'request', ( request ) => {
		sent.push( Buffer.from( `${ request.method() } ${ request.url() }\n${ JSON.stringify( request.headers() ) }\n` ) );
		const body = request.postDataBuffer();
		if ( body !== null ) {
			sent.push( body );
		}
	} );
	return { bytes: () => Buffer.concat( sent ) };
}
