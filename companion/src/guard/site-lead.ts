import type { Redirect } from '../contract/exchange.ts';
import { RollcallError } from '../errors.ts';
import type { Fetcher } from './fetcher.ts';

export type LeadOptions = { fetcher: Fetcher; user_agent: string; signal: AbortSignal; deadline_ms?: number };

const DEADLINE_MS = 10_000;
const AT_A_TIME = 5;

/** Where the sites of some hosts lead, in their order, five at a time. `onProgress` gets those that are done, in that order
 *  too. Nothing of a page is read, only where it is. Error: cancelled. */
export async function whereSitesLead(
	hosts: readonly string[],
	options: LeadOptions,
	onProgress: ( done: readonly Redirect[] ) => void = () => undefined
): Promise< Redirect[] > {
	const found = hosts.map( (): Redirect | null => null );
	const waiting = hosts.entries();
	const work = async (): Promise< void > => {
		for ( const [ index, host ] of waiting ) {
			found[ index ] = await whereSiteLeads( host, options );
			onProgress( found.filter( ( redirect ) => redirect !== null ) );
		}
	};
	await Promise.all( Array.from( { length: AT_A_TIME }, work ) );
	return found.filter( ( redirect ) => redirect !== null );
}

/** Where `https://host/` leads, else `http://host/`, whatever the status in the end. A host that is refused is not asked
 *  again by http: what it resolves to stays the same. */
async function whereSiteLeads( host: string, options: LeadOptions ): Promise< Redirect > {
	// A host is ASCII or percent-encoded; with any of these it would be more than a host.
	if ( ! /^[^\s/?#@:\\[\]]+$/.test( host ) ) {
		return { host, final_host: null, error_code: 'bad_url' };
	}
	let error_code = 'website_unreachable';
	for ( const scheme of [ 'https', 'http' ] ) {
		try {
			return { host, final_host: await finalHost( `${ scheme }://${ host }/`, options ), error_code: null };
		} catch ( error ) {
			if ( options.signal.aborted ) {
				throw new RollcallError( 'cancelled', 'Asking sites was stopped.', { cause: error } );
			}
			if ( error instanceof RollcallError && ( error.code === 'target_refused' || error.code === 'bad_url' ) ) {
				error_code = error.code;
				break;
			}
		}
	}
	return { host, final_host: null, error_code };
}

async function finalHost( url: string, { fetcher, user_agent, signal, deadline_ms = DEADLINE_MS }: LeadOptions ): Promise< string > {
	const either = AbortSignal.any( [ signal, AbortSignal.timeout( deadline_ms ) ] );
	const answer = await fetcher( { url, headers: { accept: 'text/html, */*;q=0.1', 'user-agent': user_agent }, signal: either } );
	await answer.close();
	return new URL( answer.url ).hostname.replace( /^www\.|\.$/g, '' );
}
