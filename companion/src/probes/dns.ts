import { classifyError, ProbeFault } from './classify-error.ts';
import { limited } from './deadline.ts';
import { left, locateEndpoint } from './endpoint.ts';
import { RECORD_TYPES, type Facts, type Probe, type ProbeContext, type RecordType, type UrlCheck } from './probe.ts';
import { addressOfReverse, isReverseName } from './reverse-name.ts';
import { observation, REFUSED, timed, type Progress } from './steps.ts';

export type DnsRequest = {
	name: string;
	type: RecordType;
	/** `host:port` of the name server to ask; null asks those of the companion's machine. */
	server: string | null;
	/** Assertions read the RCODE: then no answer of a server is a fault. */
	may_fail: boolean;
	/** Assertions read the records: then an answer without any is no fault. */
	may_be_empty: boolean;
};

/** RCODEs by the code that an answer gives. */
const RCODES: { [ error_code: string ]: string | undefined } = {
	dns_nodata: 'NOERROR',
	dns_nxdomain: 'NXDOMAIN',
	dns_servfail: 'SERVFAIL',
	dns_refused: 'REFUSED',
};

/** Asks name servers for the records of a name. */
export const dns: Probe< DnsRequest > = ( request, context ) =>
	observation( shown( request ), context, async ( progress ) => {
		try {
			return { rcode: 'NOERROR', answers: await ask( request, context, progress ) };
		} catch ( thrown ) {
			context.signal.throwIfAborted();
			return factsOf( thrown, request );
		}
	} );

async function ask( { name, type, server }: DnsRequest, context: ProbeContext, progress: Progress ): Promise< readonly string[] > {
	const servers = server === null ? null : await locateEndpoint( server, context, progress );
	const asked = servers === null ? null : { addresses: servers.addresses, port: servers.target.port };
	const host = judgedName( name, server, context );
	const answers = await timed( progress, 'dns', 'dns_ms', context, () =>
		limited< readonly string[] >( 'dns', Math.min( context.limits.dns_ms, left( progress, context ) ), context, ( settle ) => {
			const stop = new AbortController();
			context.query( host, type, asked, stop.signal ).then( settle.resolve, settle.reject );
			return () => stop.abort();
		} )
	);
	if ( server === null && ( type === 'A' || type === 'AAAA' ) ) {
		judgeOwn( name, answers, context );
	}
	return answers;
}

/** The name as it is asked for. The companion's own name servers may know names that are nobody else's business. */
function judgedName( name: string, server: string | null, { guard }: ProbeContext ): string {
	if ( server === null && isReverseName( name ) && ! guard.judgeEndpoint( `${ addressOfReverse( name ) }:53` ).ok ) {
		throw new ProbeFault( 'target_refused', REFUSED );
	}
	const target = guard.judgeEndpoint( `${ name }:53` );
	if ( target.ok && target.address === null ) {
		return target.host;
	}
	const host = URL.parse( `http://${ name }/` )?.hostname;
	if ( host === undefined || host === '' || target.ok || target.code === 'bad_url' ) {
		throw new ProbeFault( 'target_refused', 'was not asked: it is not a name' );
	}
	if ( server === null ) {
		throw new ProbeFault( 'target_refused', REFUSED );
	}
	return host;
}

function judgeOwn( name: string, answers: readonly string[], { guard }: ProbeContext ): void {
	const target = guard.judgeEndpoint( `${ name }:53` );
	if ( answers.length > 0 && ! ( target.ok && guard.judgeAnswers( target, answers ).ok ) ) {
		throw new ProbeFault( 'target_refused', REFUSED );
	}
}

/** What an answer without records says; everything else is thrown again. */
function factsOf( thrown: unknown, { may_fail, may_be_empty }: DnsRequest ): Facts {
	const { error_code } = classifyError( thrown, 'dns', '' );
	const rcode = RCODES[ error_code ];
	if ( rcode === undefined || ! ( may_fail || ( may_be_empty && rcode === 'NOERROR' ) ) ) {
		throw thrown;
	}
	return { rcode, answers: [] };
}

function shown( { name, type, server }: DnsRequest ): string {
	return `${ type } of ${ name }${ server === null ? '' : ` at ${ server }` }`;
}

/** Parts of dns://name?type=A@server; the type is A when it is left out, the port of the server 53. A text that is none gives
 *  no name, which is refused. */
export function readDnsUrl( url: string ): Pick< DnsRequest, 'name' | 'type' | 'server' > {
	const [ , name = '', written = 'A', server ] = /^dns:\/\/([^/?#@]+)\/?(?:\?type=([a-z]+))?(?:@([^@/?#]+))?$/i.exec( url ) ?? [];
	const type = RECORD_TYPES.find( ( known ) => known === written.toUpperCase() );
	const with_port = server === undefined || /^(?:\[[^\]]*\]|[^:]*):\d+$/.test( server ) ? server : `${ bracketed( server ) }:53`;
	return { name: type === undefined ? '' : name, type: type ?? 'A', server: with_port ?? null };
}

function bracketed( server: string ): string {
	return server.includes( ':' ) && ! server.startsWith( '[' ) ? `[${ server }]` : server;
}

/** dns://name?type=MX@server */
export const dnsUrl: UrlCheck = {
	schemes: [ 'dns:' ],
	usual: [],
	fault: ( url ) =>
		readDnsUrl( url ).name === '' ? `it is not dns://NAME?type=TYPE@SERVER with one of ${ RECORD_TYPES.join( ', ' ) }` : null,
	tried: ( url ) => shown( { ...readDnsUrl( url ), may_fail: false, may_be_empty: false } ),
	ask: ( url, asked, context ) =>
		dns( { ...readDnsUrl( url ), may_fail: asked.has( 'DNS_RCODE' ), may_be_empty: asked.has( 'DNS_ANSWER' ) }, context ),
};
