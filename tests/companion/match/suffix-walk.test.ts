import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { CompanyDomain } from '../../../companion/src/contract/company.ts';
import type { CompanyStatus, MatchKind } from '../../../companion/src/contract/vocabulary.ts';
import { buildCompanyIndex, matchesOf, walkUp } from '../../../companion/src/match/company-index.ts';
import { labelHost, labelRules } from '../../../companion/src/match/label.ts';
import { makeCompany } from './make-company.ts';

type Row = { domain: string; source_id: string; kind: MatchKind; first_version: number; last_version: number };
type Case = { host: string; own_site: boolean; matched: string[]; kind: MatchKind | null; ambiguous: boolean };
type Vectors = {
	active_version: number;
	own_hosts: string[];
	companies: { source_id: string; status: CompanyStatus; batch_sort: number; removed: boolean }[];
	company_domains: Row[];
	cases: Case[];
	several_lists: {
		lists: {
			list_uid: string;
			companies: { source_id: string; status: CompanyStatus; batch_sort: number }[];
			domains: CompanyDomain[];
		}[];
		cases: Omit< Case, 'own_site' >[];
	};
	own_site_cases: { own_host: string; registrable: string; host: string; own_site: boolean }[];
};

const vectors: Vectors = JSON.parse( readFileSync( new URL( '../../fixtures/suffix-walk.json', import.meta.url ), 'utf8' ) );

/** A row as the companion's content has it: it knows no versions, carries former domains, drops removed companies. */
function contentRow( { domain, source_id, kind, first_version, last_version }: Row ): CompanyDomain[] {
	if ( first_version > vectors.active_version ) {
		return [];
	}
	return [ { domain, source_id, kind: last_version < vectors.active_version ? 'former' : kind } ];
}

const index = buildCompanyIndex( [
	{
		list_uid: 'yc',
		companies: vectors.companies.filter( ( { removed } ) => ! removed ).map( ( company ) => makeCompany( company ) ),
		domains: vectors.company_domains.flatMap( contentRow ),
	},
] );
const rules = labelRules( { index, own_hosts: vectors.own_hosts, exclusions: [] } );

describe( 'suffix walk', () => {
	for ( const { host, own_site, matched, kind, ambiguous } of vectors.cases.filter( ( row ) => ! row.own_site ) ) {
		it( `answers for "${ host }" as WordPress does`, () => {
			const walk = walkUp( host.replace( /\.$/u, '' ), index );
			const matches = walk ? matchesOf( host.replace( /\.$/u, '' ), walk ) : [];
			assert.deepEqual(
				{
					own_site: false,
					matched: matches.map( ( { source_id } ) => source_id ),
					kind: matches[ 0 ]?.kind ?? null,
					ambiguous: matches.length > 1,
				},
				{ own_site, matched, kind, ambiguous }
			);
		} );
	}

	for ( const row of vectors.cases ) {
		it( `agrees with the label of "${ row.host }"`, () => {
			const { label, companies, ambiguous } = labelHost( row.host, rules );
			assert.equal( label === 'own_site', row.own_site );
			assert.equal( label === 'company', row.matched.length > 0 );
			assert.deepEqual(
				companies.map( ( { source_id } ) => source_id ),
				row.matched
			);
			assert.equal( companies[ 0 ]?.kind ?? null, row.kind );
			assert.equal( ambiguous, row.ambiguous );
		} );
	}

	const lists = vectors.several_lists.lists.map( ( { companies, ...list } ) => ( {
		...list,
		companies: companies.map( ( company ) => makeCompany( company ) ),
	} ) );
	const of_lists = labelRules( { index: buildCompanyIndex( lists ), own_hosts: [], exclusions: [] } );
	for ( const { host, matched, kind, ambiguous } of vectors.several_lists.cases ) {
		it( `brings the lists together for "${ host }"`, () => {
			const verdict = labelHost( host, of_lists );
			assert.deepEqual(
				{
					matched: verdict.companies.map( ( { list_uid, source_id } ) => `${ list_uid } ${ source_id }` ),
					kind: verdict.companies[ 0 ]?.kind ?? null,
					ambiguous: verdict.ambiguous,
				},
				{ matched, kind, ambiguous }
			);
		} );
	}

	for ( const { own_host, registrable, host, own_site } of vectors.own_site_cases ) {
		it( `on the site ${ own_host }, "${ host }" is ${ own_site ? 'its own' : 'of others' }`, () => {
			const own_rules = labelRules( { index, own_hosts: [ own_host ], exclusions: [] } );
			assert.equal( labelHost( own_host, own_rules ).registrable, registrable );
			assert.equal( labelHost( host, own_rules ).label === 'own_site', own_site );
		} );
	}
} );
