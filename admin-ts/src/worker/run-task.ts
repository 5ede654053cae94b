import { messageOf, RollcallError } from '../../../companion/src/errors.ts';
import { sheetCsvUrl } from '../../../companion/src/lists/sheet-url.ts';
import { fetchList } from './fetch-list.ts';
import { labelHosts } from './label-hosts.ts';
import { parseYcList, sampleList } from './parse-list.ts';
import { parseCsvList, parseTypedRows } from './parse-table.ts';
import type { FromWorker, Progress, TaskName, Tasks, ToWorker } from './protocol.ts';
import { scanFile } from './scan-file.ts';

type Context = { onProgress: ( progress: Progress ) => void; signal: AbortSignal };
type Run< Name extends TaskName > = (
	input: Tasks[ Name ][ 'input' ],
	context: Context
) => Tasks[ Name ][ 'output' ] | Promise< Tasks[ Name ][ 'output' ] >;

const tasks: { [ Name in TaskName ]: Run< Name > } = {
	scan_file: ( { file }, { onProgress, signal } ) => scanFile( file, onProgress, signal ),
	parse_list: ( input ) => ( input.kind === 'csv' ? parseCsvList : parseYcList )( input, Date.now() ),
	parse_rows: ( input ) => parseTypedRows( input, Date.now() ),
	sample_list: ( { list_uid } ) => sampleList( list_uid, Date.now() ),
	fetch_list: ( { url }, context ) => fetchList( sheetCsvUrl( url ) ?? url, context ),
	label_hosts: ( input ) => labelHosts( input ),
};

/** The client posts the input that Tasks names for the task. */
function runOf( task: TaskName ): ( input: unknown, context: Context ) => unknown {
	return tasks[ task ] as ( input: unknown, context: Context ) => unknown;
}

/** Answers what the page says by `post`: progress, then one output or error; nothing for a task that was stopped. */
export function makeTaskRunner( post: ( answer: FromWorker ) => void ): ( message: ToWorker ) => Promise< void > {
	const running = new Map< number, AbortController >();
	return async ( message ) => {
		if ( 'cancel' in message ) {
			running.get( message.id )?.abort();
			return;
		}
		const { id, task, input } = message;
		const controller = new AbortController();
		running.set( id, controller );
		try {
			const onProgress = ( progress: Progress ) => post( { id, progress } );
			const output = await runOf( task )( input, { onProgress, signal: controller.signal } );
			controller.signal.throwIfAborted();
			post( { id, output } );
		} catch ( thrown ) {
			if ( ! controller.signal.aborted ) {
				const code = thrown instanceof RollcallError ? thrown.code : 'internal';
				post( { id, error: { code, message: messageOf( thrown ) } } );
			}
		} finally {
			running.delete( id );
		}
	};
}
