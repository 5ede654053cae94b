// Checks URLs as the running companion does, with sessions of TLS, 50 in flight: CHECK-MONITORS ALLOW CA FILE. Prints how many are up.
import { readFileSync } from 'node:fs';
import { makeCheckMonitor } from '../../companion/src/commands/check-monitor.ts';
import { openProbeContext } from '../../companion/src/commands/probe-context.ts';
import { inSlots } from '../../companion/src/commands/slots.ts';
import type { MonitorWork } from '../../companion/src/contract/monitor.ts';
import { parseAllow } from '../../companion/src/guard/allow.ts';

const [ allow = '', ca = '', file = '' ] = process.argv.slice( 2 );
const { signal } = new AbortController();
const policy = { allow: parseAllow( allow ), nat64: false };
const { context, close } = openProbeContext( {
	...{ policy, ca: readFileSync( ca, 'utf8' ), total_ms: 10_000, resume: true, version: '0.0.0', signal },
} );
const checkMonitor = makeCheckMonitor( context, '0.0.0' );
const works = readFileSync( file, 'utf8' ).trim().split( '\n' ).map( workOf );
let up = 0;
const check = async ( work: MonitorWork ): Promise< void > => {
	const deadline_mono_ms = performance.now() + 10_000;
	const result = await checkMonitor( work, { site_id: 'bench', deadline_mono_ms, beat: null, contact_url: '', signal } );
	up += result.state === 'up' ? 1 : 0;
};
await inSlots( works, check, { width: 50, most: 500, patience_ms: 1000 } );
close();
process.stdout.write( `${ up }\n` );

function workOf( url: string, index: number ): MonitorWork {
	return {
		monitor_uid: String( index ).padStart( 32, '0' ),
		revision: 1,
		active: true,
		deleted: false,
		type: 'http',
		url,
		name: '',
		interval_seconds: 60,
		is_polite: false,
		options: { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 0 },
		created_at_ms: 0,
		known_until_ms: null,
		last_beat_at_ms: null,
	};
}
