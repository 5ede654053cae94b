import { OPTIONS_HELP, UsageError, type Config } from '../config.ts';
import type { Log } from '../exchange/ports.ts';
import { openState, runCompanion } from './companion.ts';
import type { CommandIo } from './io.ts';

export const SERVE_HELP = `Usage: rollcall-companion serve [options]

Works for the sites that this companion is paired with, until it is stopped.
It calls WordPress; WordPress needs no way to it.

${ OPTIONS_HELP }`;

/** What a command may touch of its process; where it keeps state is in its options. */
export type ProcessIo = Omit< CommandIo, 'state_folder' >;

export type Command = ( config: Config, context: { io: ProcessIo; log: Log; version: string } ) => Promise< number >;

/** Runs until it is stopped. Gives the exit code; errors are thrown. */
export const serveCommand: Command = async ( config, { io, log, version } ) => {
	if ( config.operands.length > 0 ) {
		throw new UsageError( `serve takes no "${ config.operands[ 0 ] }".` );
	}
	const state = openState( config, log );
	try {
		await runCompanion( {
			config,
			state,
			log,
			version,
			signal: io.signal,
			onListening: ( origin ) => log( 'info', 'serving', { version, listen: origin, sites: state.keyring.sites().length } ),
		} );
	} finally {
		state.close();
	}
	log( 'info', 'stopped' );
	return 0;
};
