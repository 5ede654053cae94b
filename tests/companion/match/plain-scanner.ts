import { makeRowReader } from '../../../companion/src/match/csv-rows.ts';
import { HostCounts } from '../../../companion/src/match/host-counts.ts';
import { makeRowCounter } from '../../../companion/src/match/row-counter.ts';
import type { Counted } from '../../../companion/src/match/scan.ts';
import { encodingOf } from '../../../companion/src/match/text-encoding.ts';

/** What a scan must count: the whole file decoded, and each row taken apart. */
export function scanPlainly( bytes: Uint8Array ): Counted {
	const counted: Counted = { rows_read: 0, hosts: new HostCounts(), invalid: new Map() };
	const rows = makeRowReader( makeRowCounter( counted ).count );
	rows.push( new TextDecoder( encodingOf( bytes ) ).decode( bytes ) );
	rows.end();
	return counted;
}
