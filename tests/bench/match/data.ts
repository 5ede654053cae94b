import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a bench, and what a matcher must find in them. */
export type MatchData = {
	users: string;
	companies: string;
	/** The companies' domains, one a line, as programs that join on exact domains take them. */
	domains: string;
	octets: number;
	rows: number;
	distinct_domains: number;
	/** Rows at listed companies. */
	matches: number;
	/** Of them those whose domain is not written as the list writes it. */
	unusual_matches: number;
	/** Users by company id. */
	users_of: Map< number, number >;
};

export type Sizes = { rows: number; domains: number; companies: number };

/** What the figures of spec and reports are of. */
export const SIZES = { domains: 200_000, companies: 6000 };

const MAILBOXES = [ 'gmail.com', 'yahoo.com', 'hotmail.com', 'outlook.com', 'icloud.com', 'gmx.de', 'web.de', 'qq.com' ];
const NAMES = [ 'Ann', 'Bob', 'Chen', 'Dora', 'Emil', 'Fatima', 'Gita', 'Hugo' ];
const IDN_EVERY = 40;

/** Writes a CSV of users and a list of companies into a folder; the same ones for the same sizes. Of the rows about 40 % are
 *  at large mailbox providers and 10 % at companies; one in six of these has a sub-domain, capitals, quotes or an IDN. */
export function makeMatchData( folder: string, { rows, domains, companies }: Sizes ): MatchData {
	const data: MatchData = {
		users: join( folder, 'users.csv' ),
		companies: join( folder, 'companies.json' ),
		domains: join( folder, 'domains.txt' ),
		octets: 0,
		rows,
		distinct_domains: 0,
		matches: 0,
		unusual_matches: 0,
		users_of: new Map(),
	};
	const ids = Array.from( { length: companies }, ( _, id ) => id );
	writeFileSync( data.companies, JSON.stringify( ids.map( companyOf ) ) );
	writeFileSync( data.domains, ids.map( ( id ) => `${ new URL( `http://${ domainOf( id ) }` ).host }\n` ).join( '' ) );
	const random = randomOf( 20 );
	const seen = new Set< number | string >();
	const file = openSync( data.users, 'w' );
	let text = 'id,email,name\n';
	for ( let row = 0; row < rows; row++ ) {
		const name = NAMES[ random( NAMES.length ) ] ?? '';
		const local = `${ name.toLowerCase() }.smith${ random( 1000 ) }`;
		text += `${ row },${ emailOf( local, row, random, { domains, companies }, data, seen ) },${ name } S.\n`;
		if ( text.length > 1_000_000 || row === rows - 1 ) {
			data.octets += writeSync( file, text );
			text = '';
		}
	}
	closeSync( file );
	data.distinct_domains = seen.size;
	return data;
}

type Random = ( below: number ) => number;

function emailOf(
	local: string,
	row: number,
	random: Random,
	{ domains, companies }: Omit< Sizes, 'rows' >,
	data: MatchData,
	seen: Set< number | string >
): string {
	const kind = random( 100 );
	if ( kind < 40 ) {
		const mailbox = MAILBOXES[ random( MAILBOXES.length ) ] ?? '';
		seen.add( mailbox );
		return `${ local }@${ mailbox }`;
	}
	const id = kind < 50 ? random( companies ) : companies + random( domains - companies );
	seen.add( id );
	const domain = domainOf( id );
	if ( id >= companies ) {
		return `${ local }@${ domain }`;
	}
	data.matches++;
	data.users_of.set( id, ( data.users_of.get( id ) ?? 0 ) + 1 );
	const email = unusual( row % 28, local, domain );
	data.unusual_matches += email === null && ! isIdn( id ) ? 0 : 1;
	return email ?? `${ local }@${ domain }`;
}

/** One in seven addresses of a company, as people type and programs write them; null for the others. */
function unusual( kind: number, local: string, domain: string ): string | null {
	switch ( kind ) {
		case 0:
			return `${ local }@mail.${ domain }`;
		case 1:
			return `${ local }@${ domain.replace( /^./u, ( letter ) => letter.toUpperCase() ) }`;
		case 2:
			return `"${ local }@${ domain }"`;
		case 3:
			return `${ local }@${ domain.toUpperCase() }`;
		default:
			return null;
	}
}

/** Domains of the companies come first. Some are written in their Unicode form, which a list gives in ASCII. */
function domainOf( id: number ): string {
	return isIdn( id ) ? `b\u00fccher-${ id }.de` : `company-${ id }.${ id % 3 === 0 ? 'io' : 'com' }`;
}

function isIdn( id: number ): boolean {
	return id % IDN_EVERY === 0;
}

/** A record in the form and of the size of yc-oss. */
function companyOf( id: number ): object {
	const website = new URL( `https://www.${ domainOf( id ) }/` ).href;
	return {
		id,
		name: `Company ${ id }`,
		slug: `company-${ id }`,
		former_names: [],
		small_logo_thumb_url: `https://bookface-images.example/logos/${ id }.png`,
		website,
		all_locations: 'San Francisco, CA, USA',
		long_description: `What company ${ id } makes. `.repeat( 30 ),
		one_liner: `The ${ id }th thing that you did not know you need`,
		team_size: id % 500,
		industry: 'B2B',
		subindustry: 'B2B -> Engineering, Product and Design',
		launched_at: 1_600_000_000 + id,
		tags: [ 'Developer Tools', 'SaaS', 'B2B' ],
		tags_highlighted: [],
		top_company: false,
		isHiring: false,
		nonprofit: false,
		batch: 'Winter 2021',
		status: 'Active',
		industries: [ 'B2B', 'Engineering, Product and Design' ],
		regions: [ 'United States of America', 'America / Canada' ],
		stage: 'Early',
		app_video_public: false,
		demo_day_video_public: false,
		app_answers: null,
		question_answers: false,
		url: `https://www.ycombinator.com/companies/company-${ id }`,
		api: `https://yc-oss.github.io/api/batches/winter-2021.json#${ id }`,
	};
}

/** Numbers from 0 to `below` - 1, the same ones for the same seed (mulberry32). */
function randomOf( seed: number ): Random {
	let state = seed;
	return ( below ) => {
		state = ( state + 0x6d2b79f5 ) | 0;
		let mixed = Math.imul( state ^ ( state >>> 15 ), state | 1 );
		mixed ^= mixed + Math.imul( mixed ^ ( mixed >>> 7 ), mixed | 61 );
		return ( ( mixed ^ ( mixed >>> 14 ) ) >>> 0 ) % below;
	};
}
