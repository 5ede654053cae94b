import type { CompanyDomain, CompanyRow } from '../contract/company.ts';
import type { CompanyMatch } from '../contract/exchange.ts';
import type { MatchKind } from '../contract/vocabulary.ts';
import { parentOf } from './data/domain-set.ts';

/** A list to match on. Former domains may belong to companies that are no longer among `companies`. */
export type IndexedList = {
	list_uid: string;
	companies: readonly CompanyRow[];
	domains: readonly CompanyDomain[];
};

/** That a company has a domain; `company` is null when it left the list. */
export type Claim = { list_uid: string; source_id: string; kind: MatchKind; company: CompanyRow | null };

/** Claims by domain, best first; former ones only where nobody has the domain now. */
export type CompanyIndex = ReadonlyMap< string, readonly Claim[] >;

/** The claims on the nearest domain at or above a host. */
export type Walk = { domain: string; claims: readonly Claim[] };

const STATUS_ORDER = [ 'active', 'public', 'acquired', 'inactive', 'unknown' ];

/** Brings the domains of all lists together for `walkUp`. */
export function buildCompanyIndex( lists: readonly IndexedList[] ): CompanyIndex {
	const index = new Map< string, Claim[] >();
	for ( const { list_uid, companies, domains } of lists ) {
		const company_of = new Map( companies.map( ( company ) => [ company.source_id, company ] ) );
		for ( const { domain, source_id, kind } of domains ) {
			const claim = { list_uid, source_id, kind, company: company_of.get( source_id ) ?? null };
			const claims = index.get( domain );
			if ( claims ) {
				claims.push( claim );
			} else {
				index.set( domain, [ claim ] );
			}
		}
	}
	for ( const [ domain, claims ] of index ) {
		const held = claims.filter( ( { kind } ) => kind !== 'former' );
		index.set( domain, ( held.length > 0 ? held : claims ).sort( byRank ) );
	}
	return index;
}

/** Asks for the host, then for it without its first label, and so on. Right without a suffix list, because no public
 *  suffix becomes a company's domain. The same walk as in WordPress: both run tests/fixtures/suffix-walk.json. */
export function walkUp( host: string, index: CompanyIndex ): Walk | null {
	for ( let domain = host; domain !== ''; domain = parentOf( domain ) ) {
		const claims = index.get( domain );
		if ( claims ) {
			return { domain, claims };
		}
	}
	return null;
}

/** The walk's claims as matches of the host: below the domain a company is matched as `subdomain`, a former one as former. */
export function matchesOf( host: string, { domain, claims }: Walk ): CompanyMatch[] {
	return claims.map( ( { list_uid, source_id, kind } ) => ( {
		list_uid,
		source_id,
		kind: host === domain || kind === 'former' ? kind : 'subdomain',
	} ) );
}

/** Whether several companies of one list are meant. A company that two lists name is one company to people. */
export function isAmbiguous( matches: readonly CompanyMatch[] ): boolean {
	return new Set( matches.map( ( { list_uid } ) => list_uid ) ).size < matches.length;
}

/** Companies on the list before removed ones, then by status, newest batch, list and source_id. */
function byRank( a: Claim, b: Claim ): number {
	return (
		rankOf( a ) - rankOf( b ) ||
		( b.company?.batch_sort ?? 0 ) - ( a.company?.batch_sort ?? 0 ) ||
		byCodeUnit( a.list_uid, b.list_uid ) ||
		byCodeUnit( a.source_id, b.source_id )
	);
}

function rankOf( { company }: Claim ): number {
	return company ? STATUS_ORDER.indexOf( company.status ) : STATUS_ORDER.length;
}

function byCodeUnit( a: string, b: string ): number {
	return Number( a > b ) - Number( a < b );
}
