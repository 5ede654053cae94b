import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { addAbortSignal, type Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { defaultStateFolder, environment, UsageError } from '../config.ts';
import { messageOf } from '../errors.ts';
import { parseAllow } from '../guard/allow.ts';
import { refuseAmbientProxy } from '../guard/ambient-proxy.ts';
import type { AllowRule } from '../guard/guard.ts';
import type { Assertion } from '../monitor/assertion-places.ts';
import { typeOfUrl, type UrlType } from '../probes/index.ts';
import { LIMITS } from '../probes/limits.ts';
import { readActiveMonitors } from '../store/read-active.ts';
import { assertionsByType } from './check-expect.ts';
import { checkTable, jsonLine, makeLineWriter, stepLine, type CheckedUrl } from './check-output.ts';
import { monitorTargets, urlTargets, type CheckTarget } from './check-targets.ts';
import { tellFailure } from './io.ts';
import { openProbeContext } from './probe-context.ts';
import type { ProcessIo } from './serve.ts';
import { inSlots } from './slots.ts';

const DEFAULT_CONCURRENCY = 50;
const MOST_CONCURRENCY = 1000;
const LONGEST_MS = 600_000;

const HELP = `Usage: rollcall-companion check <url...> [options]
       rollcall-companion check --monitors [--state FOLDER] [options]

Asks each URL once and says whether it is up, every address judged before it is
connected to. Needs no WordPress and stores nothing.

  https://host/path          GET, redirects followed
  tcp://host:port            makes a connection
  tls://host:port            makes a TLS connection and checks the certificate
  dns://name?type=MX@server  asks for records; type A and the usual name servers
                             when they are left out
  rdap://domain              asks the registry when the registration ends

Options:
  --urls FILE          More URLs, one a line; "-" reads standard input. Empty
                       lines and lines that begin with # are left out
  --monitors           Asks the active URLs of the companion's own work list instead,
                       as its monitors do; pushes have none
  --state FOLDER       Folder of the companion's state; ROLLCALL_STATE
                       (default: $XDG_STATE_HOME/rollcall, else ~/.rollcall)
  --json               One line of JSON a URL, in the order in which they end
  --timeout-ms N       Time of one check, redirects included (default: ${ LIMITS.total_ms })
  --concurrency N      Checks at a time (default: ${ DEFAULT_CONCURRENCY }). One that takes longer than
                       a second gives its place to another
  --expect ASSERTION   What must hold; repeatable (default: '[STATUS] < 400', and
                       '[DOMAIN_DAYS] > 30' of a registration). Others:
                       '[BODY] contains "Welcome"', '[RESPONSE_TIME] < 800',
                       '[CERT_DAYS] > 14', '[HEADER].content-type contains json',
                       '[DNS_ANSWER] contains 192.0.2.1', '[CONNECTED] == false'
                       It counts for the URLs whose type has the place
  --allow CIDR[:PORT]  Lets internal addresses be checked; repeatable, or ROLLCALL_ALLOW
  --ca FILE            Certificates in PEM to trust besides the usual ones
  --help               Shows this text

Only public addresses are asked, by http and https at ports 80, 443, 8080 and
8443, by tcp, tls and dns at three ports a minute, unless --allow opens others.
Names are asked of DNS; the hosts file is not read.

JSON: {"url","state","error_code","error_message","status_code","response_time_ms",
"phases":{"dns_ms","connect_ms","tls_ms","first_byte_ms","transfer_ms","total_ms"},
"assertions":[{"assertion","passed","expected","got"}]}

Exit codes: 0 all are up or degraded, 1 any is down or unknown, 2 wrong usage,
3 Node is older than 24, 130 cancelled.
`;

const OPTIONS = {
	urls: { type: 'string', multiple: true },
	json: { type: 'boolean', default: false },
	monitors: { type: 'boolean', default: false },
	state: { type: 'string' },
	'timeout-ms': { type: 'string' },
	concurrency: { type: 'string', default: String( DEFAULT_CONCURRENCY ) },
	expect: { type: 'string', multiple: true },
	allow: { type: 'string', multiple: true },
	ca: { type: 'string' },
	help: { type: 'boolean', short: 'h', default: false },
} as const;

type Request = {
	what: { urls: string[]; assertions: ReadonlyMap< UrlType, readonly Assertion[] > } | { state_folder: string };
	json: boolean;
	timeout_ms: number;
	concurrency: number;
	allow: AllowRule[];
	ca: string | null;
};

/** Runs `check` with the arguments after the word. Gives the exit code: 0 all up or degraded, 1 any down or unknown,
 *  2 wrong usage, 130 cancelled. Nothing is thrown. */
export async function checkCommand( argv: readonly string[], io: ProcessIo, version: string ): Promise< number > {
	const stop = new AbortController();
	// The reader of the output went away, as `| head` does.
	io.stdout.on( 'error', () => stop.abort() );
	try {
		const request = await readRequest( argv, io );
		if ( request === 'help' ) {
			io.stdout.write( HELP );
			return 0;
		}
		return await checkAll( request, { ...io, signal: AbortSignal.any( [ io.signal, stop.signal ] ) }, version );
	} catch ( thrown ) {
		if ( io.signal.aborted ) {
			io.stderr.write( 'rollcall-companion check: Cancelled. Not every URL was checked.\n' );
			return CANCELLED;
		}
		return stop.signal.aborted ? 0 : tellFailure( 'check', thrown, io.stderr );
	}
}

/** What a shell gives for a program that Ctrl-C ended. */
const CANCELLED = 130;

async function checkAll( request: Request, { stdout, signal }: ProcessIo, version: string ): Promise< number > {
	const policy = { allow: request.allow, nat64: false };
	const { context, close } = openProbeContext( { policy, ca: request.ca, total_ms: request.timeout_ms, resume: false, version, signal } );
	const done: CheckedUrl[] = [];
	const lines = makeLineWriter( stdout );
	const { what } = request;
	let is_bad = false;
	try {
		const targets =
			'urls' in what
				? urlTargets( what.urls, what.assertions, context )
				: await monitorTargets( readActiveMonitors( what.state_folder ), context, version );
		const tell = ( step: string ): void => ( request.json ? undefined : lines.write( step ) );
		tell( `Querying active URLs: ${ targets.length }\n` );
		const checkOne = async ( [ place, { url, check } ]: [ number, CheckTarget ] ): Promise< void > => {
			const checked = { url, result: await check() };
			is_bad ||= checked.result.state === 'down' || checked.result.state === 'unknown';
			lines.write( request.json ? jsonLine( checked ) : stepLine( checked ) );
			done[ place ] = checked;
		};
		const { concurrency } = request;
		await inSlots( targets.entries(), checkOne, { width: concurrency, most: concurrency * 10, patience_ms: 1000 } );
		tell( `Not stored: ${ 'urls' in what ? 'check only asks' : 'only the running companion stores checks' }.\n\n` );
	} finally {
		close();
		lines.flush();
	}
	if ( ! request.json ) {
		stdout.write( checkTable( done ) );
	}
	return is_bad ? 1 : 0;
}

/** The request, or `help`. Throws UsageError. */
async function readRequest( argv: readonly string[], { stdin, signal }: ProcessIo ): Promise< Request | 'help' > {
	const { values, positionals } = parsed( () => parseArgs( { args: [ ...argv ], options: OPTIONS, allowPositionals: true } ) );
	if ( values.help ) {
		return 'help';
	}
	parsed( () => refuseAmbientProxy( environment, process.execArgv, false ) );
	const request = {
		json: values.json,
		timeout_ms: wholeNumber( '--timeout-ms', values[ 'timeout-ms' ] ?? String( LIMITS.total_ms ), LONGEST_MS ),
		concurrency: wholeNumber( '--concurrency', values.concurrency, MOST_CONCURRENCY ),
		allow: parsed( () => ( values.allow ?? [ environment.ROLLCALL_ALLOW ?? '' ] ).flatMap( parseAllow ) ),
		ca: values.ca === undefined ? null : await readCertificates( values.ca ),
	};
	if ( values.monitors ) {
		if ( positionals.length > 0 || values.urls !== undefined || values.expect !== undefined || values[ 'timeout-ms' ] !== undefined ) {
			throw new UsageError( '--monitors asks what the monitors ask: it takes no URL, no --urls, no --expect and no --timeout-ms.' );
		}
		return { ...request, what: { state_folder: values.state ?? environment.ROLLCALL_STATE ?? defaultStateFolder( environment ) } };
	}
	const lists = await Promise.all( ( values.urls ?? [] ).map( ( file ) => readUrls( file, stdin, signal ) ) );
	const urls = [ ...positionals, ...lists.flat() ];
	if ( urls.length === 0 ) {
		throw new UsageError( 'A URL is missing; --urls FILE reads them from a file, --urls - from standard input.' );
	}
	return { ...request, what: { urls, assertions: assertionsByType( values.expect ?? [], new Set( urls.map( typeOfUrl ) ) ) } };
}

function parsed< Value >( parse: () => Value ): Value {
	try {
		return parse();
	} catch ( thrown ) {
		throw new UsageError( messageOf( thrown ) );
	}
}

function wholeNumber( option: string, written: string, most: number ): number {
	const value = /^\d{1,9}$/.test( written ) ? Number( written ) : 0;
	if ( value < 1 || value > most ) {
		throw new UsageError( `${ option } is a whole number from 1 to ${ most }, not "${ written }".` );
	}
	return value;
}

async function readCertificates( file: string ): Promise< string > {
	const pem = await readFile( file, 'utf8' ).catch( ( thrown: unknown ) => {
		throw new UsageError( `${ file } cannot be read: ${ messageOf( thrown ) }.` );
	} );
	if ( ! pem.includes( '-----BEGIN CERTIFICATE-----' ) ) {
		throw new UsageError( `${ file } holds no certificate in PEM.` );
	}
	return pem;
}

async function readUrls( file: string, stdin: Readable, signal: AbortSignal ): Promise< string[] > {
	const content = await ( file === '-' ? text( addAbortSignal( signal, stdin ) ) : readFile( file, 'utf8' ) ).catch(
		( thrown: unknown ) => {
			throw new UsageError( `${ file } cannot be read: ${ messageOf( thrown ) }.` );
		}
	);
	return content
		.replace( /^\uFEFF/, '' )
		.split( /\r\n|\r|\n/ )
		.map( ( line ) => line.trim() )
		.filter( ( line ) => line !== '' && ! line.startsWith( '#' ) );
}
