import type { Readable, Writable } from 'node:stream';

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
