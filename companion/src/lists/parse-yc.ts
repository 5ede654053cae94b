import type { CompanyDomain, CompanyRow } from '../contract/company.ts';
import { RollcallError } from '../errors.ts';
import { canonicalJson, type Hash } from './canonical.ts';
import { cleanSentence, cleanText } from './clean-text.ts';
import { MAX_DOMAINS_OF_COMPANY, MAX_ROWS, MAX_WEBSITE } from './limits.ts';
import { Records } from './parse-json.ts';
import { batchOf, launchedOf, logoOf, namesOf, statusOf, subindustryOf, tagsOf, teamSizeOf } from './yc-fields.ts';

/** What a website gives: domains in A-label form, the origin to show, and the hosts that may not become a domain. */
export type WebsiteDomains = {
	domains: readonly string[];
	origin: string | null;
	refused: readonly { host: string; reason: string }[];
};

export type ParseTools = { domainsOfWebsite: ( website: string ) => WebsiteDomains; hash: Hash };

export type RejectReason = 'not_object' | 'bad_id' | 'duplicate_id' | 'no_name' | 'too_deep';

/** A record that is not on the list. `position` counts from 0. */
export type RejectedRow = { position: number; source_id: string | null; reason: RejectReason };

/** Something of an accepted record that was not taken over: a field of another type, or a host that cannot be a company's. */
export type Remark = { source_id: string; field: string; reason: string };

/** Companies in upstream's order; `companies.length + rejected.length` is the number of records. */
export type ParsedList = {
	companies: CompanyRow[];
	domains: CompanyDomain[];
	rejected: RejectedRow[];
	remarks: Remark[];
};

const MAX_DEPTH = 8;
const MAX_REMARKS = 1000;

/** The 29 fields of a yc-oss record. A field of another type counts as absent and is remarked; any other
 *  field changes only raw_hash. Counted over 5,950 records: every nullable one but slug, url, api was null once. */
const FIELDS = {
	id: 'id',
	name: 'text',
	slug: 'text',
	former_names: 'texts',
	small_logo_thumb_url: 'text',
	website: 'text',
	all_locations: 'text',
	long_description: 'text',
	one_liner: 'text',
	team_size: 'integer',
	industry: 'text',
	subindustry: 'text',
	launched_at: 'integer',
	tags: 'texts',
	tags_highlighted: 'texts',
	top_company: 'boolean',
	isHiring: 'boolean',
	nonprofit: 'boolean',
	batch: 'text',
	status: 'text',
	industries: 'texts',
	regions: 'texts',
	stage: 'text',
	app_video_public: 'boolean',
	demo_day_video_public: 'boolean',
	app_answers: 'boolean',
	question_answers: 'boolean',
	url: 'text',
	api: 'text',
} as const;
type Field = keyof typeof FIELDS;
type FieldType = ( typeof FIELDS )[ Field ];

/** Companies and domains of a parsed JSON text, whose array may come as Records. One bad record never fails the list.
 *  Errors: list_shape when it is no array or holds no company at all, list_empty, list_too_large. */
export async function parseYc( records: unknown, tools: ParseTools ): Promise< ParsedList > {
	if ( ! ( Array.isArray( records ) || records instanceof Records ) ) {
		throw new RollcallError( 'list_shape', `The list is ${ records === null ? 'null' : typeof records }, not an array.` );
	}
	if ( records.length === 0 ) {
		throw new RollcallError( 'list_empty', 'The list is an array without records.' );
	}
	if ( records.length > MAX_ROWS ) {
		throw new RollcallError( 'list_too_large', `The list has ${ records.length } records; at most ${ MAX_ROWS } are read.` );
	}
	const list: ParsedList = { companies: [], domains: [], rejected: [], remarks: [] };
	const seen = new Set< string >();
	let position = -1;
	for ( const record of records ) {
		position++;
		const source_id = isObject( record ) ? idOf( own( record, 'id' ) ) : null;
		const reason = rejectReason( record, source_id, seen );
		if ( reason !== null || source_id === null || ! isObject( record ) ) {
			list.rejected.push( { position, source_id, reason: reason ?? 'bad_id' } );
			continue;
		}
		seen.add( source_id );
		await take( list, source_id, record, tools );
	}
	if ( list.companies.length === 0 ) {
		throw new RollcallError(
			'list_shape',
			`None of the ${ records.length } records is a company; the first one fails with ${ list.rejected[ 0 ]?.reason }.`
		);
	}
	return list;
}

type JsonObject = { [ key: string ]: unknown };

function rejectReason( record: unknown, source_id: string | null, seen: Set< string > ): RejectReason | null {
	if ( ! isObject( record ) ) {
		return 'not_object';
	}
	if ( ! isShallow( record, MAX_DEPTH ) ) {
		return 'too_deep';
	}
	if ( source_id === null ) {
		return 'bad_id';
	}
	if ( seen.has( source_id ) ) {
		return 'duplicate_id';
	}
	const name = own( record, 'name' );
	return typeof name === 'string' && cleanText( name, 200 ) !== '' ? null : 'no_name';
}

async function take( list: ParsedList, source_id: string, record: JsonObject, tools: ParseTools ): Promise< void > {
	const remark = ( field: string, reason: string ): void => {
		if ( list.remarks.length < MAX_REMARKS ) {
			list.remarks.push( { source_id, field, reason } );
		}
	};
	for ( const [ field, type ] of Object.entries( FIELDS ) ) {
		if ( ! hasType( own( record, field ), type ) ) {
			remark( field, 'wrong_type' );
		}
	}
	const website_raw = textOf( record, 'website' );
	if ( website_raw.length > MAX_WEBSITE ) {
		remark( 'website', 'too_long' );
	}
	// As it came, not cleaned: a host with an invisible character in it must be refused, not repaired.
	const website = tools.domainsOfWebsite( website_raw.length > MAX_WEBSITE ? '' : website_raw );
	for ( const { host, reason } of website.refused ) {
		remark( 'website', `${ reason }: ${ cleanText( host, 253 ) }` );
	}
	for ( const domain of new Set( website.domains.slice( 0, MAX_DOMAINS_OF_COMPANY ) ) ) {
		list.domains.push( { domain, source_id, kind: 'current' } );
	}
	list.companies.push( {
		...plainFields( source_id, record ),
		website_raw: cleanText( website_raw, MAX_WEBSITE ),
		website_origin: website.origin,
		raw_hash: await tools.hash( canonicalJson( record ) ),
	} );
}

function plainFields( source_id: string, record: JsonObject ): Omit< CompanyRow, 'website_raw' | 'website_origin' | 'raw_hash' > {
	const industry = cleanText( textOf( record, 'industry' ), 200 );
	const team_size = integerOf( record, 'team_size' );
	const launched_at = integerOf( record, 'launched_at' );
	return {
		source: 'yc',
		source_id,
		name: cleanText( textOf( record, 'name' ), 200 ),
		former_names: namesOf( textsOf( record, 'former_names' ), 50 ),
		slug: cleanText( textOf( record, 'slug' ), 200 ),
		status: statusOf( textOf( record, 'status' ) ),
		...batchOf( textOf( record, 'batch' ) ),
		team_size: team_size === null ? null : teamSizeOf( team_size ),
		industry,
		subindustry: subindustryOf( textOf( record, 'subindustry' ), industry ),
		regions: namesOf( textsOf( record, 'regions' ), 100 ),
		tags: tagsOf( textsOf( record, 'tags' ) ),
		one_liner: cleanSentence( textOf( record, 'one_liner' ), 500 ),
		logo_url: logoOf( textOf( record, 'small_logo_thumb_url' ) ),
		launched_at_ms: launched_at === null ? null : launchedOf( launched_at ),
	};
}

function isObject( value: unknown ): value is JsonObject {
	return typeof value === 'object' && value !== null && ! Array.isArray( value );
}

/** A record's own field: a key named like one of Object.prototype is never looked up there. */
function own( record: JsonObject, field: string ): unknown {
	return Object.hasOwn( record, field ) ? record[ field ] : undefined;
}

/** An id as text; also from a text of digits, which other publishers of the same record write. */
function idOf( value: unknown ): string | null {
	if ( typeof value === 'number' ) {
		return Number.isSafeInteger( value ) && value >= 0 ? String( value ) : null;
	}
	return typeof value === 'string' && /^(0|[1-9]\d{0,15})$/.test( value ) ? value : null;
}

function hasType( value: unknown, type: FieldType ): boolean {
	if ( value === undefined || value === null || type === 'id' ) {
		return true;
	}
	if ( type === 'texts' ) {
		return Array.isArray( value ) && value.every( ( item ) => typeof item === 'string' );
	}
	if ( type === 'integer' ) {
		return Number.isSafeInteger( value );
	}
	return typeof value === ( type === 'text' ? 'string' : 'boolean' );
}

function textOf( record: JsonObject, field: Field ): string {
	const value = own( record, field );
	return typeof value === 'string' ? value : '';
}

function textsOf( record: JsonObject, field: Field ): string[] {
	const value = own( record, field );
	return Array.isArray( value ) ? value.filter( ( item ) => typeof item === 'string' ) : [];
}

function integerOf( record: JsonObject, field: Field ): number | null {
	const value = own( record, field );
	return typeof value === 'number' && Number.isSafeInteger( value ) ? value : null;
}

/** Whether a value nests at most `depth` levels; stops at the first that is deeper. */
function isShallow( value: unknown, depth: number ): boolean {
	if ( typeof value !== 'object' || value === null ) {
		return true;
	}
	return depth > 0 && Object.values( value ).every( ( item ) => isShallow( item, depth - 1 ) );
}
