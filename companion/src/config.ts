import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { asSentence, messageOf, RollcallError } from './errors.ts';
import { parseAllow } from './guard/allow.ts';
import { refuseAmbientProxy } from './guard/ambient-proxy.ts';
import type { AllowRule } from './guard/guard.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';

export type Environment = Readonly< Record< string, string | undefined > >;

/** The environment of this process; nothing else of the companion reads it. */
export const environment: Environment = process.env;

export type Config = {
	state_folder: string;
	listen: { host: string; port: number };
	/** Origin at which WordPress reaches the companion; null leaves it to the exchange. */
	public_url: string | null;
	allow: AllowRule[];
	/** Takes the place of the default list's address; null is what WordPress says. */
	companies: string | null;
	basic_auth: string | null;
	/** Addresses or ranges of the proxies whose X-Forwarded-For names the client. */
	trusted_proxies: string[];
	/** Places `HOST:PORT` that are as good as always there; none believes every failure. */
	anchors: string[];
	log_level: LogLevel;
	/** Whether /metrics answers other machines. */
	metrics_open: boolean;
	/** `pair --once`. */
	once: boolean;
	help: boolean;
	/** What is no option. */
	operands: string[];
};

export const DEFAULT_LISTEN = '127.0.0.1:8737';

/** Name servers for everybody, of three companies. */
export const DEFAULT_ANCHORS = [ '1.1.1.1:443', '8.8.8.8:443', '9.9.9.9:443' ];

/** The options of `serve`, `pair` and `doctor`; each but --once and --help may be an environment variable too. */
export const OPTIONS_HELP = `Options (or environment variable):
  --state FOLDER           keys and state; ROLLCALL_STATE
                           (default: $XDG_STATE_HOME/rollcall, else ~/.rollcall)
  --listen HOST:PORT       where WordPress may call; ROLLCALL_LISTEN (default: ${ DEFAULT_LISTEN })
  --port N                 the same on this machine only; 0 takes a free one
  --public-url URL         address at which WordPress reaches that; ROLLCALL_PUBLIC_URL
  --companies URL|FILE     companies list instead of the one that WordPress names: JSON,
                           CSV or a published Google Sheet; "sample:" is the built-in
                           one; ROLLCALL_COMPANIES
  --allow CIDR[:PORTS]     lets lists be fetched from, and monitors ask, an internal address;
                           repeatable; ROLLCALL_ALLOW
  --anchor HOST:PORT       place that is connected to when a public target fails: when none
                           answers, this network is away, and no target is told to be
                           down; repeatable; ROLLCALL_ANCHORS by comma (default:
                           ${ DEFAULT_ANCHORS.join( ', ' ) })
  --no-anchors             believes every failure; ROLLCALL_ANCHORS=none
  --trusted-proxies CIDR   a proxy in front of --listen, which names the client in
                           X-Forwarded-For; by comma; ROLLCALL_TRUSTED_PROXIES
  --basic-auth USER:PASS   password of the site's web server; ROLLCALL_BASIC_AUTH
  --metrics-open           /metrics answers other machines too; it names what is watched;
                           ROLLCALL_METRICS=open
  --log-level LEVEL        ${ LOG_LEVELS.join( ', ' ) }; ROLLCALL_LOG_LEVEL (default: info)
  --help                   shows this text

Exit codes: 0 done or stopped, 1 failure, 2 wrong usage, 3 Node is older than 24.
`;

const OPTIONS = {
	state: { type: 'string' },
	listen: { type: 'string' },
	port: { type: 'string' },
	'public-url': { type: 'string' },
	companies: { type: 'string' },
	allow: { type: 'string', multiple: true },
	anchor: { type: 'string', multiple: true },
	'no-anchors': { type: 'boolean', default: false },
	'basic-auth': { type: 'string' },
	'trusted-proxies': { type: 'string' },
	'log-level': { type: 'string' },
	'metrics-open': { type: 'boolean' },
	once: { type: 'boolean', default: false },
	help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Wrong options; the program ends with 2. */
export class UsageError extends Error {}

/** Options of the command line over those of the environment over the defaults. Throws UsageError. */
export function readConfig( argv: readonly string[], env: Environment ): Config {
	try {
		const { values, positionals } = parseArgs( { args: [ ...argv ], options: OPTIONS, allowPositionals: true } );
		refuseAmbientProxy( env, process.execArgv, false );
		return {
			state_folder: values.state ?? env.ROLLCALL_STATE ?? defaultStateFolder( env ),
			listen:
				values.port === undefined
					? listenAddress( values.listen ?? env.ROLLCALL_LISTEN ?? DEFAULT_LISTEN )
					: listenAddress( `127.0.0.1:${ values.port }` ),
			public_url: publicUrl( values[ 'public-url' ] ?? env.ROLLCALL_PUBLIC_URL ),
			allow: ( values.allow ?? [ env.ROLLCALL_ALLOW ?? '' ] ).flatMap( parseAllow ),
			companies: values.companies ?? env.ROLLCALL_COMPANIES ?? null,
			basic_auth: basicAuth( values[ 'basic-auth' ] ?? env.ROLLCALL_BASIC_AUTH ),
			trusted_proxies: trustedProxies( values[ 'trusted-proxies' ] ?? env.ROLLCALL_TRUSTED_PROXIES ?? '' ),
			anchors: anchorList( values[ 'no-anchors' ] ? 'none' : ( values.anchor?.join() ?? env.ROLLCALL_ANCHORS ?? '' ) ),
			log_level: logLevel( values[ 'log-level' ] ?? env.ROLLCALL_LOG_LEVEL ?? 'info' ),
			metrics_open: values[ 'metrics-open' ] ?? metricsOpen( env.ROLLCALL_METRICS ?? 'closed' ),
			once: values.once,
			help: values.help,
			operands: positionals,
		};
	} catch ( thrown ) {
		const hint = thrown instanceof RollcallError ? ` ${ thrown.hint }` : '';
		throw new UsageError( `${ asSentence( messageOf( thrown ) ) }${ hint }` );
	}
}

/** `$XDG_STATE_HOME/rollcall`, else `~/.rollcall`. */
export function defaultStateFolder( env: Environment ): string {
	return env.XDG_STATE_HOME ? join( env.XDG_STATE_HOME, 'rollcall' ) : join( env.HOME || homedir(), '.rollcall' );
}

function listenAddress( text: string ): { host: string; port: number } {
	const [ , bracketed, plain, port ] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i.exec( text ) ?? [];
	if ( port === undefined || Number( port ) > 65_535 ) {
		throw new UsageError( `"${ text }" is not HOST:PORT, such as ${ DEFAULT_LISTEN } or [::1]:8737` );
	}
	return { host: bracketed ?? plain ?? '', port: Number( port ) };
}

function publicUrl( text: string | undefined ): string | null {
	if ( text === undefined || text === '' ) {
		return null;
	}
	const url = URL.canParse( text ) ? new URL( text ) : null;
	if ( url === null || ! /^https?:$/.test( url.protocol ) || url.pathname !== '/' || url.search !== '' || url.username !== '' ) {
		throw new UsageError( `--public-url is an origin, such as https://companion.example, not "${ text }"` );
	}
	return url.origin;
}

/** Written as in --allow, but without ports: a proxy is trusted as a whole. */
function trustedProxies( text: string ): string[] {
	const rules = parseAllow( text );
	if ( rules.some( ( rule ) => rule.ports !== null || rule.metadata ) ) {
		throw new UsageError( `--trusted-proxies takes addresses or ranges such as 10.0.0.0/8, not "${ text }"` );
	}
	return rules.map( ( rule ) => `${ rule.base.toString() }/${ rule.bits }` );
}

function anchorList( text: string ): string[] {
	if ( text === 'none' ) {
		return [];
	}
	const anchors = text
		.split( ',' )
		.map( ( anchor ) => anchor.trim() )
		.filter( ( anchor ) => anchor !== '' );
	if ( anchors.some( ( anchor ) => listenAddress( anchor ).port === 0 ) ) {
		throw new UsageError( `--anchor is HOST:PORT with a port from 1, not "${ text }"` );
	}
	return anchors.length === 0 ? DEFAULT_ANCHORS : anchors;
}

function basicAuth( text: string | undefined ): string | null {
	if ( text === undefined || text === '' ) {
		return null;
	}
	// The text is not shown again: half of it is a password.
	if ( ! /^[^:\p{Cc}]+:[^\p{Cc}]*$/u.test( text ) ) {
		throw new UsageError( '--basic-auth is USER:PASSWORD' );
	}
	return text;
}

function metricsOpen( text: string ): boolean {
	if ( text !== 'open' && text !== 'closed' ) {
		throw new UsageError( `ROLLCALL_METRICS is open or closed, not "${ text }"` );
	}
	return text === 'open';
}

function logLevel( text: string ): LogLevel {
	const level = LOG_LEVELS.find( ( known ) => known === text );
	if ( level === undefined ) {
		throw new UsageError( `--log-level is one of ${ LOG_LEVELS.join( ', ' ) }, not "${ text }"` );
	}
	return level;
}
