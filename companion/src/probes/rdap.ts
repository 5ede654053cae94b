import { ProbeFault } from './classify-error.ts';
import { left } from './endpoint.ts';
import { http } from './http.ts';
import type { Facts, Observation, Probe, ProbeContext, UrlCheck } from './probe.ts';
import { observation } from './steps.ts';

export type RdapRequest = { domain: string };

/** Where IANA says which server knows which top level domain (RFC 9224). */
export const IANA_BOOTSTRAP = 'https://data.iana.org/rdap/dns.json';

const DAY_MS = 86_400_000;
/** How long a file is kept that says nothing of its life. */
const USUAL_LIFE_MS = DAY_MS;
const LONGEST_LIFE_MS = 7 * DAY_MS;

type Bootstrap = { services: ReadonlyMap< string, string >; etag: string | undefined; until: number };
type Fetching = { signal: AbortSignal; answer: Promise< Bootstrap > };

/** Asks the registry of a domain when its registration ends (RFC 9083). What keeps the registry from answering says nothing
 *  of the domain, so the state is unknown then. For each guard the list of servers is kept as long as its host allows, asked
 *  for again only when it has changed, and fetched by one check at a time. */
export function makeRdap( bootstrap_url: string ): Probe< RdapRequest > {
	const kept = new WeakMap< ProbeContext[ 'guard' ], Bootstrap >();
	const fetching = new WeakMap< ProbeContext[ 'guard' ], Fetching >();

	async function servers( context: ProbeContext ): Promise< ReadonlyMap< string, string > > {
		const { guard, signal } = context;
		const known = kept.get( guard );
		if ( known !== undefined && known.until > context.now() ) {
			return known.services;
		}
		const open = fetching.get( guard );
		if ( open !== undefined ) {
			try {
				return ( await open.answer ).services;
			} catch ( error ) {
				// The check that fetched it was stopped, which is no answer for this one.
				if ( open.signal.aborted && ! signal.aborted ) {
					return servers( context );
				}
				throw error;
			}
		}
		const answer = getBootstrap( bootstrap_url, known, context ).finally( () => fetching.delete( guard ) );
		fetching.set( guard, { signal, answer } );
		const fetched = await answer;
		kept.set( guard, fetched );
		return fetched.services;
	}

	return async ( { domain }, context ) => {
		let status_code: number | null = null;
		const observed = await observation( shown( domain ), context, async ( progress ): Promise< Facts > => {
			progress.phase = 'header';
			const name = judgedName( domain, context );
			const server = serverOf( name, await servers( context ) );
			// Both answers have the time of one check.
			const limits = { ...context.limits, total_ms: left( progress, context ) };
			const asked = await get( `${ server }domain/${ name }`, { ...context, limits } );
			progress.phases = { ...asked.phases };
			status_code = asked.status_code;
			if ( asked.status_code === 404 ) {
				throw new ProbeFault( 'not_registered', 'is not registered: its registry answered 404' );
			}
			const ends_at_ms = endOf( jsonOf( asked, server ), name );
			return { domain_days: Math.floor( ( ends_at_ms - context.wallClock() ) / DAY_MS ) };
		} );
		return { ...observed, status_code };
	};
}

function get( url: string, context: ProbeContext, etag?: string ): Promise< Observation > {
	const accept = [ 'Accept', 'application/rdap+json, application/json;q=0.9' ] as const;
	const headers = etag === undefined ? [ accept ] : [ accept, [ 'If-None-Match', etag ] as const ];
	return http( { url, method: 'GET', headers, body: null, needs_body: true, needs_headers: true, needs_certificate: false }, context );
}

/** The list of servers, or the known one when it has not changed. */
async function getBootstrap( url: string, known: Bootstrap | undefined, context: ProbeContext ): Promise< Bootstrap > {
	const asked = await get( url, context, known?.etag );
	const headers = asked.facts.headers ?? {};
	const until = context.now() + lifeOf( headers[ 'cache-control' ] ?? '' );
	if ( known !== undefined && asked.fault === null && asked.status_code === 304 ) {
		return { ...known, until };
	}
	return { services: servicesIn( jsonOf( asked, url ) ), etag: headers.etag, until };
}

/** For how many milliseconds an answer may be used without asking (RFC 9111). */
function lifeOf( cache_control: string ): number {
	if ( /\bno-(cache|store)\b/i.test( cache_control ) ) {
		return 0;
	}
	const seconds = /\bmax-age=(\d+)/i.exec( cache_control )?.[ 1 ];
	return seconds === undefined ? USUAL_LIFE_MS : Math.min( Number( seconds ) * 1000, LONGEST_LIFE_MS );
}

function jsonOf( { fault, status_code, facts }: Observation, url: string ): unknown {
	const host = URL.parse( url )?.host;
	if ( fault !== null ) {
		throw new ProbeFault( 'registry', `was not looked up: ${ fault.error_message.replace( /\.$/, '' ) }` );
	}
	if ( status_code !== 200 || facts.body === undefined ) {
		throw new ProbeFault( 'registry', `was not looked up: ${ host } answered ${ status_code }` );
	}
	try {
		return JSON.parse( facts.body.text );
	} catch ( error ) {
		throw error instanceof SyntaxError ? new ProbeFault( 'registry', `was not looked up: ${ host } did not answer JSON` ) : error;
	}
}

function judgedName( domain: string, { guard }: ProbeContext ): string {
	const target = guard.judgeEndpoint( `${ domain }:443` );
	if ( ! target.ok || target.address !== null || target.private_name ) {
		throw new ProbeFault( 'target_refused', 'was not looked up: it is no domain of a registry' );
	}
	return target.host.replace( /\.$/, '' );
}

/** The server by the longest ending of the name, such as `https://rdap.example/`. */
function serverOf( name: string, services: ReadonlyMap< string, string > ): string {
	const labels = name.split( '.' );
	for ( const [ index ] of labels.entries() ) {
		const server = services.get( labels.slice( index ).join( '.' ) );
		if ( server !== undefined ) {
			return server;
		}
	}
	throw new ProbeFault( 'registry', `was not looked up: the registry of .${ labels.at( -1 ) } has no RDAP server` );
}

/** Servers by ending, https before http. */
function servicesIn( bootstrap: unknown ): Map< string, string > {
	const services = new Map< string, string >();
	for ( const service of arrayAt( bootstrap, 'services' ) ) {
		const [ endings, urls ] = Array.isArray( service ) ? service.map( textsIn ) : [];
		const url = urls?.find( ( found ) => found.startsWith( 'https:' ) ) ?? urls?.[ 0 ];
		for ( const ending of url === undefined ? [] : ( endings ?? [] ) ) {
			services.set( ending.toLowerCase(), `${ url }`.replace( /\/*$/, '/' ) );
		}
	}
	return services;
}

/** When the registration ends, in milliseconds since 1970. */
function endOf( answer: unknown, name: string ): number {
	const named = valueAt( answer, 'ldhName' );
	if ( typeof named !== 'string' || named.toLowerCase().replace( /\.$/, '' ) !== name ) {
		throw new ProbeFault( 'registry', 'was not looked up: the answer is not about it' );
	}
	const end = arrayAt( answer, 'events' ).find( ( event ) => valueAt( event, 'eventAction' ) === 'expiration' );
	const ends_at_ms = Date.parse( String( valueAt( end, 'eventDate' ) ) );
	if ( Number.isNaN( ends_at_ms ) ) {
		throw new ProbeFault( 'registry', 'has no end that its registry tells' );
	}
	return ends_at_ms;
}

function valueAt( holder: unknown, key: string ): unknown {
	return typeof holder === 'object' && holder !== null ? Object.getOwnPropertyDescriptor( holder, key )?.value : undefined;
}

function arrayAt( holder: unknown, key: string ): readonly unknown[] {
	const value = valueAt( holder, key );
	return Array.isArray( value ) ? value : [];
}

function textsIn( list: unknown ): string[] {
	return Array.isArray( list ) ? list.filter( ( item ) => typeof item === 'string' ) : [];
}

function shown( domain: string ): string {
	return `The registration of ${ domain.slice( 0, 255 ) }`;
}

const domainOf = ( url: string ): string => /^rdap:\/\/([^/?#@:]+)\/?$/i.exec( url )?.[ 1 ] ?? '';

/** rdap://domain */
export function rdapUrl( rdap: Probe< RdapRequest > ): UrlCheck {
	return {
		schemes: [ 'rdap:' ],
		usual: [ '[DOMAIN_DAYS] > 30' ],
		fault: ( url ) => ( domainOf( url ) === '' ? 'it is not rdap://DOMAIN' : null ),
		tried: ( url ) => shown( domainOf( url ) ),
		ask: ( url, _asked, context ) => rdap( { domain: domainOf( url ) }, context ),
	};
}
