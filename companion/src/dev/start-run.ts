import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { DevError } from './run.ts';
import type { WpClient } from './wp-client.ts';

type Row = Record< string, unknown >;

const pause = ( ms: number ): Promise< void > => new Promise( ( resolve ) => setTimeout( resolve, ms ) );

/** Waits until `done` finds what it looks for; looks every half second. */
export async function until< T >( what: string, seconds: number, done: () => Promise< T | null >, todo: string ): Promise< T > {
	const end = performance.now() + seconds * 1000;
	while ( performance.now() < end ) {
		const found = await done();
		if ( found !== null ) {
			return found;
		}
		await pause( 500 );
	}
	throw new DevError( `${ what } took more than ${ seconds } s. ${ todo }` );
}

export type OfferedList = { url: string; stop: () => void };

/** A list file as a URL that the companion can fetch; a URL is taken as it is. */
export async function offerList( source: string ): Promise< OfferedList > {
	if ( /^(https?:\/\/|sample:)/.test( source ) ) {
		return { url: source, stop: () => {} };
	}
	if ( ! existsSync( source ) ) {
		throw new DevError( `--companies names ${ source }, which is neither a URL nor a file.` );
	}
	const server = createServer( ( _request, response ) => {
		response.setHeader( 'Content-Type', 'application/json' );
		response.end( readFileSync( source ) );
	} );
	await new Promise< void >( ( resolve ) => server.listen( 0, '127.0.0.1', resolve ) );
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return { url: `http://127.0.0.1:${ port }/companies.json`, stop: () => void server.close() };
}

/** The default list as WordPress knows it. */
export async function companyList( site: WpClient ): Promise< Row > {
	const answer = await site.rest( 'GET', '/rollcall/v1/lists' );
	const [ list ] = Array.isArray( answer.body ) ? answer.body : [];
	if ( typeof list !== 'object' || list === null ) {
		throw new DevError( `GET /lists answered ${ answer.status } without a list.` );
	}
	return { ...list };
}

/** Has the list fetched and waits until it is in use. Without network the built-in sample is taken instead. */
export async function loadList( site: WpClient, wanted: string | null, say: ( line: string ) => void ): Promise< Row > {
	const before = await companyList( site );
	const url = wanted ?? String( before.url );
	if ( url !== before.url ) {
		const { title, enabled, visible_to_visitors, schedule_hours } = before;
		await site.must( 'PUT', '/rollcall/v1/lists/yc', { list: { title, url, enabled, visible_to_visitors, schedule_hours } } );
	}
	await site.must( 'POST', '/rollcall/v1/lists/yc/update', {} );
	const list = await until(
		'Loading the companies list',
		600,
		async () => {
			const now = await companyList( site );
			tellProgress( now.open_job, say );
			const open = now.open_job !== null && now.open_job !== undefined;
			return ! open && ( now.error_code !== null || Number( now.active_version ) > 0 ) ? now : null;
		},
		'The companion writes to .rollcall/logs/companion.log.'
	);
	if ( list.error_code === null || ( wanted === null && Number( list.active_version ) > 0 ) ) {
		if ( list.error_code !== null ) {
			say( `    ${ String( list.error_message ) }; the list that is there stays in use.` );
		}
		return list;
	}
	if ( wanted !== null ) {
		throw new DevError( `The list ${ wanted } could not be used: ${ String( list.error_message ) }` );
	}
	say( `  ${ String( list.error_message ) }` );
	say( '  Taking the built-in sample of made-up companies instead.' );
	return loadList( site, 'sample:', say );
}

let told = '';

/** Says how many pages of the list WordPress has, when that has changed. */
function tellProgress( job: unknown, say: ( line: string ) => void ): void {
	if ( typeof job === 'object' && job !== null && 'done' in job && 'total' in job && Number( job.total ) > 0 ) {
		const line = `    ${ String( job.done ) } of ${ String( job.total ) } pages`;
		if ( line !== told ) {
			say( line );
			told = line;
		}
	}
}

/** Runs the matcher to its end and shows how far it is; the finished run. */
export async function runMatcher( site: WpClient, say: ( line: string ) => void ): Promise< Row > {
	await finishCounting( site );
	let run = await site.must( 'POST', '/rollcall/v1/runs', { run: { agreed: true, sources: [ 'users' ], ran_in: 'companion' } } );
	let last = '';
	return until(
		'The run',
		600,
		async () => {
			run = await site.must( 'POST', `/rollcall/v1/runs/${ String( run.run_id ) }/advance`, {} );
			if ( run.state === 'failed' || run.state === 'cancelled' ) {
				throw new DevError( `The run ended as ${ run.state }: ${ String( run.error_message ) }` );
			}
			const line = `    ${ String( run.state ) }: ${ String( run.users_read ) } users read, ${ String( run.domains_labelled ) } of ${ String( run.domains_total ) } domains labelled`;
			if ( line !== last ) {
				say( line );
				last = line;
			}
			return run.state === 'done' ? run : null;
		},
		'The companion writes to .rollcall/logs/companion.log.'
	);
}

/** Counts all users, chunk by chunk, as the Matcher screen does before it asks. */
async function finishCounting( site: WpClient ): Promise< void > {
	await until(
		'Counting the users',
		300,
		async () => ( ( await site.must( 'POST', '/rollcall/v1/runs/count', {} ) ).counted === true ? true : null ),
		'Look at .rollcall/logs/wordpress.log.'
	);
}

/** The result as lines for the terminal. */
export async function resultLines( site: WpClient ): Promise< string[] > {
	const report = await site.must( 'GET', '/rollcall/v1/report' );
	const { body } = await site.rest( 'GET', '/rollcall/v1/report/companies?per_page=10&orderby=user_count&order=desc' );
	const companies: Row[] = Array.isArray( body ) ? body : [];
	const totals: Row = typeof report.totals === 'object' && report.totals !== null ? { ...report.totals } : {};
	const rate = ( Number( report.match_rate ) * 100 ).toFixed( 1 );
	return [
		`${ String( report.matched_users ) } of ${ String( totals.users_read ) } users work at ${ String( report.matched_companies ) } listed companies (${ rate } %).`,
		...companies.map(
			( row ) =>
				`  ${ String( row.user_count ).padStart( 4 ) }  ${ String( row.name ).padEnd( 28 ) } ${ String( row.batch ).padEnd( 14 ) } ${ String( row.status ) }`
		),
	];
}
