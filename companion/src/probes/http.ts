import type { CheckWarning } from '../contract/vocabulary.ts';
import type { Target } from '../guard/guard.ts';
import { classifyError, ProbeFault } from './classify-error.ts';
import { readBody, type ReadBody } from './http-body.ts';
import { challenger } from './http-challenge.ts';
import { exchange, type BodyNeed, type HttpAnswer, type HttpHead } from './http-exchange.ts';
import { headerList, NO_URL, shownUrl, triedHttp } from './http-message.ts';
import { redirectOf, type Hop } from './http-redirect.ts';
import type { Facts, Observation, Probe, ProbeContext } from './probe.ts';
import { certificateDays, openTls } from './socket-tls.ts';
import { openTcp } from './socket.ts';
import { addPhase, begun, locate, REFUSED, refused, timed, totalled, type Progress } from './steps.ts';

export type HttpRequest = {
	url: string;
	method: string;
	headers: readonly ( readonly [ name: string, value: string ] )[];
	body: string | null;
	/** An assertion reads the body: then what is wrong with it is what is wrong with the site. */
	needs_body: boolean;
	/** An assertion reads a header. */
	needs_headers: boolean;
	/** An assertion reads the days of the certificate. */
	needs_certificate: boolean;
};

/** What the last hop gave. */
type Landing = { answer: HttpAnswer; facts: Facts };

/** Asks a URL once, through its redirects, each on a new connection to an address that was judged for it. */
export const http: Probe< HttpRequest > = async ( request, context ) => {
	const progress = begun( triedHttp( request, request.url ), context );
	try {
		const { answer, facts } = await follow( request, context, progress );
		const body = await readBody( answer, request.needs_body, context.limits );
		// Without an end the figures are those of the header, with which the verdict stands.
		const ended = body.transferred_at ?? answer.head_at;
		if ( body.transferred_at !== null ) {
			addPhase( progress, 'transfer_ms', body.transferred_at - answer.head_at );
		}
		return observed( progress, ended, body, facts );
	} catch ( thrown ) {
		context.signal.throwIfAborted();
		const fault = classifyError( thrown, progress.phase, progress.tried );
		return {
			fault,
			status_code: progress.status_code,
			phases: totalled( progress, context.now() ),
			warnings: [],
			facts: {},
		};
	}
};

function observed( progress: Progress, ended: number, { body, warnings }: ReadBody, facts: Facts ): Observation {
	const all: CheckWarning[] = [ ...warnings ];
	return {
		fault: null,
		status_code: progress.status_code,
		phases: totalled( progress, ended ),
		warnings: all,
		facts: body === null ? facts : { ...facts, body },
	};
}

async function follow( request: HttpRequest, context: ProbeContext, progress: Progress ): Promise< Landing > {
	let hop: Hop = request;
	const hosts: string[] = [];
	for (;;) {
		const target = judged( hop.url, hosts.length === 0, context );
		hosts.push( target.url.host );
		progress.phase = 'dns';
		const landing = await visit( hop, target, request, context, progress );
		const { head } = landing.answer;
		progress.status_code = head.status;
		if ( hop.method === 'HEAD' && [ 403, 405, 501 ].includes( head.status ) ) {
			hop = { ...hop, method: 'GET' };
			// The same host is asked again: that leads nowhere.
			hosts.pop();
			continue;
		}
		const next = redirectOf( head, hop, target );
		if ( next === null ) {
			const vendor = challenger( head );
			if ( vendor !== null ) {
				throw new ProbeFault( 'challenged', `was challenged by ${ vendor } with status ${ head.status }` );
			}
			return landing;
		}
		if ( hosts.length > context.limits.redirects ) {
			throw new ProbeFault(
				'redirect_limit',
				`was redirected more than ${ context.limits.redirects } times: ${ hosts.join( ' > ' ) }`
			);
		}
		progress.tried = `${ triedHttp( request, request.url ) }, redirected (${ hosts.length }) to ${ shownUrl( next.url ) },`;
		hop = next;
	}
}

/** One hop: address, connection, request and answer. */
async function visit(
	hop: Hop,
	target: Target,
	{ needs_body, needs_headers, needs_certificate }: HttpRequest,
	context: ProbeContext,
	progress: Progress
): Promise< Landing > {
	const { limits, now } = context;
	const left = (): number => limits.total_ms - ( now() - progress.began );
	const addresses = await locate( target, Math.min( limits.dns_ms, left() ), context, progress );
	const socket = await timed( progress, 'connect', 'connect_ms', context, () =>
		openTcp( addresses, target.port, Math.min( limits.connect_ms, left() ), context )
	);
	// Read before it may be gone.
	const ip = socket.remoteAddress;
	const secured =
		target.url.protocol === 'https:'
			? await timed( progress, 'tls', 'tls_ms', context, () =>
					openTls( socket, target, { limit_ms: Math.min( limits.tls_ms, left() ), context, sessions: context.sessions } )
				)
			: null;
	const days = needs_certificate && secured !== null ? certificateDays( secured.certificate(), context.wallClock() ) : null;
	progress.phase = 'header';
	const sent_at = now();
	const message = {
		method: hop.method,
		path: `${ target.url.pathname }${ target.url.search }`,
		headers: headerList( hop, target, context ),
		body: hop.body,
	};
	const needOf = ( head: HttpHead ): BodyNeed => {
		progress.status_code = head.status;
		return redirectsBody( head, hop ) ? 'none' : needs_body ? 'needed' : 'idle';
	};
	const answer = await exchange( secured?.socket ?? socket, message, { limit_ms: left(), context, needOf } );
	addPhase( progress, 'first_byte_ms', answer.head_at - sent_at );
	progress.phase = 'body';
	const facts: Facts = {
		status: answer.head.status,
		...( needs_headers ? { headers: answer.head.headers } : {} ),
		...( ip === undefined ? {} : { ip } ),
		...( days === null ? {} : { tls_days: days } ),
	};
	return { answer, facts };
}

/** A body that nobody looks at: of a redirect, and of a HEAD that is asked again. */
function redirectsBody( head: HttpHead, { method }: Hop ): boolean {
	return method === 'HEAD' || ( head.status >= 300 && head.status < 400 && head.headers.location !== undefined );
}

function judged( url: string, is_first: boolean, context: ProbeContext ): Target {
	const { guard, limits } = context;
	const target = Buffer.byteLength( url ) > limits.url_bytes ? null : guard.judgeUrl( url );
	if ( target === null || ( ! target.ok && target.code === 'bad_url' ) ) {
		throw new ProbeFault( 'target_refused', `was not sent: ${ NO_URL }` );
	}
	if ( target.ok ) {
		return target;
	}
	const { hostname = '', protocol, port = '' } = URL.parse( url ) ?? {};
	const usual_port = protocol === 'https:' ? 443 : 80;
	// What another site redirects to is not put into the mouth of the operator.
	throw is_first
		? refused( { host: hostname.replace( /^\[|\]$/g, '' ), port: port === '' ? usual_port : Number( port ) }, context )
		: new ProbeFault( 'target_refused', REFUSED );
}
