import type { Incident, MonitorWork, Reading, StateChange } from '../../../companion/src/contract/monitor.ts';
import type { CheckCode, MonitorState } from '../../../companion/src/contract/vocabulary.ts';
import { Engine } from '../../../companion/src/monitor/engine.ts';
import { OwnNetwork } from '../../../companion/src/monitor/own-network.ts';
import type { CheckMonitorOptions, EngineClock, MonitorResult, MonitorStore, SlotOutcome } from '../../../companion/src/monitor/ports.ts';
import type { SiteMonitoring } from '../../../companion/src/monitor/site-monitoring.ts';
import type { SlotLimits } from '../../../companion/src/monitor/slots.ts';
import { NOTHING_MEASURED } from '../../../companion/src/monitor/run-check.ts';

export const WALL = Date.UTC( 2026, 9, 24, 23, 59, 30 );
export const SITE = 'site';

export function work( number: number, over: Partial< MonitorWork > = {} ): MonitorWork {
	return {
		monitor_uid: `m${ number }`,
		revision: number + 1,
		active: true,
		deleted: false,
		type: 'http',
		url: `https://d${ number }.example/`,
		name: '',
		interval_seconds: 60,
		is_polite: false,
		options: { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 0 },
		created_at_ms: WALL,
		known_until_ms: null,
		last_beat_at_ms: null,
		...over,
	};
}

/** A clock that a test moves; timers fire in their order, and what they begin has time to go on. */
export class SimulatedClock implements EngineClock {
	mono_ms = 1000;
	wall_off_ms = WALL - 1000;
	#timers: { at_ms: number; call: () => void }[] = [];

	mono = (): number => this.mono_ms;
	wall = (): number => Math.floor( this.mono_ms + this.wall_off_ms );
	asleep = (): number => 0;
	after = ( ms: number, call: () => void ): ( () => void ) => {
		const timer = { at_ms: this.mono_ms + ms, call };
		this.#timers.push( timer );
		return () => ( this.#timers = this.#timers.filter( ( other ) => other !== timer ) );
	};

	async run( for_ms: number ): Promise< void > {
		const end_ms = this.mono_ms + for_ms;
		await settled();
		for (;;) {
			const [ first ] = this.#timers.toSorted( ( a, b ) => a.at_ms - b.at_ms );
			if ( first === undefined || first.at_ms > end_ms ) {
				break;
			}
			this.#timers = this.#timers.filter( ( other ) => other !== first );
			this.mono_ms = Math.max( this.mono_ms, first.at_ms );
			first.call();
			await settled();
		}
		this.mono_ms = Math.max( this.mono_ms, end_ms );
	}

	/** Time passes, and nothing runs. */
	stop( for_ms: number ): void {
		this.mono_ms += for_ms;
	}

	/** As when the process is killed. */
	forgetTimers(): void {
		this.#timers = [];
	}
}

const settled = (): Promise< void > => new Promise( ( resolve ) => setImmediate( resolve ) );

/** A store in memory that keeps all that was ever committed. */
export class MemoryStore implements MonitorStore {
	works: MonitorWork[] = [];
	readonly progress = new Map< string, string >();
	readonly outcomes: SlotOutcome[] = [];
	activeMonitors = (): MonitorWork[] => this.works.filter( ( { active } ) => active );
	progressOf = ( monitor_uid: string ): string | null => this.progress.get( monitor_uid ) ?? null;
	lastLineMs = (): number => Math.max( 0, ...this.outcomes.map( ( { last_slot_ms } ) => last_slot_ms ) );
	commit = ( outcomes: readonly SlotOutcome[] ): void => {
		this.outcomes.push( ...outcomes );
		outcomes.forEach( ( { monitor_uid, progress } ) => this.progress.set( monitor_uid, progress ) );
	};

	trustTime = (): void => undefined;
	shift: MonitorStore[ 'shift' ] = () => {
		throw new Error( 'A store in memory moves nothing; tests of that take a real one.' );
	};

	/** Rows of a monitor in the order in which they were committed. */
	rows( monitor_uid: string ): string[] {
		return this.outcomes.filter( ( one ) => one.monitor_uid === monitor_uid ).flatMap( ( { rows } ) => rows );
	}

	slots( monitor_uid: string ): number[] {
		return this.rows( monitor_uid ).map( ( row ) => Number.parseInt( row, 10 ) );
	}

	get changes(): StateChange[] {
		return this.outcomes.flatMap( ( { changes } ) => changes );
	}

	/** Incidents as their newest rows say. */
	get incidents(): Incident[] {
		return [
			...new Map( this.outcomes.flatMap( ( { incidents } ) => incidents ).map( ( row ) => [ row.incident_uid, row ] ) ).values(),
		];
	}

	readings( monitor_uid: string ): Reading[] {
		return this.outcomes.filter( ( one ) => one.monitor_uid === monitor_uid ).flatMap( ( { reading } ) => reading ?? [] );
	}
}

/** What a target answers; `lasts_ms` is cut at the deadline, before which nothing was heard of one that is up. Null never ends. */
export type Answer = { state?: MonitorState; error_code?: CheckCode; lasts_ms?: number | null };
export type Asked = { monitor_uid: string; at_ms: number; options: CheckMonitorOptions };

export type SimulatedOptions = {
	answer?: ( work: MonitorWork, at_ms: number, tries: number ) => Answer;
	anchors?: string[];
	is_anchor_up?: () => boolean;
	isInternal?: ( work: MonitorWork ) => boolean;
	store?: MemoryStore;
	clock?: SimulatedClock;
	limits?: SlotLimits;
	judge_epoch?: number;
};

/** An engine on simulated time, with one site. */
export class SimulatedEngine {
	readonly clock: SimulatedClock;
	readonly store: MemoryStore;
	readonly engine: Engine;
	readonly site: SiteMonitoring;
	readonly asked: Asked[] = [];
	readonly events: string[] = [];
	urgent = 0;
	anchors_asked = 0;
	running = 0;
	most_running = 0;

	constructor( works: MonitorWork[], options: SimulatedOptions = {} ) {
		const { answer = () => ( {} ), anchors = [], limits } = options;
		this.clock = options.clock ?? new SimulatedClock();
		this.store = options.store ?? new MemoryStore();
		this.store.works = works;
		const log = ( _level: string, event: string ): void => void this.events.push( event );
		const ask = async (): Promise< boolean > => {
			this.anchors_asked++;
			return options.is_anchor_up?.() ?? true;
		};
		this.engine = new Engine(
			{
				clock: this.clock,
				log,
				check: ( one, how ) => this.#check( one, how, answer ),
				network: new OwnNetwork( { anchors, ask, clock: this.clock, log } ),
				domainOf: ( { url } ) => new URL( url ).hostname,
				isInternal: async ( one ) => options.isInternal?.( one ) ?? false,
				...( limits && { limits } ),
			},
			[ { site_id: SITE, store: this.store, judge_epoch: options.judge_epoch ?? 1, contact_url: '' } ]
		);
		this.site = this.engine.site( SITE );
		this.site.onUrgent( () => this.urgent++ );
		this.engine.start();
	}

	/** The process is killed; another one goes on with what is stored. */
	killed( options: Omit< SimulatedOptions, 'store' | 'clock' > ): SimulatedEngine {
		this.clock.forgetTimers();
		return new SimulatedEngine( this.store.works, { ...options, store: this.store, clock: this.clock } );
	}

	/** A new version of a monitor. */
	set( ...works: MonitorWork[] ): void {
		this.store.works = [
			...this.store.works.filter( ( old ) => ! works.some( ( one ) => one.monitor_uid === old.monitor_uid ) ),
			...works,
		];
		this.site.changed();
	}

	#check(
		one: MonitorWork,
		options: CheckMonitorOptions,
		answer: NonNullable< SimulatedOptions[ 'answer' ] >
	): Promise< MonitorResult > {
		const { clock } = this;
		const tries = this.asked.filter( ( other ) => other.monitor_uid === one.monitor_uid ).length;
		this.asked.push( { monitor_uid: one.monitor_uid, at_ms: clock.mono(), options } );
		this.running++;
		this.most_running = Math.max( this.most_running, this.running );
		const told = answer( one, clock.mono(), tries );
		const is_cut = ( told.state ?? 'up' ) === 'up' && ( told.lasts_ms ?? 0 ) > options.deadline_mono_ms - clock.mono();
		const {
			state = 'up',
			error_code = state === 'down' ? 'connect_refused' : 'ok',
			lasts_ms = 20,
		}: Answer = is_cut ? { ...told, state: 'down', error_code: 'header_timeout' } : told;
		const result = {
			state,
			error_code,
			error_message: state === 'up' ? '' : `GET ${ one.url } failed: ${ error_code }.`,
			status_code: state === 'up' ? 200 : null,
			phases: { ...NOTHING_MEASURED, total_ms: lasts_ms ?? 0 },
			warnings: [],
			assertions: [],
			mail_state: null,
		} satisfies MonitorResult;
		return new Promise( ( resolve, reject ) => {
			const end = ( then: () => void ) => () => {
				this.running--;
				then();
			};
			options.signal.addEventListener(
				'abort',
				end( () => reject( options.signal.reason ) )
			);
			if ( lasts_ms !== null ) {
				clock.after( Math.min( lasts_ms, options.deadline_mono_ms - clock.mono() ), () => {
					if ( ! options.signal.aborted ) {
						end( () => resolve( result ) )();
					}
				} );
			}
		} );
	}
}

/** Numbers of the fields of a row. */
export const rowField = { state: 1, error_code: 2, attempts: 10 } as const;
export const field = ( row: string, name: keyof typeof rowField ): number => Number( row.split( ',' )[ rowField[ name ] ] );
