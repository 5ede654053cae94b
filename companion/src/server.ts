import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { CompanyRow } from './contract/company.ts';
import type { Verdict } from './contract/exchange.ts';
import { isShape } from './contract/is-shape.ts';
import { match } from './contract/pairing.ts';
import { record } from './contract/schema.ts';
import { ERROR_CODES, type ErrorCode } from './contract/error-codes.ts';
import { messageOf, RollcallError } from './errors.ts';
import { parseJson } from './exchange/answer.ts';
import { rateLimitMiddleware, relaxedRateLimit } from './rate-limit/rate-limit.ts';
import { addMonitoringRoutes, type MonitoringRoutes } from './server-monitoring.ts';
import { signedRoute, type SignedContext } from './server-signed.ts';

/** The default list as it is served: its rows, and when upstream last changed them. */
export type ServedList = { sha256: string; companies: readonly CompanyRow[]; updated_at_ms: number };

export type ServerOptions = SignedContext &
	MonitoringRoutes & {
		/** Whose X-Forwarded-For names the client of a limit; nobody's when it is empty. */
		trusted_proxies: readonly string[];
		/** The default list; null while there is none. */
		companies: () => Promise< ServedList | null >;
		/** Verdicts in the order asked; null when a version is not at hand. */
		match: ( hosts: readonly string[], own_hosts: readonly string[], versions: readonly string[] ) => Promise< Verdict[] | null >;
		wake: ( site_id: string ) => void;
		goodbye: ( site_id: string ) => void;
	};

const BODY_LIMIT = 1_048_576;

/** No route has a schema of fastify's. Its two compilers, which it would load all the same, take 9 MB. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: () => refuseSchema, buildSerializer: () => refuseSchema } };

const wakeBody = record( 'Call WordPress now.', { wake: record( 'Nothing.', {} ) } );
const goodbyeBody = record( 'The plugin is switched off.', { goodbye: record( 'Nothing.', {} ) } );
const matchBody = record( 'Judge a few hosts.', { match } );

/** The companion's HTTP routes. It does not listen yet. */
export function makeServer( options: ServerOptions ): FastifyInstance {
	const server = fastify( {
		bodyLimit: BODY_LIMIT,
		logger: false,
		exposeHeadRoutes: true,
		forceCloseConnections: true,
		requestTimeout: 10_000,
		trustProxy: options.trusted_proxies.length > 0 ? [ ...options.trusted_proxies ] : false,
		schemaController: NO_SCHEMAS,
	} );
	// The signature covers the bytes, so they are kept as they came.
	server.removeAllContentTypeParsers();
	server.addContentTypeParser( '*', { parseAs: 'buffer' }, ( _request, body, done ) => done( null, body ) );
	const signedLimit = rateLimitMiddleware( 200, 60_000 );
	addMonitoringRoutes( server, options, ( reply ) => sendError( reply, 'not_allowed' ) );
	server.get( '/companies.json', { onRequest: relaxedRateLimit }, ( request, reply ) =>
		serveCompanies( request, reply, options.companies )
	);
	server.post(
		'/v1/wake',
		{ onRequest: signedLimit },
		signedRoute( options, async ( site, body ) => {
			checked( wakeBody, body );
			options.wake( site.site_id );
			return { status: 202, payload: {} };
		} )
	);
	server.post(
		'/v1/goodbye',
		{ onRequest: signedLimit },
		signedRoute( options, async ( site, body ) => {
			checked( goodbyeBody, body );
			options.goodbye( site.site_id );
			return { status: 200, payload: {} };
		} )
	);
	server.post(
		'/v1/match',
		{ onRequest: signedLimit },
		signedRoute( options, async ( _site, body ) => {
			const { hosts, own_hosts, active_sha256s } = checked( matchBody, body ).match;
			const verdicts = await options.match( hosts, own_hosts, active_sha256s );
			if ( verdicts === null ) {
				throw new RollcallError( 'list_not_ready', 'The version of the list that is in use is not at hand.' );
			}
			return { status: 200, payload: { verdicts } };
		} )
	);
	server.setNotFoundHandler( { preHandler: relaxedRateLimit }, ( _request, reply ) => sendError( reply, 'not_found' ) );
	server.setErrorHandler( ( thrown, request, reply ) => {
		const status = thrown instanceof Error && 'statusCode' in thrown ? Number( thrown.statusCode ) : 500;
		if ( status >= 500 ) {
			options.log( 'error', 'route_failed', { route: request.routeOptions.url, message: messageOf( thrown ) } );
		}
		return sendError( reply, status === 413 ? 'too_large' : status < 500 ? 'bad_request' : 'internal' );
	} );
	return server;
}

function refuseSchema(): never {
	throw new RollcallError( 'internal', 'Bodies are checked by the contract, not by schemas of routes.' );
}

function sendError( reply: FastifyReply, code: ErrorCode ): FastifyReply {
	const { http_status, title, hint } = ERROR_CODES[ code ];
	return reply.code( http_status ).header( 'cache-control', 'no-store' ).send( { code, message: title, hint } );
}

/** The body as the contract has it. Throws bad_request. */
function checked< Schema extends TSchema >( schema: Schema, body: Uint8Array ): Static< Schema > {
	const value = parseJson( Buffer.from( body ).toString( 'utf8' ) );
	if ( ! isShape( schema, value ) ) {
		throw new RollcallError( 'bad_request', 'The body is not as the contract has it.' );
	}
	return value;
}

async function serveCompanies(
	request: FastifyRequest,
	reply: FastifyReply,
	companies: ServerOptions[ 'companies' ]
): Promise< FastifyReply > {
	const list = await companies();
	if ( list === null ) {
		return sendError( reply, 'list_not_ready' );
	}
	const etag = `"${ list.sha256 }"`;
	reply
		.header( 'etag', etag )
		.header( 'cache-control', 'max-age=3600' )
		.header( 'x-rollcall-source-updated', new Date( list.updated_at_ms ).toISOString() );
	return isKnown( request.headers[ 'if-none-match' ], etag ) ? reply.code( 304 ).send() : reply.send( list.companies );
}

/** Whether If-None-Match names the tag; weak ones count, as RFC 9110 section 13.1.2 says. */
function isKnown( header: string | undefined, etag: string ): boolean {
	const tags = ( header ?? '' ).split( ',' ).map( ( tag ) => tag.trim().replace( /^W\//, '' ) );
	return tags.includes( etag ) || tags.includes( '*' );
}
