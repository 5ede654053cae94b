import { CHECK_FORMS } from '../contract/check-types.ts';
import type { MonitorOptions, MonitorWork } from '../contract/monitor.ts';
import { asksFor } from '../monitor/assertion-judge.ts';
import type { Assertion } from '../monitor/assertion-places.ts';
import { parseAssertion } from '../monitor/assertion.ts';
import { headerFault, triedHttp } from '../probes/http-message.ts';
import { askHttp, type HttpOptions } from '../probes/http-url.ts';
import { url_checks, type UrlType } from '../probes/index.ts';
import type { Observation, ProbeContext, ProbeGuard } from '../probes/probe.ts';

/** What a monitor asks, read once for each of its revisions. */
export type MonitorPlan = {
	ok: true;
	/** For messages. */
	tried: string;
	assertions: readonly Assertion[];
	ask: ( context: ProbeContext ) => Promise< Observation >;
};

/** A sentence that says which part of a monitor cannot be used, and why. */
export type PlanFault = { ok: false; message: string };

/** Reads a monitor that asks a target; one that waits for beats has nothing to read. */
export function planMonitor( work: MonitorWork & { type: UrlType }, guard: ProbeGuard ): MonitorPlan | PlanFault {
	const { type, url, options } = work;
	const { schemes, fault, tried, ask } = url_checks[ type ];
	if ( ! schemes.includes( /^[a-z]+:/i.exec( url )?.[ 0 ].toLowerCase() ?? '' ) ) {
		return refusePlan( work, `its address does not begin with ${ schemes.join( ' or ' ) }` );
	}
	const wrong = fault( url, guard );
	if ( wrong !== null ) {
		return refusePlan( work, `its address cannot be used: ${ wrong }` );
	}
	const way = wayOf( type, options );
	if ( typeof way === 'string' ) {
		return refusePlan( work, way );
	}
	const { assertions, asked, http_options } = way;
	return http_options === null
		? { ok: true, tried: tried( url ), assertions, ask: ( context ) => ask( url, asked, context ) }
		: { ok: true, tried: triedHttp( http_options, url ), assertions, ask: ( context ) => askHttp( http_options, url, asked, context ) };
}

/** What is asked of any target by the same options; `http_options` is null for other types. */
type Way = { assertions: readonly Assertion[]; asked: ReadonlySet< string >; http_options: HttpOptions | null };

const ways = new WeakMap< MonitorOptions, { [ type in UrlType ]?: Way | string } >();

/** Read once for all monitors that share their options; why they cannot be used as a part of a sentence. */
function wayOf( type: UrlType, options: MonitorOptions ): Way | string {
	const known = ways.get( options ) ?? {};
	ways.set( options, known );
	return ( known[ type ] ??= readWay( type, options ) );
}

function readWay( type: UrlType, { assertions: texts, method, headers, body }: MonitorOptions ): Way | string {
	const assertions = readAssertions( type, texts );
	if ( typeof assertions === 'string' ) {
		return assertions;
	}
	const asked: ReadonlySet< string > = new Set( assertions.map( ( { place } ) => place ) );
	if ( type !== 'http' ) {
		return { assertions, asked, http_options: null };
	}
	const wrong_header = headers.map( ( { name, value } ) => [ name, headerFault( name, value ) ] ).find( ( [ , why ] ) => why !== null );
	if ( wrong_header !== undefined ) {
		return `its header ${ wrong_header[ 0 ] } cannot be sent: ${ wrong_header[ 1 ] }`;
	}
	if ( method === 'HEAD' && asked.has( 'BODY' ) ) {
		return 'it asks by HEAD, whose answer has no body, and expects something of [BODY]; let it ask by GET';
	}
	const http_options: HttpOptions = {
		method,
		headers: headers.map( ( { name, value } ) => [ name, value ] as const ),
		body: body === '' ? null : body,
	};
	return { assertions, asked, http_options };
}

function refusePlan( { type, name }: MonitorWork, why: string ): PlanFault {
	return { ok: false, message: `The ${ type } check${ name === '' ? '' : ` "${ name }"` } was not made: ${ why }.` };
}

/** The assertions of a check after the usual ones for places at which none of them looks; why not as a part of a sentence. */
function readAssertions( type: UrlType, texts: readonly string[] ): Assertion[] | string {
	const given: Assertion[] = [];
	for ( const text of texts ) {
		const parsed = parseAssertion( text, type );
		if ( ! parsed.ok ) {
			return `its expectation ${ text } is none. ${ parsed.message.replace( /\.$/, '' ) }`;
		}
		given.push( parsed.assertion );
	}
	const usual = CHECK_FORMS[ type ].usual.flatMap( ( text ) => {
		const parsed = parseAssertion( text, type );
		return parsed.ok && ! asksFor( given, parsed.assertion.place ) ? [ parsed.assertion ] : [];
	} );
	return [ ...usual, ...given ];
}
