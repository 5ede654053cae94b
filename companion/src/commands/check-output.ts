import type { Writable } from 'node:stream';
import type { CheckLine } from '../contract/check.ts';
import type { MonitorState } from '../contract/vocabulary.ts';
import type { CheckResult } from '../monitor/run-check.ts';

export type CheckedUrl = { url: string; result: CheckResult };

const STATE_NAMES: Record< MonitorState, string > = { up: 'Up', degraded: 'Degraded', down: 'Down', unknown: 'No reading' };

/** A check as one line of JSON. */
export function jsonLine( { url, result }: CheckedUrl ): string {
	const line: CheckLine = {
		url,
		state: result.state,
		error_code: result.error_code,
		error_message: result.error_message,
		status_code: result.status_code,
		response_time_ms: result.phases.total_ms,
		phases: result.phases,
		assertions: result.assertions.map( ( { assertion, passed, expected, got } ) => ( { assertion, passed, expected, got } ) ),
	};
	return `${ JSON.stringify( line ) }\n`;
}

/** How long a line may wait for others: each write to a pipe took 0.03 ms of CPU. */
const WAIT_MS = 50;

/** Writes lines together that come shortly after each other; `flush` writes what waits. */
export function makeLineWriter( stdout: Writable ): { write: ( line: string ) => void; flush: () => void } {
	let waiting = '';
	let timer: NodeJS.Timeout | undefined;
	const flush = (): void => {
		clearTimeout( timer );
		timer = undefined;
		if ( waiting !== '' ) {
			stdout.write( waiting );
			waiting = '';
		}
	};
	return {
		write: ( line ) => {
			waiting += line;
			timer ??= setTimeout( flush, WAIT_MS );
		},
		flush,
	};
}

/** What came of a URL, as it came. */
export function stepLine( { url, result }: CheckedUrl ): string {
	const { status_code, error_code, phases } = result;
	const what = /^https?:/i.test( url ) ? 'status code' : 'answer';
	const answer =
		status_code !== null ? `status code ${ status_code }` : error_code === 'ok' ? `an ${ what }` : `no ${ what } (${ error_code })`;
	return `Received ${ answer } from ${ cell( url, LONGEST_STEP ) } - response time ${ ( phases.total_ms / 1000 ).toFixed( 3 ) } s\n`;
}

const LONGEST_STEP = 200;
const LONGEST_URL = 60;

/** Checks as a table, in their order, with the reasons of those that are not up below and a sum at the end. */
export function checkTable( checked: readonly CheckedUrl[] ): string {
	const rows = checked.map( ( { url, result } ) => [
		STATE_NAMES[ result.state ],
		String( result.status_code ?? '-' ),
		result.phases.total_ms.toFixed( 0 ),
		cell( url, LONGEST_URL ),
		result.error_code === 'ok' ? '' : result.error_code,
	] );
	const table = [ [ 'State', 'Status', 'Time ms', 'URL', 'Reason' ], ...rows ];
	const widths = [ 0, 1, 2, 3 ].map( ( column ) => Math.max( ...table.map( ( row ) => ( row[ column ] ?? '' ).length ) ) );
	const lines = table.map( ( row ) =>
		row
			.map( ( text, column ) => ( column === 2 ? text.padStart( widths[ column ] ?? 0 ) : text.padEnd( widths[ column ] ?? 0 ) ) )
			.join( '  ' )
			.trimEnd()
	);
	const reasons = checked.filter( ( { result } ) => result.error_message !== '' ).map( ( { result } ) => result.error_message );
	return `${ [ ...lines, ...( reasons.length === 0 ? [] : [ '', ...reasons ] ), '', sumOf( checked ) ].join( '\n' ) }\n`;
}

function sumOf( checked: readonly CheckedUrl[] ): string {
	const counts = Object.entries( STATE_NAMES ).map( ( [ state, name ] ) => ( {
		name: name.toLowerCase(),
		count: checked.filter( ( { result } ) => result.state === state ).length,
	} ) );
	const parts = counts.filter( ( { count } ) => count > 0 ).map( ( { name, count } ) => `${ count } ${ name }` );
	return `${ checked.length } checked: ${ parts.join( ', ' ) }.`;
}

/** What was typed or read, without what would move the cursor or turn the text around. */
function cell( text: string, most: number ): string {
	const clean = text.replace( /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ' );
	return clean.length > most ? `${ clean.slice( 0, most - 1 ) }…` : clean;
}
