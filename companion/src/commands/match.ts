import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { parseArgs } from 'node:util';
import { UsageError } from '../config.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import { asSentence, messageOf, RollcallError } from '../errors.ts';
import { parseAllow } from '../guard/allow.ts';
import type { Fetcher } from '../guard/fetcher.ts';
import type { AllowRule } from '../guard/guard.ts';
import { NO_CACHE, openListCache } from '../lists/cache.ts';
import { DEFAULT_LIST, loadCompanies, type LoadedCompanies } from '../lists/load.ts';
import { sha256 } from '../lists/sha256.ts';
import { buildCompanyIndex } from '../match/company-index.ts';
import { labelRules } from '../match/label.ts';
import { normalizeHost } from '../match/normalize-domain.ts';
import { makeReport } from '../match/report.ts';
import { makeScanner, type Counted } from '../match/scan.ts';
import { readRows } from '../match/table-rows.ts';
import { domainsOfWebsite } from '../match/website.ts';
import { tellFailure, type CommandIo } from './io.ts';
import { FORMATS, formatReport, type Format } from './match-output.ts';

const HELP = `Usage: rollcall-companion match <file|-> [options]

Shows which listed companies the addresses or domains of a file belong to.
The file is a CSV or plain text of any size in UTF-8 or UTF-16. Each cell that
holds an e-mail address counts, or one domain a line. "-" reads standard input.
Nothing of the file leaves this computer.

Options:
  --companies URL|FILE     Companies list: a CSV with columns name and website, a
                           link to a published Google Sheet, or JSON in the form of
                           ${ DEFAULT_LIST.url }
                           (default: that one, of which the newest copy is kept in
                           ROLLCALL_STATE; "sample:" is the built-in sample)
  --format table|json|csv  Form of the report (default: table)
  --own HOST               Your own domain; repeatable
  --exclude DOMAIN         Domain to set aside; repeatable
  --allow CIDR[:PORT]      Lets --companies be fetched from an internal address;
                           repeatable
  --help                   Shows this text

JSON: {"summary":{...},"rows":[{"domain","user_count","label","rule","ambiguous","companies":[...]}]}

Exit codes: 0 report written, 1 failure, 2 wrong usage, 3 Node is older than 24,
130 cancelled.
`;

const OPTIONS = {
	companies: { type: 'string' },
	format: { type: 'string', default: 'table' },
	own: { type: 'string', multiple: true },
	exclude: { type: 'string', multiple: true },
	allow: { type: 'string', multiple: true },
	help: { type: 'boolean', short: 'h', default: false },
} as const;

type Request = { file: string; companies: string | undefined; format: Format; own: string[]; exclude: string[]; allow: AllowRule[] };

/** Runs `match` with the arguments after the word. Gives the exit code: 0 report written, 1 failure, 2 wrong usage, 130 cancelled.
 *  Errors are one line on stderr with a hint; nothing is thrown. */
export async function matchCommand( argv: readonly string[], io: CommandIo ): Promise< number > {
	try {
		const request = readRequest( argv );
		if ( request === 'help' ) {
			io.stdout.write( HELP );
		} else {
			await runMatch( request, io );
		}
		return 0;
	} catch ( thrown ) {
		if ( io.signal.aborted ) {
			io.stderr.write( 'rollcall-companion match: Cancelled. The report is not complete.\n' );
			return CANCELLED;
		}
		const hint = thrown instanceof RollcallError ? HINTS[ thrown.code ] : undefined;
		return isClosedPipe( thrown ) ? 0 : tellFailure( 'match', thrown, io.stderr, hint );
	}
}

/** What a shell gives for a program that Ctrl-C ended. */
export const CANCELLED = 130;

/** Where the usual hint speaks of a companion that goes on running. */
const HINTS: Partial< Record< ErrorCode, string > > = {
	list_unreachable: 'Check the address, or give a file.',
	list_timeout: 'Try again, or give a file.',
	list_empty: 'Give a list with companies in it.',
	target_refused: 'Open an address of your own network with --allow CIDR[:PORT].',
};

async function runMatch( request: Request, io: CommandIo ): Promise< void > {
	const input = request.file === '-' ? addAbortSignal( io.signal, io.stdin ) : piecesOf( request.file );
	const counted = await scan( input, request.file, io.signal );
	const { content, notice } = await loadList( request, io );
	if ( notice !== null ) {
		io.stderr.write( `rollcall-companion match: ${ asSentence( notice ) }\n` );
	}
	const lists = [ content ];
	const rules = labelRules( { index: buildCompanyIndex( lists ), own_hosts: request.own, exclusions: request.exclude } );
	for ( const text of inPieces( formatReport( makeReport( counted, rules, lists ), request.format ) ) ) {
		io.signal.throwIfAborted();
		if ( ! io.stdout.write( text ) ) {
			await once( io.stdout, 'drain', { signal: io.signal } );
		}
	}
}

/** Lines brought together: each write is a call of the system. */
function* inPieces( texts: Iterable< string > ): Iterable< string > {
	let lines: string[] = [];
	let length = 0;
	for ( const text of texts ) {
		lines.push( text );
		length += text.length;
		if ( length >= PIECE_OCTETS ) {
			yield lines.join( '' );
			lines = [];
			length = 0;
		}
	}
	yield lines.join( '' );
}

/** The request, or `help`. Throws UsageError. */
function readRequest( argv: readonly string[] ): Request | 'help' {
	const { values, positionals } = parsed( () => parseArgs( { args: [ ...argv ], options: OPTIONS, allowPositionals: true } ) );
	const { help, format, companies, own = [], exclude = [], allow = [] } = values;
	const [ file = '', ...more ] = positionals;
	const known = FORMATS.find( ( name ) => name === format );
	if ( help ) {
		return 'help';
	}
	if ( file === '' ) {
		throw new UsageError( 'A file is missing; "-" reads standard input.' );
	}
	if ( more.length > 0 ) {
		throw new UsageError( `One file at a time, not ${ more.length + 1 }.` );
	}
	if ( known === undefined ) {
		throw new UsageError( `--format is one of ${ FORMATS.join( ', ' ) }, not "${ format }".` );
	}
	if ( companies === '' ) {
		throw new UsageError( '--companies is empty.' );
	}
	refuseNoDomain( '--own', own );
	refuseNoDomain( '--exclude', exclude );
	return { file, companies, format: known, own, exclude, allow: parsed( () => allow.flatMap( parseAllow ) ) };
}

function parsed< Value >( parse: () => Value ): Value {
	try {
		return parse();
	} catch ( thrown ) {
		throw new UsageError( messageOf( thrown ) );
	}
}

/** An option that would otherwise do nothing without a word. */
function refuseNoDomain( option: string, hosts: readonly string[] ): void {
	for ( const host of hosts ) {
		const domain = normalizeHost( host );
		if ( ! domain.ok ) {
			throw new UsageError( `${ option } "${ host }" is no domain (${ domain.reason }).` );
		}
	}
}

/** What is read or written at once. */
const PIECE_OCTETS = 65_536;

/** A file in one buffer that is used again: the buffers of a stream wait for a collection, 100 MB of them at a time. */
async function* piecesOf( path: string ): AsyncIterable< Uint8Array > {
	const file = await open( path );
	try {
		const buffer = new Uint8Array( PIECE_OCTETS * 4 );
		for ( let read = await file.read( buffer ); read.bytesRead > 0; read = await file.read( buffer ) ) {
			yield buffer.subarray( 0, read.bytesRead );
		}
	} finally {
		await file.close();
	}
}

/** Counts the hosts of a file. Error: file_unreadable. */
async function scan( input: AsyncIterable< unknown >, name: string, signal: AbortSignal ): Promise< Counted > {
	const scanner = makeScanner();
	try {
		for await ( const chunk of input ) {
			if ( signal.aborted ) {
				throw new RollcallError( 'cancelled', 'Reading was stopped.' );
			}
			scanner.push( chunk instanceof Uint8Array ? chunk : new TextEncoder().encode( String( chunk ) ) );
		}
	} catch ( cause ) {
		if ( cause instanceof RollcallError ) {
			throw cause;
		}
		throw new RollcallError( 'file_unreadable', `${ name } cannot be read: ${ messageOf( cause ) }.`, { cause } );
	}
	return scanner.end();
}

function loadList( { companies, allow }: Request, { signal, state_folder }: CommandIo ): Promise< LoadedCompanies > {
	const tools = {
		cache: state_folder === null ? NO_CACHE : openListCache( join( state_folder, 'lists' ), sha256 ),
		fetcher: lazyFetcher( allow ),
		parse: { domainsOfWebsite, hash: sha256, readRows },
	};
	return loadCompanies( companies, { tools, now_ms: Date.now(), signal } );
}

/** Loads the libraries of the network when something is fetched: they take 20 MB. */
function lazyFetcher( allow: AllowRule[] ): Fetcher {
	return async ( request ) => {
		const { guardedFetcher } = await import( '../guard/fetcher.ts' );
		return guardedFetcher( { policy: { allow, nat64: false } } )( request );
	};
}

/** True when the reader of the output went away, as `| head` does. */
function isClosedPipe( thrown: unknown ): boolean {
	return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPIPE';
}
