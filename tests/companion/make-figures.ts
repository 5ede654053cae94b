import type { MonitorFigures, SiteFigures } from '../../companion/src/server-metrics.ts';
import { makeVitals } from '../make-vitals.ts';

export function makeMonitor( over: Partial< MonitorFigures > = {} ): MonitorFigures {
	return {
		monitor_uid: 'a'.repeat( 32 ),
		name: 'Shop',
		type: 'http',
		url: 'https://shop.example/',
		state: 'up',
		response_time_ms: 412,
		last_slot_ms: 1_795_000_010_500,
		...over,
	};
}

export function makeSite( over: Partial< SiteFigures > = {} ): SiteFigures {
	return {
		site_url: 'https://site.example',
		vitals: makeVitals(),
		is_monitoring: true,
		checks: [],
		exchange_failures: [],
		exchanged_at_ms: null,
		monitors: () => [ makeMonitor() ],
		...over,
	};
}
