import type { CompanyDomain, CompanyRow, ListChanges } from '../contract/company.ts';
import { byCodeUnit, canonicalJson } from './canonical.ts';

type Rows = { companies: CompanyRow[]; domains: CompanyDomain[] };

/** What changed between two versions, as `source_id`s in code-unit order. A company can be in `changed` and in `moved`. */
export type ListDifference = { added: string[]; changed: string[]; moved: string[]; removed: string[] };

/** Most former domains that a list carries: with 12 % of companies moving in a year, 50,000 companies reach it after 16 years. */
const MAX_FORMER_DOMAINS = 100_000;

/** Compares two versions of a list. `moved` looks at current domains only; `changed` at the fields a reader sees,
 *  so neither an upstream field that is not kept (`raw_hash`) nor the website alone makes a company changed. */
export function diffLists( before: Rows, after: Rows ): ListDifference {
	const old_rows = new Map( before.companies.map( ( company ) => [ company.source_id, company ] ) );
	const new_ids = new Set( after.companies.map( ( company ) => company.source_id ) );
	const old_domains = currentDomains( before.domains );
	const new_domains = currentDomains( after.domains );
	const difference: ListDifference = { added: [], changed: [], moved: [], removed: [] };
	for ( const company of after.companies ) {
		const old_row = old_rows.get( company.source_id );
		if ( ! old_row ) {
			difference.added.push( company.source_id );
			continue;
		}
		if ( visibleFields( old_row ) !== visibleFields( company ) ) {
			difference.changed.push( company.source_id );
		}
		if ( old_domains.get( company.source_id ) !== new_domains.get( company.source_id ) ) {
			difference.moved.push( company.source_id );
		}
	}
	difference.removed = [ ...old_rows.keys() ].filter( ( id ) => ! new_ids.has( id ) );
	for ( const ids of Object.values( difference ) ) {
		ids.sort( byCodeUnit );
	}
	return difference;
}

/** The same in numbers. */
export function countChanges( difference: ListDifference ): ListChanges {
	return {
		added: difference.added.length,
		changed: difference.changed.length,
		moved: difference.moved.length,
		removed: difference.removed.length,
	};
}

/** Domains that companies had in `before` and no longer have among `domains`, as rows of kind `former`.
 *  Those of removed companies stay too: their users still have their addresses. */
export function formerDomains( before: CompanyDomain[], domains: CompanyDomain[] ): CompanyDomain[] {
	const held = new Set( domains.map( keyOf ) );
	const former = new Map< string, CompanyDomain >();
	for ( const row of before ) {
		if ( ! held.has( keyOf( row ) ) ) {
			former.set( keyOf( row ), { domain: row.domain, source_id: row.source_id, kind: 'former' } );
		}
	}
	return [ ...former.values() ].sort( byDomain ).slice( 0, MAX_FORMER_DOMAINS );
}

/** Order of domain rows in a content: domain, then company. */
export function byDomain( a: CompanyDomain, b: CompanyDomain ): number {
	return byCodeUnit( a.domain, b.domain ) || byCodeUnit( a.source_id, b.source_id );
}

function keyOf( row: CompanyDomain ): string {
	return `${ row.domain } ${ row.source_id }`;
}

function currentDomains( rows: CompanyDomain[] ): Map< string, string > {
	const domains = new Map< string, string >();
	for ( const row of rows.filter( ( { kind } ) => kind !== 'former' ).sort( byDomain ) ) {
		domains.set( row.source_id, `${ domains.get( row.source_id ) ?? '' } ${ row.domain }` );
	}
	return domains;
}

function visibleFields( company: CompanyRow ): string {
	return canonicalJson( { ...company, raw_hash: '', website_raw: '', website_origin: null } );
}
