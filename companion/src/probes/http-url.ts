import { http, type HttpRequest } from './http.ts';
import { NO_URL, triedHttp } from './http-message.ts';
import type { Observation, ProbeContext, UrlCheck } from './probe.ts';

export type HttpOptions = Pick< HttpRequest, 'method' | 'headers' | 'body' >;

const PLAIN: HttpOptions = { method: 'GET', headers: [], body: null };

/** http://host/path and https://host/path */
export const httpUrl: UrlCheck = {
	schemes: [ 'http:', 'https:' ],
	usual: [ '[STATUS] < 400' ],
	fault: ( url, guard ) => {
		const target = guard.judgeUrl( url );
		return ! target.ok && target.code === 'bad_url' ? NO_URL : null;
	},
	tried: ( url ) => triedHttp( PLAIN, url ),
	ask: ( url, asked, context ) => askHttp( PLAIN, url, asked, context ),
};

/** Asks a URL once for what assertions look at; `asked` has the names of their places. */
export function askHttp( options: HttpOptions, url: string, asked: ReadonlySet< string >, context: ProbeContext ): Promise< Observation > {
	return http(
		{
			...options,
			url,
			needs_body: asked.has( 'BODY' ),
			needs_headers: asked.has( 'HEADER' ),
			needs_certificate: asked.has( 'CERT_DAYS' ),
		},
		context
	);
}
