import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { SAMPLE_COMPANIES } from '../lists/sample-companies.ts';
import { DevError } from './run.ts';

export type DemoUser = { name: string; email: string };

const PROVIDERS = [ 'gmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'proton.me', 'gmx.de' ];

/** Companies that everybody can look up on the public list. The addresses are made up and no mail is sent. */
const LISTED = [ 'stripe.com', 'airbnb.com', 'dropbox.com', 'gitlab.com', 'zapier.com', 'posthog.com', 'coinbase.com', 'reddit.com' ];

const OTHERS = [
	'example.com',
	'northwind-traders.example',
	'school.edu',
	'agency.gov.uk',
	'mailinator.com',
	'someone.github.io',
	'gmial.com',
];

/** 160 users: at companies of the public list and of the sample, at mail providers, and some that match nothing. */
export function demoUsers(): DemoUser[] {
	const hosts = SAMPLE_COMPANIES.map( ( [ , website ] ) => /^https?:\/\/([^/]+)/.exec( website )?.[ 1 ]?.replace( /^www\./, '' ) ).filter(
		( host ) => host !== undefined
	);
	const domains = [
		...hosts,
		...LISTED.flatMap( ( domain ) => [ domain, domain ] ),
		...PROVIDERS.flatMap( ( domain ) => Array.from( { length: 8 }, () => domain ) ),
		...OTHERS.flatMap( ( domain ) => [ domain, domain ] ),
	];
	return Array.from( { length: 160 }, ( _, index ) => ( {
		name: `Demo ${ index + 1 }`,
		email: `demo-${ index + 1 }@${ domains[ index % domains.length ] ?? 'gmail.com' }`,
	} ) );
}

/** Users of a CSV: the first cell of a row that looks like an address, and a column `name` or `display_name` if there is one. */
export function usersOfCsv( path: string ): DemoUser[] {
	if ( ! existsSync( path ) ) {
		throw new DevError( `--users names ${ path }, which does not exist.` );
	}
	const rows: string[][] = parse( readFileSync( path ), {
		bom: true,
		relax_column_count: true,
		relax_quotes: true,
		skip_empty_lines: true,
		trim: true,
	} );
	const name_column = rows[ 0 ]?.findIndex( ( cell ) => /^(display_)?name$/i.test( cell ) ) ?? -1;
	const users = rows.flatMap( ( row, index ) => {
		const email = row.find( ( cell ) => cell.includes( '@' ) );
		return email === undefined ? [] : [ { name: row[ name_column ] ?? `User ${ index }`, email } ];
	} );
	if ( users.length === 0 ) {
		throw new DevError( `${ path } has no e-mail addresses: it must be a CSV with one user a line.` );
	}
	return users;
}
