import type { ErrorCode } from '../contract/error-codes.ts';
import { SAME_TIME_MS, type Batch, type ExchangePayload } from '../contract/exchange.ts';
import type { Vitals } from '../contract/monitor.ts';
import { CONTRACT_VERSION, type Transport } from '../contract/vocabulary.ts';
import { messageOf, RollcallError } from '../errors.ts';
import { isCorruption, isDiskFull, type Database } from '../store/database.ts';
import { kvStore } from '../store/kv-store.ts';
import { exchangeOnce, type Signer } from './call.ts';
import type { MonitorStore } from '../store/monitor-store.ts';
import { carryOut, confirmRotation } from './commands.ts';
import { enqueue, settle, strike, type DeliveryContext } from './delivery.ts';
import { rotated, type Keyring, type PairedSite } from './keyring.ts';
import { MonitoringWork } from './monitoring.ts';
import { backoffMs, fieldsOf, jittered, lengthened, nextCallMs, nextStep, QUIET_MS, whenAllAreBlocked, type Outcome } from './next-step.ts';
import { Pause } from './pause.ts';
import type { Clock, Log, Network, Random } from './ports.ts';
import type { Monitoring, Rooms } from './rooms.ts';
import { siteState, type SiteState } from './site-state.ts';
import { spool, type Head, type Spool } from './spool.ts';
import { DEADLINE_MS, TRANSPORT_ORDER } from './transport.ts';
import { isEmpty, worker, type Worker } from './work.ts';

export type ExchangeOptions = {
	site_id: string;
	keyring: Keyring;
	database: Database;
	network: Network;
	clock: Clock;
	log: Log;
	random: Random;
	rooms: Rooms;
	/** The store of this site's monitors; the same one that the engine writes. */
	monitors: MonitorStore;
	monitoring: Monitoring;
	companion_version: string;
	companion_url: string | null;
	signal: AbortSignal;
	deadline_ms?: number;
};

export type ExchangeFigures = {
	vitals: Vitals;
	failures: readonly { error_code: string; count: number }[];
	/** The last exchange that WordPress signed for; null when there was none since the start. */
	exchanged_at_ms: number | null;
};

/** Least time between two exchanges that only a decision asks for. */
const URGENT_MS = 1000;

/** The exchange with one site: sends what waits, does what WordPress asks for, and never drops a row that WordPress
 *  has not signed for, except a single one that the site refuses for good. */
export class ExchangeLoop {
	#options: ExchangeOptions;
	#state: SiteState;
	#batches: Spool;
	#pause: Pause;
	#worker: Worker;
	#monitoring: MonitoringWork;
	#is_quiet = false;
	/** The last turn came through, so that a decision may end the wait. */
	#is_open = false;
	#is_urged = false;
	/** Something came up since this turn began. */
	#is_nudged = false;
	/** The time of WordPress was not known before: what waited for it may go. */
	#has_time_now = false;
	#began_at_ms = 0;
	#failures = 0;
	#exchanged_at_ms: number | null = null;
	#last_outcome: string | null = null;
	#told: ErrorCode | null = null;

	constructor( options: ExchangeOptions ) {
		const { database, clock, site_id } = options;
		this.#options = options;
		this.#state = siteState( kvStore( database ), clock, site_id );
		this.#batches = spool( database, site_id );
		this.#pause = new Pause( clock );
		const shared = {
			...options,
			state: this.#state,
			batches: this.#batches,
			userAgent: () => `Rollcall/${ options.companion_version } (+${ this.#site.site_url })`,
			wake: () => this.#nudge(),
		};
		this.#monitoring = new MonitoringWork( shared );
		this.#worker = worker( { ...shared, checks: this.#monitoring } );
		this.#monitoring.onUrgent( () => this.#urge() );
	}

	/** Exchanges until the signal is aborted; then resolves once nothing is under way. */
	async run(): Promise< void > {
		const { signal } = this.#options;
		this.#initStore();
		this.#monitoring.start();
		while ( ! signal.aborted ) {
			this.#began_at_ms = this.#options.clock.now();
			this.#is_nudged = false;
			const wait_ms = await this.#turn();
			if ( this.#is_open && this.#is_nudged ) {
				this.#pause.end();
			}
			await this.#pause.wait( wait_ms, signal );
			await this.#keepDistance();
		}
		await this.#worker.lists.settled();
		await this.#worker.jobs.settled();
		await this.#monitoring.settled();
	}

	/** Calls at once instead of waiting on. */
	wake(): void {
		this.#is_quiet = false;
		this.#pause.end();
	}

	/** The plugin said goodbye: asks again in 15 minutes, or when it is woken. */
	silence(): void {
		this.#is_quiet = true;
		this.#pause.end();
	}

	/** For programs that look on. Failures are counted by their reason since the store was made. */
	figures(): ExchangeFigures {
		const { dead_letters: _, ...failures } = this.#state.counters();
		return {
			vitals: this.#monitoring.vitals(),
			failures: Object.entries( failures ).map( ( [ error_code, count ] ) => ( { error_code, count } ) ),
			exchanged_at_ms: this.#exchanged_at_ms,
		};
	}

	/** A decision does not wait. */
	#urge(): void {
		this.#is_urged = true;
		this.#nudge();
	}

	/** Something is to be sent: calls at once, unless the site itself asked for quiet or does not answer. */
	#nudge(): void {
		this.#is_nudged = true;
		if ( this.#is_open ) {
			this.#pause.end();
		}
	}

	/** A storm of decisions is no reason to call without a pause. */
	async #keepDistance(): Promise< void > {
		const { clock, signal } = this.#options;
		const left_ms = this.#began_at_ms + URGENT_MS - clock.now();
		const is_hasty = this.#is_open && this.#is_urged && left_ms > 0;
		this.#is_open = false;
		if ( is_hasty ) {
			await clock.sleep( Math.min( left_ms, URGENT_MS ), signal );
		}
		this.#is_urged = false;
	}

	get #site(): PairedSite {
		const { keyring, site_id } = this.#options;
		const site = keyring.bySiteId( site_id );
		if ( site === null ) {
			throw new RollcallError( 'not_paired', 'The pairing is gone.' );
		}
		return site;
	}

	get #delivery(): DeliveryContext {
		const { database, log } = this.#options;
		return { database, log, batches: this.#batches, state: this.#state, lists: this.#worker.lists, monitoring: this.#monitoring };
	}

	#initStore(): void {
		kvStore( this.#options.database ).init();
		this.#batches.init();
	}

	/** One turn, and how long to wait after it. A fault of our own must not end the loop: a damaged store is
	 *  begun anew, and anything else is tried again. */
	async #turn(): Promise< number > {
		const { clock, database, log, random, signal } = this.#options;
		this.#is_open = false;
		if ( this.#is_quiet ) {
			this.#is_quiet = false;
			return QUIET_MS;
		}
		try {
			return await this.#cycle();
		} catch ( thrown ) {
			if ( signal.aborted ) {
				return 0;
			}
			log( 'error', 'exchange_failed', { error_code: 'internal', message: messageOf( thrown ) } );
			if ( isCorruption( thrown ) ) {
				log( 'error', 'store_damaged', { kept_as: database.quarantine( clock.now() ) } );
				this.#initStore();
			}
			if ( isDiskFull( thrown ) ) {
				// What was answered is answered again, to the same batch.
				database.freeRoom();
			}
			return lengthened( backoffMs( this.#failures++ ), random );
		}
	}

	async #cycle(): Promise< number > {
		this.#monitoring.seal();
		const head = this.#batches.head();
		const transport = this.#state.transport() ?? this.#site.transport;
		const outcome = await this.#ask( head?.batch ?? null, transport );
		const outcome_name = outcome.kind === 'refused' ? outcome.error_code : outcome.kind;
		const step = nextStep( outcome, {
			has_batch: head !== null,
			failures: this.#failures,
			is_repeated: this.#last_outcome === outcome_name,
			has_other_keys: this.#site.rotation !== null,
		} );
		this.#last_outcome = outcome_name;
		switch ( step.action ) {
			case 'work':
				return this.#takeIn( step.payload, head, transport );
			case 'set_offset':
				this.#state.setClock( step.offset_ms );
				this.#options.log( 'warn', 'clock_skew', { seconds: Math.round( step.offset_ms / 1000 ) } );
				return 0;
			case 'renew':
				this.#batches.renew();
				return 0;
			case 'split':
				return this.#strike( head, 'too_large' );
			case 'probe':
				return this.#probe( outcome, step.is_about_batch ? head : null, head !== null, transport );
			case 'other_keys':
				return this.#tryOtherKeys( outcome, head, transport );
			case 'catch_up':
				return this.#catchUp( outcome, transport );
			case 'wait':
				return this.#waiting( step.wait_ms, step.error_code, outcome );
		}
	}

	async #ask( batch: Batch | null, transport: Transport, signer: Signer = this.#site ): Promise< Outcome > {
		const { clock, deadline_ms = DEADLINE_MS } = this.#options;
		const asked_at_ms = clock.now();
		const outcome = await exchangeOnce( {
			...this.#options,
			site: this.#site,
			signer,
			transport,
			state: this.#state,
			batch,
			said: this.#monitoring.said(),
			deadline_ms,
		} );
		const now_ms = clock.now();
		// The clock may have jumped meanwhile.
		const uncertain_ms = Math.min( Math.max( 0, now_ms - asked_at_ms ), deadline_ms ) / 2;
		if ( outcome.kind === 'clock' ) {
			this.#hearTime( now_ms + outcome.offset_ms, now_ms, uncertain_ms );
		} else if ( outcome.kind === 'accepted' ) {
			this.#hearTime( outcome.payload.work.heard_until_ms + uncertain_ms, now_ms, uncertain_ms );
		}
		return outcome;
	}

	/** What WordPress says of its time holds for the next start too, when it may not be there to ask. */
	#hearTime( site_now_ms: number, now_ms: number, uncertain_ms: number ): void {
		const { monitoring } = this.#options;
		this.#has_time_now ||= ! monitoring.knowsTime();
		monitoring.heardTime( site_now_ms, uncertain_ms );
		const offset_ms = Math.round( site_now_ms - now_ms );
		if ( Math.abs( offset_ms - this.#state.timeOffset() ) > SAME_TIME_MS + uncertain_ms ) {
			this.#state.setTimeOffset( offset_ms );
		}
	}

	/** Takes an accepted exchange in: the batch leaves, commands and work are done, the next rows wait. */
	async #takeIn( payload: ExchangePayload, head: Head | null, transport: Transport ): Promise< number > {
		const { keyring, log, random } = this.#options;
		if ( payload.contract_version < CONTRACT_VERSION - 1 ) {
			return this.#waiting( QUIET_MS, 'contract_unsupported', { kind: 'accepted', payload } );
		}
		if ( this.#told !== null ) {
			log( 'info', 'exchange_goes_on', { after_failures: this.#failures } );
		}
		this.#failures = 0;
		this.#exchanged_at_ms = this.#options.clock.now();
		this.#last_outcome = null;
		this.#told = null;
		this.#remember( transport );
		confirmRotation( this.#site, keyring );
		settle( payload, head, this.#delivery );
		const { lists, jobs } = this.#worker;
		const context = { keyring, state: this.#state, lists, jobs, monitoring: this.#monitoring, log };
		const is_awaited = payload.commands.map( ( command ) => carryOut( command, { ...context, site: this.#site } ) ).includes( true );
		const is_paged = this.#monitoring.takeIn( payload, head?.batch ?? null );
		const has_rows = this.#batches.head() === null && ( await this.#doWork( payload ) );
		const has_waited = this.#has_time_now && this.#monitoring.vitals().unsent_count > 0;
		this.#has_time_now = false;
		const has_more = is_awaited || has_waited || this.#batches.head() !== null || is_paged || this.#monitoring.hasFullBatch();
		const wait_ms = nextCallMs( payload.next_after_seconds, has_more, has_rows || head !== null );
		this.#is_open = true;
		return jittered( this.#monitoring.isUrgent() ? Math.min( wait_ms, URGENT_MS ) : wait_ms, random );
	}

	async #doWork( payload: ExchangePayload ): Promise< boolean > {
		const { rows, cursor } = await this.#worker.workOf( payload );
		enqueue( rows, cursor, this.#delivery );
		return ! isEmpty( rows );
	}

	#remember( transport: Transport ): void {
		if ( this.#state.transport() !== transport ) {
			this.#state.rememberTransport( transport );
			this.#options.log( 'info', 'transport_used', { transport } );
		}
	}

	/** Asks with an empty exchange, by every transport: is it the batch, the way, or the site?
	 *  `suspect` is the batch when it may be what is refused. */
	async #probe( outcome: Outcome, suspect: Head | null, has_batch: boolean, used: Transport ): Promise< number > {
		const others = TRANSPORT_ORDER.filter( ( transport ) => transport !== used );
		for ( const transport of has_batch ? [ used, ...others ] : others ) {
			const found = await this.#ask( null, transport );
			if ( found.kind !== 'accepted' ) {
				continue;
			}
			if ( ! has_batch ) {
				return this.#takeIn( found.payload, null, transport );
			}
			if ( transport === used ) {
				return suspect === null
					? this.#waiting( backoffMs( this.#failures ), 'answer_invalid', outcome )
					: this.#strike( suspect, 'refused' );
			}
			this.#remember( transport );
			return 0;
		}
		const { wait_ms, error_code } = whenAllAreBlocked( outcome, this.#failures );
		return this.#waiting( wait_ms, error_code, outcome );
	}

	/** A rotation of which we did not hear the end: WordPress may know the new keys only. */
	async #tryOtherKeys( outcome: Outcome, head: Head | null, transport: Transport ): Promise< number > {
		const next = rotated( this.#site );
		const found = await this.#ask( head?.batch ?? null, transport, next );
		if ( found.kind !== 'accepted' ) {
			return this.#waiting( this.#failures < 2 ? backoffMs( this.#failures ) : QUIET_MS, 'unauthorized', outcome );
		}
		this.#options.keyring.save( next );
		return this.#takeIn( found.payload, head, transport );
	}

	/** Another judge took over. Its epoch is in any signed answer; what we decided under the one before is void then. */
	async #catchUp( outcome: Outcome, transport: Transport ): Promise< number > {
		const before = this.#options.monitors.judgeEpoch();
		const found = await this.#ask( null, transport );
		if ( found.kind === 'accepted' && found.payload.judge_epoch > before ) {
			this.#monitoring.noteRefusal();
			return this.#takeIn( found.payload, null, transport );
		}
		return this.#waiting( backoffMs( this.#failures ), 'stale_lease', found.kind === 'accepted' ? outcome : found );
	}

	#strike( head: Head | null, reason: 'too_large' | 'refused' ): number {
		if ( head !== null ) {
			strike( head, reason, this.#delivery );
		}
		return 0;
	}

	/** Keeps everything, tells why when it is new, and waits. */
	#waiting( wait_ms: number, error_code: ErrorCode, outcome: Outcome ): number {
		const { log, random } = this.#options;
		this.#failures++;
		this.#state.raise( error_code, 1 );
		const level = this.#told === error_code ? 'debug' : 'warn';
		log( level, 'exchange_waits', { error_code, wait_ms, batches: this.#batches.count(), ...fieldsOf( outcome ) } );
		this.#told = error_code;
		return lengthened( wait_ms, random );
	}
}
