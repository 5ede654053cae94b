import type { MonitorOptions, MonitorWork } from '../../../companion/src/contract/monitor.ts';

export type MoreWork = Partial< Omit< MonitorWork, 'options' > > & { options?: Partial< MonitorOptions > };

/** A monitor of the work list. */
export function makeWork( { options, ...more }: MoreWork = {} ): MonitorWork {
	return {
		monitor_uid: 'a'.repeat( 32 ),
		revision: 1,
		active: true,
		deleted: false,
		type: 'http',
		url: 'https://www.acme.com/',
		name: 'Acme',
		interval_seconds: 60,
		is_polite: false,
		options: { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 2000, grace_seconds: 30, ...options },
		created_at_ms: 1_000_000,
		known_until_ms: null,
		last_beat_at_ms: null,
		...more,
	};
}
