import { __ } from '@wordpress/i18n';
import { ApiError } from '../data/api.ts';
import { pageSettings } from '../page-settings.ts';
import type { FromWorker, Progress, TaskName, Tasks, ToWorker } from './protocol.ts';

type Watch = { onProgress?: ( progress: Progress ) => void; signal?: AbortSignal };

/** What the client needs of a Worker. */
export type WorkerPort = {
	postMessage: ( message: ToWorker ) => void;
	addEventListener: ( type: 'message' | 'error', listener: ( event: Event ) => void ) => void;
};

type Waiting = { resolve: ( output: unknown ) => void; reject: ( error: Error ) => void; onProgress?: Watch[ 'onProgress' ] };

let worker: WorkerPort | undefined;
let next_id = 0;
const waiting = new Map< number, Waiting >();

/** The one worker of the page: its part is fetched with the first task, and no earlier. */
function port(): WorkerPort {
	if ( worker === undefined ) {
		worker = new Worker( new URL( /* webpackChunkName: "matcher-worker" */ './worker.ts', import.meta.url ) );
		worker.addEventListener( 'message', onMessage );
		worker.addEventListener( 'error', onCrash );
	}
	return worker;
}

function onMessage( event: Event ): void {
	if ( ! ( event instanceof MessageEvent ) ) {
		return;
	}
	const answer: FromWorker = event.data;
	const task = waiting.get( answer.id );
	if ( task === undefined ) {
		return;
	}
	if ( 'progress' in answer ) {
		task.onProgress?.( answer.progress );
		return;
	}
	waiting.delete( answer.id );
	if ( 'error' in answer ) {
		task.reject( taskError( answer.error.code, answer.error.message ) );
	} else {
		task.resolve( answer.output );
	}
}

/** The worker could not be loaded or ran out of memory: every task fails, and the next one tries a new worker. */
function onCrash( event: Event ): void {
	worker = undefined;
	const message = event instanceof ErrorEvent ? event.message : '';
	for ( const task of waiting.values() ) {
		task.reject(
			new ApiError(
				'script_missing',
				__( 'A part of the page could not be loaded.', 'rollcall' ),
				message,
				__( 'Reload the page. It may have been updated in the meantime.', 'rollcall' )
			)
		);
	}
	waiting.clear();
}

/** A failure of a task with the title and hint that the contract has for its code. */
function taskError( code: string, message: string ): ApiError {
	const known = pageSettings().errors[ code ];
	return new ApiError(
		code,
		known?.title ?? __( 'Something went wrong.', 'rollcall' ),
		message,
		known?.hint ?? __( 'Try again. If it stays, reload the page.', 'rollcall' )
	);
}

/** The worker posts what Tasks names for the task, so the output has its type. */
function asOutput< Name extends TaskName >( output: unknown ): Tasks[ Name ][ 'output' ] {
	return output as Tasks[ Name ][ 'output' ];
}

function run< Name extends TaskName >(
	task: Name,
	input: Tasks[ Name ][ 'input' ],
	{ onProgress, signal }: Watch = {}
): Promise< Tasks[ Name ][ 'output' ] > {
	return new Promise( ( resolve, reject ) => {
		if ( signal?.aborted ) {
			reject( new DOMException( 'The task was stopped.', 'AbortError' ) );
			return;
		}
		next_id += 1;
		const id = next_id;
		const stop = () => {
			waiting.delete( id );
			port().postMessage( { id, cancel: true } );
			reject( new DOMException( 'The task was stopped.', 'AbortError' ) );
		};
		signal?.addEventListener( 'abort', stop, { once: true } );
		const settle = () => signal?.removeEventListener( 'abort', stop );
		waiting.set( id, {
			resolve: ( output ) => {
				settle();
				resolve( asOutput< Name >( output ) );
			},
			reject: ( error ) => {
				settle();
				reject( error );
			},
			onProgress,
		} );
		port().postMessage( { id, task, input } );
	} );
}

/** Hosts of a file or a pasted text with the number of people at each. Nothing of it leaves the page.
 *  Errors: file_unreadable for what is no text; AbortError when stopped. */
export function scanFile( file: Blob | string, watch: Watch = {} ): Promise< Tasks[ 'scan_file' ][ 'output' ] > {
	return run( 'scan_file', { file }, watch );
}

/** A table or a YC-style JSON list as it would be stored. Errors: list_*. */
export function parseList( input: Tasks[ 'parse_list' ][ 'input' ], watch: Watch = {} ): Promise< Tasks[ 'parse_list' ][ 'output' ] > {
	return run( 'parse_list', input, watch );
}

/** Rows that a person typed as they would be stored. */
export function parseRows( input: Tasks[ 'parse_rows' ][ 'input' ], watch: Watch = {} ): Promise< Tasks[ 'parse_rows' ][ 'output' ] > {
	return run( 'parse_rows', input, watch );
}

/** The built-in made-up companies as a list. */
export function sampleList( list_uid: string ): Promise< Tasks[ 'sample_list' ][ 'output' ] > {
	return run( 'sample_list', { list_uid } );
}

/** The bytes of a list that its host lets browsers read, at most 20 MiB. Sends no cookies.
 *  Errors: list_unreachable, list_timeout, list_too_large, bad_url; AbortError when stopped. */
export function fetchList( url: string, watch: Watch = {} ): Promise< Tasks[ 'fetch_list' ][ 'output' ] > {
	return run( 'fetch_list', { url }, watch );
}

/** Verdicts on the hosts of a run, without companies: WordPress lays its lists and rules over them. At most 5,000 rows. */
export function labelHosts( input: Tasks[ 'label_hosts' ][ 'input' ], watch: Watch = {} ): Promise< Tasks[ 'label_hosts' ][ 'output' ] > {
	return run( 'label_hosts', input, watch );
}
