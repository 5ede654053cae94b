import type { Readable, Writable } from 'node:stream';
import { UsageError } from '../config.ts';
import { asSentence, messageOf, RollcallError } from '../errors.ts';

/** What a command may touch of the process that runs it. */
export type CommandIo = {
	stdin: Readable;
	stdout: Writable;
	stderr: Writable;
	/** Aborted by Ctrl-C. */
	signal: AbortSignal;
	/** Folder of the companion's state, in which fetched lists are kept; null keeps nothing. */
	state_folder: string | null;
};

/** Tells a failure in one line. Gives the exit code: 2 for wrong usage, else 1. A `hint` takes the place of that of the error code. */
export function tellFailure( name: string, thrown: unknown, stderr: Writable, hint?: string ): number {
	const message = `rollcall-companion ${ name }: ${ asSentence( messageOf( thrown ) ) }`;
	if ( thrown instanceof UsageError ) {
		stderr.write( `${ message } Run "rollcall-companion ${ name } --help".\n` );
		return 2;
	}
	const usual = thrown instanceof RollcallError ? thrown.hint : 'Try again; report it when it stays.';
	stderr.write( `${ message } ${ asSentence( hint ?? usual ) }\n` );
	return 1;
}
