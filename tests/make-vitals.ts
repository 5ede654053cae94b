import type { Vitals } from '../companion/src/contract/monitor.ts';

/** Monitoring in which nothing is wrong. */
export function makeVitals( over: Partial< Vitals > = {} ): Vitals {
	return {
		started_at_ms: 1_795_000_000_000,
		monitor_count: 1,
		running_count: 0,
		waiting_count: 0,
		stalled_count: 0,
		unsent_count: 0,
		oldest_unsent_at_ms: null,
		dropped_count: 0,
		dead_letter_count: 0,
		quarantine_count: 0,
		disk_full: false,
		offline_since_ms: null,
		clock_jumped_at_ms: null,
		suspended_at_ms: null,
		loop_lag_ms: 0,
		dead_man_at_ms: null,
		dead_man_error: null,
		...over,
	};
}
