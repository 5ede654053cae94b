import type { Static } from 'typebox';
import { count, hex, instantMs, listOf, nullable, oneOf, record, text } from './schema.ts';
import { COMPANY_STATUSES, LIST_SOURCES, MATCH_KINDS, wordsOf } from './vocabulary.ts';

export const listUid = text( 64, 'Identity of a companies list, lower-case ASCII; `yc` is the default one.' );

/** A company as every list is normalised to. Its domains live only in `company_domains`. */
export const companyRow = record( 'A company as the companion sends it to WordPress.', {
	source: oneOf( wordsOf( LIST_SOURCES ), 'Kind of list that the row was read from.' ),
	source_id: text( 64, 'Upstream identity; the only stable key.' ),
	name: text( 200, 'Name as upstream writes it.' ),
	former_names: listOf( text( 200, 'Name.' ), 50, 'Earlier names.' ),
	slug: text( 200, 'Upstream slug; changes over time.' ),
	status: oneOf( wordsOf( COMPANY_STATUSES ), 'Status; unknown when upstream gives none.' ),
	batch: text( 64, 'Batch as `Winter 2009`; an unknown text is kept verbatim; empty when none.' ),
	batch_sort: count( 'year * 4 + season (winter 0, spring 1, summer 2, fall 3); 0 when unknown.' ),
	team_size: nullable( count( 'People; null when unknown.' ) ),
	industry: text( 200, 'Industry; empty when none.' ),
	subindustry: text( 200, 'Sub-industry; empty when none.' ),
	regions: listOf( text( 200, 'Region.' ), 100, 'Regions.' ),
	tags: listOf( text( 200, 'Tag.' ), 100, 'Tags.' ),
	one_liner: text( 500, 'One sentence; may end with an ellipsis cut upstream; e-mail addresses removed.' ),
	logo_url: nullable( text( 2048, 'Absolute http(s) URL.' ) ),
	website_raw: text( 2048, 'Website as upstream writes it.' ),
	website_origin: nullable( text( 2048, 'Origin of the website; null when there is none.' ) ),
	launched_at_ms: nullable( instantMs( 'When the company was put on the list.' ) ),
	raw_hash: hex( 32, 'SHA-256 of the upstream record, unknown fields included.' ),
} );
export type CompanyRow = Static< typeof companyRow >;

export const companyDomain = record( 'A domain that belongs to a company of the same list.', {
	domain: text( 253, 'Host in A-label form, lower case; never a public suffix.' ),
	source_id: text( 64, 'Company.' ),
	kind: oneOf( wordsOf( MATCH_KINDS ), 'How it belongs; current for a website.' ),
} );
export type CompanyDomain = Static< typeof companyDomain >;

export const rejection = record( 'A row of a list that could not be read.', {
	row: count( 'Number of the row, from 1; the heading of a table is row 1.' ),
	reason: text( 64, 'Error or reason word, such as bad_url or public_suffix.' ),
	text: text( 200, 'What stands there, cut.' ),
} );
export type Rejection = Static< typeof rejection >;

/** What changed from one version of a list to the next, in companies. */
export const listChanges = record( 'What changed from one version of a list to the next.', {
	added: count( 'Companies that are new.' ),
	changed: count( 'Companies whose fields changed.' ),
	moved: count( 'Companies whose domains changed.' ),
	removed: count( 'Companies that are gone.' ),
} );
export type ListChanges = Static< typeof listChanges >;
