/** What a column of a companies table may hold. */
export type TableField =
	| 'id'
	| 'name'
	| 'website'
	| 'other_domains'
	| 'former_domains'
	| 'former_names'
	| 'slug'
	| 'status'
	| 'batch'
	| 'team_size'
	| 'industry'
	| 'subindustry'
	| 'regions'
	| 'tags'
	| 'one_liner'
	| 'logo_url'
	| 'launched_at';

/** Cells of a row by what they hold. */
export type Cells = Partial< Record< TableField, string > >;

/** Headings as `plain` writes them, the best name of a field first. The best one of several wins, and only that column is
 *  read: beside `website`, a column `url` mostly leads to a directory, whose domain would then be every company's. */
const NAMES: Record< TableField, readonly string[] > = {
	website: [
		'website',
		'company website',
		'website url',
		'website raw',
		'domain',
		'company domain',
		'company domain name',
		'domain name',
		'primary domain',
		'domains',
		'websites',
		'web site',
		'homepage',
		'home page',
		'company url',
		'webseite',
		'internetseite',
		'web',
		'site',
		'host',
		'hostname',
		'url',
	],
	name: [
		'name',
		'company',
		'company name',
		'organization',
		'organisation',
		'account',
		'account name',
		'startup',
		'firma',
		'unternehmen',
	],
	id: [ 'id', 'source id', 'company id', 'record id', 'account id', 'uuid' ],
	other_domains: [ 'other domains', 'additional domains', 'aliases', 'alias domains', 'alias' ],
	former_domains: [
		'former domains',
		'former domain',
		'previous domains',
		'previous domain',
		'old domains',
		'old domain',
		'former website',
	],
	former_names: [ 'former names', 'former name', 'previous names', 'previous name', 'formerly', 'aka', 'also known as' ],
	slug: [ 'slug' ],
	status: [ 'status', 'state', 'company status' ],
	batch: [ 'batch', 'cohort', 'class', 'program', 'programme' ],
	team_size: [ 'team size', 'employees', 'headcount', 'number of employees', 'company size', 'mitarbeiter' ],
	industry: [ 'industry', 'sector', 'vertical', 'branche' ],
	subindustry: [ 'subindustry', 'sub industry', 'subsector' ],
	regions: [ 'regions', 'region', 'countries', 'country', 'location', 'locations', 'land' ],
	tags: [ 'tags', 'tag', 'keywords', 'categories', 'category', 'labels' ],
	one_liner: [ 'one liner', 'tagline', 'short description', 'description', 'summary', 'about', 'beschreibung' ],
	logo_url: [ 'logo url', 'logo' ],
	launched_at: [ 'launched at', 'launched' ],
};

/** Field of each column in the order of the headings; null for a column that is not read. */
export function fieldsOf( headings: readonly string[] ): ( TableField | null )[] {
	const plain_headings = headings.map( plain );
	const fields: ( TableField | null )[] = headings.map( () => null );
	for ( const field of fieldNames() ) {
		const best = NAMES[ field ].find( ( name ) => plain_headings.includes( name ) );
		if ( best !== undefined ) {
			fields[ plain_headings.indexOf( best ) ] = field;
		}
	}
	return fields;
}

/** `Company_Domain ` and `company-domain` as `company domain`. */
function plain( heading: string ): string {
	return heading
		.slice( 0, 200 )
		.normalize( 'NFKC' )
		.toLowerCase()
		.replace( /[\p{Cc}\p{Cf}\s_.:*#/-]+/gu, ' ' )
		.trim();
}

function fieldNames(): TableField[] {
	// Object.keys is typed string[]; a literal object's own keys are exactly its declared ones.
	return Object.keys( NAMES ) as TableField[];
}
