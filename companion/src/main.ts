import { setFlagsFromString } from 'node:v8';
import packageJson from '../package.json' with { type: 'json' };
import { tellFailure } from './commands/io.ts';
import type { Command, ProcessIo } from './commands/serve.ts';
import { defaultStateFolder, environment, readConfig } from './config.ts';
import { makeLog } from './log.ts';

const HELP = `Usage: rollcall-companion COMMAND [options]

  pair URL CODE     pairs with a site, then goes on as serve
  serve             works for the paired sites
  doctor            says what is wrong
  match FILE        shows which listed companies the addresses of a file belong to
  check URL         says whether URLs are up

Each has --help. --version shows the version.
`;

type Loaded = { help: string; run: Command };

/** Loaded when asked for: the server and its libraries would take 40 MB of a `match` that needs neither. */
const COMMANDS: { [ name: string ]: ( () => Promise< Loaded > ) | undefined } = {
	serve: async () => {
		const { SERVE_HELP, serveCommand } = await import( './commands/serve.ts' );
		return { help: SERVE_HELP, run: serveCommand };
	},
	pair: async () => {
		const { PAIR_HELP, pairCommand } = await import( './commands/pair.ts' );
		return { help: PAIR_HELP, run: pairCommand };
	},
	doctor: async () => {
		const { DOCTOR_HELP, doctorCommand } = await import( './commands/doctor.ts' );
		return { help: DOCTOR_HELP, run: doctorCommand };
	},
};

/** Stopping may take this long before the process is ended the hard way; the state survives either. */
const STOP_MS = 9000;

/** Runs a command line. Gives the exit code: 0 done or stopped, 1 failure, 2 wrong usage, 130 a match or check that was cancelled. */
export async function main( argv: readonly string[], io: ProcessIo ): Promise< number > {
	const [ name = '', ...rest ] = argv;
	if ( name === 'match' ) {
		// Its garbage dies young: a nursery that stays at its first size takes 40 to 60 MB less at the same speed.
		setFlagsFromString( '--semi-space-growth-factor=1' );
		const { matchCommand } = await import( './commands/match.ts' );
		return matchCommand( rest, { ...io, state_folder: environment.ROLLCALL_STATE ?? defaultStateFolder( environment ) } );
	}
	if ( name === 'check' ) {
		const { checkCommand } = await import( './commands/check.ts' );
		return checkCommand( rest, io, packageJson.version );
	}
	if ( [ '--help', '-h', 'help' ].includes( name ) ) {
		io.stdout.write( HELP );
		return 0;
	}
	if ( name === '--version' ) {
		io.stdout.write( `${ packageJson.version }\n` );
		return 0;
	}
	const load = Object.hasOwn( COMMANDS, name ) ? COMMANDS[ name ] : undefined;
	if ( load === undefined ) {
		io.stderr.write( name === '' ? HELP : `rollcall-companion: There is no command "${ name }". Run "rollcall-companion --help".\n` );
		return 2;
	}
	try {
		keepHeapSmall();
		const command = await load();
		const config = readConfig( rest, environment );
		if ( config.help ) {
			io.stdout.write( command.help );
			return 0;
		}
		const log = makeLog( config.log_level, ( line ) => io.stderr.write( line ) );
		return await command.run( config, { io, log, version: packageJson.version } );
	} catch ( thrown ) {
		return io.signal.aborted ? 0 : tellFailure( name, thrown, io.stderr );
	}
}

/** Before the command is loaded: what the heap grows to by that stays, 3 MiB at 1,000 monitors. */
function keepHeapSmall(): void {
	// As for match: what a check leaves dies young, and 1,000 monitors every 10 s take a third less memory so.
	setFlagsFromString( '--semi-space-growth-factor=1' );
	// What outlives a check for a moment would else let the heap grow to three times what is in use, and stay so.
	setFlagsFromString( '--heap-growing-percent=10' );
}

if ( import.meta.main ) {
	const stop = new AbortController();
	// A report that was cut off is a failure; a server that was stopped is none.
	const stopped_code = [ 'match', 'check' ].includes( process.argv[ 2 ] ?? '' ) ? 130 : 0;
	for ( const signal of [ 'SIGINT', 'SIGTERM', 'SIGHUP' ] as const ) {
		process.on( signal, () => {
			if ( stop.signal.aborted ) {
				process.exit( stopped_code );
			}
			stop.abort();
			setTimeout( () => process.exit( stopped_code ), STOP_MS ).unref();
		} );
	}
	const { stdin, stdout, stderr } = process;
	process.exitCode = await main( process.argv.slice( 2 ), { stdin, stdout, stderr, signal: stop.signal } );
}
