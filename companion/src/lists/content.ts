import type { CompanyDomain, CompanyRow, ListChanges } from '../contract/company.ts';
import type { ListPage } from '../contract/exchange.ts';
import type { ListSource } from '../contract/vocabulary.ts';
import { byCodeUnit, canonicalJson, type Hash } from './canonical.ts';
import { byDomain, countChanges, diffLists, formerDomains } from './diff.ts';

/** One version of a list, normalised. `sha256` is its identity on both sides and covers list_uid, source,
 *  companies and domains, not when it was fetched. Companies are in the order of source_id, domains in that of domain. */
export type ListContent = {
	list_uid: string;
	source: ListSource;
	companies: CompanyRow[];
	/** Current ones, and former ones carried forward from earlier versions (also of companies that left the list). */
	domains: CompanyDomain[];
	sha256: string;
	source_updated_at_ms: number | null;
	fetched_at_ms: number;
	/** Null when there is no earlier version to compare with. */
	changes: ListChanges | null;
};

/** A batch stays below 1 MiB: 700 kB of rows leave room for the other kinds and for escapes of a re-encoding. */
export const PAGE_BYTES = 700_000;
const PAGE_COMPANIES = 2000;
const PAGE_DOMAINS = 4000;

type NewContent = Omit< ListContent, 'sha256' | 'changes' >;

/** Orders the rows, carries former domains forward from `previous` and computes changes and sha256.
 *  A previous content of another list or source is not compared: its ids mean other companies. */
export async function makeContent( rows: NewContent, previous: ListContent | null, hash: Hash ): Promise< ListContent > {
	const comparable = previous && previous.list_uid === rows.list_uid && previous.source === rows.source ? previous : null;
	const companies = [ ...rows.companies ].sort( ( a, b ) => byCodeUnit( a.source_id, b.source_id ) );
	const former = comparable ? formerDomains( comparable.domains, rows.domains ) : [];
	const domains = [ ...rows.domains, ...former ].sort( byDomain );
	const ordered = { ...rows, companies, domains };
	return {
		...ordered,
		sha256: await shaOf( ordered, hash ),
		changes: comparable ? countChanges( diffLists( comparable, { companies, domains } ) ) : null,
	};
}

/** The sha256 that a content with these rows must have. */
export async function shaOf( { list_uid, source, companies, domains }: NewContent, hash: Hash ): Promise< string > {
	return hash.ofPieces
		? hash.ofPieces( canonicalPieces( { list_uid, source, companies, domains } ) )
		: hash( canonicalJson( { list_uid, source, companies, domains } ) );
}

/** The canonical JSON row by row: whole it takes three times the memory of the list. */
export function* canonicalPieces( { companies, domains, ...rest }: Pick< NewContent, 'list_uid' | 'source' | 'companies' | 'domains' > ) {
	yield '{';
	for ( const [ name, rows ] of [
		[ 'companies', companies ],
		[ 'domains', domains ],
	] as const ) {
		yield `"${ name }":[`;
		for ( const [ index, row ] of rows.entries() ) {
			yield `${ index === 0 ? '' : ',' }${ canonicalJson( row ) }`;
		}
		yield '],';
	}
	yield canonicalJson( rest ).slice( 1 );
}

/** The content in pages of at most PAGE_BYTES of UTF-8 JSON, always the same ones for the same content.
 *  A company's domains are on its page; those of companies that left the list are on the last ones. */
export function pagesOf( content: ListContent ): ListPage[] {
	const domains_of = new Map< string, CompanyDomain[] >();
	for ( const row of content.domains ) {
		const rows = domains_of.get( row.source_id );
		if ( rows ) {
			rows.push( row );
		} else {
			domains_of.set( row.source_id, [ row ] );
		}
	}
	const pages = [ newPage() ];
	for ( const company of content.companies ) {
		put( pages, [ company ], domains_of.get( company.source_id ) ?? [] );
		domains_of.delete( company.source_id );
	}
	for ( const rows of domains_of.values() ) {
		put( pages, [], rows );
	}
	return pages.map( ( { companies, domains }, index ) => ( {
		list_uid: content.list_uid,
		sha256: content.sha256,
		source: content.source,
		page: index + 1,
		page_count: pages.length,
		row_count: content.companies.length,
		source_updated_at_ms: content.source_updated_at_ms,
		fetched_at_ms: content.fetched_at_ms,
		changes: content.changes,
		companies,
		domains,
	} ) );
}

type Page = { companies: CompanyRow[]; domains: CompanyDomain[]; bytes: number };

/** 1 kB for the page's own fields, which take less than 600 bytes. */
function newPage(): Page {
	return { companies: [], domains: [], bytes: 1000 };
}

function put( pages: Page[], companies: CompanyRow[], domains: CompanyDomain[] ): void {
	const bytes = utf8Bytes( companies ) + utf8Bytes( domains );
	let page = pages[ pages.length - 1 ];
	if (
		! page ||
		page.bytes + bytes > PAGE_BYTES ||
		page.companies.length + companies.length > PAGE_COMPANIES ||
		page.domains.length + domains.length > PAGE_DOMAINS
	) {
		page = newPage();
		pages.push( page );
	}
	page.companies.push( ...companies );
	page.domains.push( ...domains );
	page.bytes += bytes;
}

const encoder = new TextEncoder();

/** Bytes of the rows in a JSON array. */
function utf8Bytes( rows: unknown[] ): number {
	return rows.length === 0 ? 0 : encoder.encode( JSON.stringify( rows ) ).length;
}
