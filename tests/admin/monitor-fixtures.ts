import type { CheckJob, Monitor, Monitoring } from '../../companion/src/contract/monitor.ts';
import { makeVitals } from '../make-vitals.ts';
import { ago } from './fixtures.ts';

/** A uid that ends with a number. */
export const uidOf = ( number: number ): string => String( number ).padStart( 32, '0' );

export function makeMonitor( over: Partial< Monitor > = {} ): Monitor {
	return {
		monitor_uid: uidOf( 1 ),
		name: 'Shop',
		type: 'http',
		url: 'https://shop.test/',
		active: true,
		is_public: true,
		is_polite: false,
		interval_seconds: 60,
		options: { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 300 },
		push_url: null,
		last_beat_at: null,
		company: null,
		screen_state: 'up',
		state: 'up',
		state_since: ago( 600 ),
		known_until: ago( 1 ),
		last_checked_at: ago( 1 ),
		last_state: 'up',
		last_status_code: 200,
		last_response_time_ms: 412,
		last_error_code: 'ok',
		last_error_message: '',
		mail_state: null,
		uptime_24h: 1,
		uptime_30d: 0.99957,
		created_at: ago( 9000 ),
		...over,
	};
}

export function makeMonitoring( over: Partial< Monitoring > = {} ): Monitoring {
	return {
		is_connected: true,
		no_data_since: null,
		last_seen_at: ago( 1 ),
		monitor_count: 1,
		open_incident_count: 0,
		state_counts: { up: 1, degraded: 0, confirming: 0, down: 0, no_reading: 0 },
		lost_24h: { dropped_count: 0, dead_letter_count: 0 },
		vitals: makeVitals(),
		...over,
	};
}

export function makeResult( over: Partial< CheckJob[ 'results' ][ number ] > = {} ): CheckJob[ 'results' ][ number ] {
	return {
		monitor_uid: uidOf( 1 ),
		name: 'Shop',
		url: 'https://shop.test/',
		state: 'up',
		error_code: 'ok',
		error_message: '',
		status_code: 200,
		response_time_ms: 412,
		...over,
	};
}

export function makeCheck( over: Partial< CheckJob > = {} ): CheckJob {
	return {
		job_uid: 'c'.repeat( 32 ),
		state: 'queued',
		active_count: 1,
		done: 0,
		error_code: null,
		error_message: null,
		results: [],
		...over,
	};
}
