import type { PairedSite } from '../exchange/keyring.ts';
import type { ExchangeFigures } from '../exchange/exchange.ts';
import type { EngineFigures } from '../monitor/site-monitoring.ts';
import type { MonitorFigures, SiteFigures } from '../server-metrics.ts';

/** What the exchange and the engine know of one site, as /health and /metrics tell it. */
export function siteFigures( { site_url }: PairedSite, exchange: ExchangeFigures, engine: () => EngineFigures ): SiteFigures {
	const { is_monitoring, checks } = engine();
	return {
		site_url,
		vitals: exchange.vitals,
		is_monitoring,
		checks,
		exchange_failures: exchange.failures,
		exchanged_at_ms: exchange.exchanged_at_ms,
		monitors: () => monitorsOf( engine() ),
	};
}

function* monitorsOf( { monitors }: EngineFigures ): Generator< MonitorFigures > {
	for ( const { work, last, progress } of monitors ) {
		yield {
			monitor_uid: work.monitor_uid,
			name: work.name,
			type: work.type,
			url: work.url,
			state: last?.state ?? null,
			response_time_ms: last?.response_time_ms ?? null,
			last_slot_ms: progress.judged.last_slot_ms,
		};
	}
}
