import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CompanyDomain, CompanyRow } from '../../../companion/src/contract/company.ts';
import { countChanges, diffLists, type ListDifference } from '../../../companion/src/lists/diff.ts';
import { makeCompany } from './make-list.ts';

type Version = { companies: CompanyRow[]; domains: CompanyDomain[] };

const version = ( fields: Partial< CompanyRow > = {}, ...domains: string[] ): Version => ( {
	companies: [ makeCompany( fields ) ],
	domains: domains.map( ( domain ) => ( { domain, source_id: '7', kind: 'current' } ) ),
} );
const NOTHING: ListDifference = { added: [], changed: [], moved: [], removed: [] };

describe( 'the difference between two versions', () => {
	const cases: [ string, Version, Version, Partial< ListDifference > ][] = [
		[ 'is empty for the same version', version( {}, 'a.com' ), version( {}, 'a.com' ), {} ],
		[ 'names a new company', { companies: [], domains: [] }, version( {}, 'a.com' ), { added: [ '7' ] } ],
		[ 'names one that is gone', version( {}, 'a.com' ), { companies: [], domains: [] }, { removed: [ '7' ] } ],
		[ 'takes a new id as another company', version(), version( { source_id: '8' } ), { added: [ '8' ], removed: [ '7' ] } ],
		[ 'takes a new slug and name as the same company', version(), version( { slug: 'x', name: 'X' } ), { changed: [ '7' ] } ],
		[ 'names a changed status', version(), version( { status: 'acquired' } ), { changed: [ '7' ] } ],
		[ 'names a changed tag', version(), version( { tags: [ 'SaaS' ] } ), { changed: [ '7' ] } ],
		[ 'does not see an upstream field that is not kept', version(), version( { raw_hash: 'f'.repeat( 64 ) } ), {} ],
		[
			'names a moved company once',
			version( {}, 'a.com' ),
			version( { website_raw: 'https://b.com', website_origin: 'https://b.com' }, 'b.com' ),
			{ moved: [ '7' ] },
		],
		[ 'does not call a new path a move', version( {}, 'a.com' ), version( { website_raw: 'https://a.com/en' }, 'a.com' ), {} ],
		[ 'sees a second domain', version( {}, 'a.com' ), version( {}, 'a.com', 'b.com' ), { moved: [ '7' ] } ],
		[ 'sees the first domain', version(), version( {}, 'a.com' ), { moved: [ '7' ] } ],
		[ 'does not mind the order of domains', version( {}, 'a.com', 'b.com' ), version( {}, 'b.com', 'a.com' ), {} ],
		[
			'does not see former domains',
			version( {}, 'a.com' ),
			{
				...version( {}, 'a.com' ),
				domains: [
					{ domain: 'a.com', source_id: '7', kind: 'current' },
					{ domain: 'z.com', source_id: '7', kind: 'former' },
				],
			},
			{},
		],
		[
			'can name a company as changed and moved',
			version( {}, 'a.com' ),
			version( { name: 'X' }, 'b.com' ),
			{ changed: [ '7' ], moved: [ '7' ] },
		],
	];
	for ( const [ name, before, after, expected ] of cases ) {
		test( name, () => {
			assert.deepEqual( diffLists( before, after ), { ...NOTHING, ...expected } );
		} );
	}

	test( 'is counted', () => {
		assert.deepEqual( countChanges( { added: [ '1', '2' ], changed: [], moved: [ '3' ], removed: [] } ), {
			added: 2,
			changed: 0,
			moved: 1,
			removed: 0,
		} );
	} );
} );
