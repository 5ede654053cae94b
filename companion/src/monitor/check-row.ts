import type { CheckRowField } from '../contract/monitor.ts';
import { CHECK_CODES, CHECK_WARNINGS, MONITOR_STATES, type CheckCode } from '../contract/vocabulary.ts';
import type { CheckResult } from './run-check.ts';

/** The columns of WordPress end there. */
const MOST_MS = 65_535;

/** What of a result is in its row. */
export type RowResult = Pick< CheckResult, 'state' | 'error_code' | 'status_code' | 'phases' | 'warnings' >;

/** The row of a slot that was checked. */
export function checkRow( slot_ms: number, result: RowResult, attempts: number ): string {
	const { phases, status_code } = result;
	const is_status = status_code !== null && status_code >= 100 && status_code <= 599;
	return written( {
		slot_ms,
		state: MONITOR_STATES[ result.state ],
		error_code: CHECK_CODES[ result.error_code ],
		status_code: is_status ? status_code : null,
		dns_ms: whole( phases.dns_ms ),
		connect_ms: whole( phases.connect_ms ),
		tls_ms: whole( phases.tls_ms ),
		first_byte_ms: whole( phases.first_byte_ms ),
		transfer_ms: whole( phases.transfer_ms ),
		total_ms: whole( phases.total_ms ),
		attempts,
		warnings: result.warnings.reduce( ( bits, warning ) => bits | CHECK_WARNINGS[ warning ], 0 ),
	} );
}

/** The row of a slot in which nothing was asked. */
export function emptyRow( slot_ms: number, error_code: CheckCode ): string {
	return `${ slot_ms },${ MONITOR_STATES.unknown },${ CHECK_CODES[ error_code ] },,,,,,,0,0,0`;
}

/** The order is that of CHECK_ROW_FIELDS; a test holds it. */
function written( row: Record< CheckRowField, number | null > ): string {
	return Object.values( row )
		.map( ( value ) => value ?? '' )
		.join();
}

function whole( ms: number | null ): number | null {
	return ms === null ? null : Math.min( MOST_MS, Math.max( 0, Math.round( ms ) ) );
}
