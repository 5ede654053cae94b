import type { Vitals } from '../contract/monitor.ts';
import { messageOf } from '../errors.ts';
import type { Clock, Log } from './ports.ts';
import type { Rooms } from './rooms.ts';

export type DeadManOptions = {
	rooms: Pick< Rooms, 'ping' >;
	clock: Clock;
	log: Log;
	/** How the companion calls itself to strangers. */
	userAgent: () => string;
	signal: AbortSignal;
};

/** Less than a minute, because a quiet exchange comes every minute, 10 % more or less. */
const EVERY_MS = 50_000;
const DEADLINE_MS = 15_000;

/** Calls an address of the site owner while monitoring goes on, so that a service elsewhere raises the alarm when it stops. */
export class DeadMan {
	#options: DeadManOptions;
	#called_at_ms = -Infinity;
	#under_way: Promise< void > | null = null;
	#answered_at_ms: number | null = null;
	#error: string | null = null;

	constructor( options: DeadManOptions ) {
		this.#options = options;
	}

	/** Calls it, at most about once a minute and without waiting for the answer; an empty address ends it. */
	call( url: string ): void {
		const now_ms = this.#options.clock.now();
		if ( url === '' ) {
			this.#error = null;
			return;
		}
		if ( this.#under_way === null && Math.abs( now_ms - this.#called_at_ms ) >= EVERY_MS ) {
			this.#called_at_ms = now_ms;
			this.#under_way = this.#ping( url ).finally( () => {
				this.#under_way = null;
			} );
		}
	}

	vitals(): Pick< Vitals, 'dead_man_at_ms' | 'dead_man_error' > {
		return { dead_man_at_ms: this.#answered_at_ms, dead_man_error: this.#error };
	}

	/** Resolves when nothing is under way. */
	async settled(): Promise< void > {
		await this.#under_way;
	}

	/** The path of such an address is a secret, so it stays out of what is told. */
	async #ping( url: string ): Promise< void > {
		const { rooms, clock, log, userAgent, signal } = this.#options;
		const origin = URL.parse( url )?.origin ?? 'of the address';
		const target = `GET ${ origin }`;
		const deadline = AbortSignal.timeout( DEADLINE_MS );
		try {
			const status = await rooms.ping( {
				url,
				headers: { 'user-agent': userAgent() },
				signal: AbortSignal.any( [ signal, deadline ] ),
			} );
			this.#error = status >= 200 && status < 300 ? null : `${ target } answered ${ status }.`;
		} catch ( thrown ) {
			if ( signal.aborted ) {
				return;
			}
			const reason = deadline.aborted
				? `no answer within ${ DEADLINE_MS / 1000 } s`
				: messageOf( thrown ).replaceAll( url, origin ).slice( 0, 300 );
			this.#error = `${ target } failed: ${ reason }`.toWellFormed();
		}
		if ( this.#error === null ) {
			this.#answered_at_ms = clock.now();
		} else {
			log( 'warn', 'dead_man_failed', { message: this.#error } );
		}
	}
}
