import type { CompanyRow } from '../contract/company.ts';
import type { ListSource } from '../contract/vocabulary.ts';
import { canonicalJson, type Hash } from './canonical.ts';
import { cleanSentence, cleanText } from './clean-text.ts';
import { MAX_WEBSITE } from './limits.ts';
import type { Cells } from './table-columns.ts';
import { batchOf, logoOf, namesOf, statusOf, subindustryOf, tagsOf, teamSizeOf } from './yc-fields.ts';

/** A row that is a company. `record` is all of it, also the columns that are not read. */
export type TableRow = { name: string; cells: Cells; record: { [ heading: string ]: string }; origin: string | null };

/** The company of a row. What a cell does not plainly say is left empty. */
export async function companyOf(
	{ name, cells, record, origin }: TableRow,
	source_id: string,
	{ source, hash }: { source: ListSource; hash: Hash }
): Promise< CompanyRow > {
	const industry = cleanText( cells.industry ?? '', 200 );
	return {
		source,
		source_id,
		name,
		former_names: namesOf( partsOf( cells.former_names, [ /[;\n]/, / \| / ] ), 50 ),
		slug: cleanText( cells.slug ?? '', 200 ),
		status: statusOf( cells.status ?? '' ),
		...batchOf( cells.batch ?? '' ),
		team_size: peopleOf( cells.team_size ?? '' ),
		industry,
		subindustry: subindustryOf( cells.subindustry ?? '', industry ),
		regions: namesOf( partsOf( cells.regions, [ /[;\n]/, /\|/ ] ), 100 ),
		tags: tagsOf( partsOf( cells.tags, [ /[;\n]/, /\|/, /,/ ] ) ),
		one_liner: cleanSentence( cells.one_liner ?? '', 500 ),
		logo_url: logoOf( cells.logo_url ?? '' ),
		website_raw: cleanText( cells.website ?? '', MAX_WEBSITE ),
		website_origin: origin,
		launched_at_ms: instantOf( cells.launched_at ?? '' ),
		raw_hash: await hash( canonicalJson( record ) ),
	};
}

/** Parts of a cell, by the first separator that stands in it: with semicolons a comma belongs to its part. */
function partsOf( cell: string | undefined, separators: readonly RegExp[] ): string[] {
	const text = cell ?? '';
	return text.split( separators.find( ( separator ) => separator.test( text ) ) ?? '\n' );
}

/** People of `1,200` and `1200`; null for `11-50` and the like. */
function peopleOf( text: string ): number | null {
	const digits = /^\d{1,3}(?:[,.' ]\d{3})+$|^\d{1,8}$/.test( text.trim() ) ? text.replace( /\D/g, '' ) : '';
	return digits === '' ? null : teamSizeOf( Number( digits ) );
}

/** A day or instant of ISO 8601 between 1970 and 2100; null for anything else, such as 3/4/2020. */
function instantOf( text: string ): number | null {
	const instant = /^\d{4}-\d\d-\d\d(?:T[\d:.]{5,12}Z)?$/.test( text.trim() ) ? Date.parse( text.trim() ) : NaN;
	return instant > 0 && instant < Date.UTC( 2100 ) ? instant : null;
}
