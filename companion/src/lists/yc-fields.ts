import type { CompanyStatus } from '../contract/vocabulary.ts';
import { cleanText } from './clean-text.ts';

const SEASONS = [ 'Winter', 'Spring', 'Summer', 'Fall' ] as const;

/** Season by its short letter or name. X is Spring, because S was taken by Summer when Spring 2025 came.
 *  `IK12` (Imagine K12) names no season and stays as it is. */
const SEASON_NUMBERS = new Map( [
	[ 'w', 0 ],
	[ 'x', 1 ],
	[ 's', 2 ],
	[ 'f', 3 ],
	[ 'winter', 0 ],
	[ 'spring', 1 ],
	[ 'summer', 2 ],
	[ 'fall', 3 ],
	[ 'autumn', 3 ],
] );

export type Batch = { batch: string; batch_sort: number };

/** `W09` and `winter 2009` as `Winter 2009`; any other text verbatim with batch_sort 0. */
export function batchOf( text: string ): Batch {
	const [ , word = '', digits = '' ] = /^([wxsf])(\d\d)$/i.exec( text.trim() ) ?? /^([a-z]+) (20\d\d)$/i.exec( text.trim() ) ?? [];
	const season = SEASON_NUMBERS.get( word.toLowerCase() );
	if ( season === undefined ) {
		return { batch: cleanText( text, 64 ), batch_sort: 0 };
	}
	const year = digits.length === 2 ? 2000 + Number( digits ) : Number( digits );
	return { batch: `${ SEASONS[ season ] } ${ year }`, batch_sort: year * 4 + season };
}

const STATUSES = new Map< string, CompanyStatus >( [
	[ 'active', 'active' ],
	[ 'inactive', 'inactive' ],
	[ 'acquired', 'acquired' ],
	[ 'public', 'public' ],
] );

export function statusOf( text: string ): CompanyStatus {
	return STATUSES.get( text.trim().toLowerCase() ) ?? 'unknown';
}

/** The leaf of `B2B -> Productivity`; empty when upstream only repeats the industry. */
export function subindustryOf( text: string, industry: string ): string {
	const leaf = cleanText( text.split( '->' ).at( -1 ) ?? '', 200 );
	return leaf === industry ? '' : leaf;
}

/** Tags without repetitions. Upstream flips daily between "AI" and "Artificial Intelligence": one tag. */
export function tagsOf( tags: string[] ): string[] {
	return namesOf(
		tags.map( ( tag ) => ( tag.trim().toLowerCase() === 'ai' ? 'Artificial Intelligence' : tag ) ),
		100
	);
}

/** Non-empty names in upstream's order, each once whatever its case, at most `maximum`. */
export function namesOf( names: string[], maximum: number ): string[] {
	const seen = new Map< string, string >();
	for ( const name of names.slice( 0, maximum * 4 ) ) {
		const clean = cleanText( name, 200 );
		if ( clean !== '' && ! seen.has( clean.toLowerCase() ) ) {
			seen.set( clean.toLowerCase(), clean );
		}
	}
	return [ ...seen.values() ].slice( 0, maximum );
}

/** An absolute http(s) URL without user name; null for `/company/thumb/missing.png`, `javascript:` and the like. */
export function logoOf( text: string ): string | null {
	const url = text.length <= 2048 && /^https?:\/\//i.test( text.trim() ) ? URL.parse( text.trim() ) : null;
	return url && url.username === '' && url.password === '' && url.href.length <= 2048 ? url.href : null;
}

const YEAR_2100_SECONDS = 4_102_444_800;

/** Unix seconds as milliseconds; null for what is no instant between 1970 and 2100. */
export function launchedOf( seconds: number ): number | null {
	return seconds > 0 && seconds < YEAR_2100_SECONDS ? seconds * 1000 : null;
}

const MAX_TEAM = 10_000_000;

/** People, 0 included; null for what cannot be a number of people. */
export function teamSizeOf( people: number ): number | null {
	return people >= 0 && people <= MAX_TEAM ? people : null;
}
