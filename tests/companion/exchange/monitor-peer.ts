import type { Batch, Exchange, ExchangePayload } from '../../../companion/src/contract/exchange.ts';
import type { Beat, Incident, MonitorWork, Reading, StateChange, Vitals } from '../../../companion/src/contract/monitor.ts';

const raise = ( counts: Map< string, number >, key: string ): void => void counts.set( key, ( counts.get( key ) ?? 0 ) + 1 );

/** What the peer keeps of monitoring. Each map of counts says how often a row came in batches that were stored. */
export class MonitorPeer {
	judge_epoch = 1;
	standby_location_id: number | null = null;
	/** By monitor_uid and slot_ms. */
	readonly checks = new Map< string, Map< number, { row: string; times: number } > >();
	/** `monitor_uid epoch seq`. */
	readonly changes = new Map< string, number >();
	readonly change_rows: StateChange[] = [];
	readonly readings = new Map< string, Reading >();
	readonly incidents = new Map< string, Incident >();
	/** Checks, changes and jobs in the order in which they came. */
	readonly order: string[] = [];
	vitals: Vitals | null = null;
	monitors: MonitorWork[] = [];
	page_size = 500;
	beats: Beat[] = [];
	dead_man_url = '';

	isStale( batch: Batch ): boolean {
		return [ ...batch.state_changes, ...batch.incidents ].some( ( row ) => row.judge_epoch < this.judge_epoch );
	}

	/** How often each check came, by `monitor_uid slot_ms`. */
	get checkTimes(): Map< string, number > {
		return new Map(
			[ ...this.checks ].flatMap( ( [ uid, slots ] ) =>
				[ ...slots ].map( ( [ slot_ms, { times } ] ) => [ `${ uid } ${ slot_ms }`, times ] as const )
			)
		);
	}

	store( batch: Batch ): void {
		for ( const change of batch.state_changes ) {
			raise( this.changes, `${ change.monitor_uid } ${ change.judge_epoch } ${ change.seq }` );
			this.change_rows.push( change );
			this.order.push( 'change' );
		}
		for ( const { monitor_uid, rows } of batch.checks ) {
			const slots = this.checks.get( monitor_uid ) ?? new Map< number, { row: string; times: number } >();
			this.checks.set( monitor_uid, slots );
			for ( const row of rows ) {
				const slot_ms = Number.parseInt( row, 10 );
				slots.set( slot_ms, { row, times: ( slots.get( slot_ms )?.times ?? 0 ) + 1 } );
			}
			this.order.push( 'checks' );
		}
		for ( const row of batch.readings ) {
			if ( ( this.readings.get( row.monitor_uid )?.slot_ms ?? 0 ) < row.slot_ms ) {
				this.readings.set( row.monitor_uid, row );
			}
		}
		for ( const row of batch.incidents ) {
			if ( ( this.incidents.get( row.incident_uid )?.judged_at_ms ?? 0 ) < row.judged_at_ms ) {
				this.incidents.set( row.incident_uid, row );
			}
		}
		batch.jobs.forEach( ( job ) => this.order.push( `job ${ job.state }` ) );
	}

	work( cursors: Exchange[ 'cursors' ] ): Pick< ExchangePayload[ 'work' ], 'monitors' | 'beats' | 'dead_man_url' > {
		const waiting = this.monitors
			.filter( ( { revision } ) => revision > cursors.monitors_revision )
			.toSorted( ( one, other ) => one.revision - other.revision );
		const rows = waiting.slice( 0, this.page_size );
		return {
			monitors: {
				after: cursors.monitors_revision,
				revision: rows.at( -1 )?.revision ?? cursors.monitors_revision,
				has_more: waiting.length > rows.length,
				rows,
			},
			beats: this.beats.filter( ( { beat_at_ms } ) => beat_at_ms > cursors.beats_after_ms ).slice( 0, 500 ),
			dead_man_url: this.dead_man_url,
		};
	}
}

/** A monitor with valid defaults. */
export function makeWork( over: Partial< MonitorWork > = {} ): MonitorWork {
	return {
		monitor_uid: '1'.repeat( 32 ),
		revision: 1,
		active: true,
		deleted: false,
		type: 'http',
		url: 'https://a.example/',
		name: '',
		interval_seconds: 60,
		is_polite: false,
		options: { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 0 },
		created_at_ms: 1_700_000_000_000,
		known_until_ms: null,
		last_beat_at_ms: null,
		...over,
	};
}

export const uidFor = ( number: number ): string => number.toString( 16 ).padStart( 32, '0' );

/** Slots of the tests begin here, ten seconds apart. */
export const SLOT_MS = 1_750_000_000_000;
export const slotFor = ( number: number ): number => SLOT_MS + number * 10_000;

export const rowFor = ( slot_ms: number ): string => `${ slot_ms },1,1,200,1,12,34,56,7,110,1,0`;

export function makeChange( over: Partial< StateChange > = {} ): StateChange {
	return {
		monitor_uid: uidFor( 1 ),
		judge_epoch: 1,
		seq: 1,
		changed_at_ms: SLOT_MS,
		kind: 'confirmed',
		state: 'down',
		error_code: 'http_status',
		message: 'GET https://a.example/ answered 503 after 12 ms.',
		...over,
	};
}

export function makeReading( over: Partial< Reading > = {} ): Reading {
	return {
		monitor_uid: uidFor( 1 ),
		slot_ms: SLOT_MS,
		state: 'up',
		error_code: 'ok',
		error_message: '',
		status_code: 200,
		response_time_ms: 110,
		is_confirming: false,
		mail_state: null,
		...over,
	};
}

export function makeIncident( over: Partial< Incident > = {} ): Incident {
	return {
		incident_uid: uidFor( 9001 ),
		monitor_uid: uidFor( 1 ),
		judge_epoch: 1,
		opened_at_ms: SLOT_MS,
		error_code: 'http_status',
		message: 'GET https://a.example/ answered 503 after 12 ms.',
		resolved_at_ms: null,
		resolved_by: null,
		group_uid: null,
		is_flapping: false,
		judged_at_ms: SLOT_MS,
		...over,
	};
}

/** One slot of one monitor. */
export function makeOutcome( monitor: number, slot: number, over: Partial< OutcomeRow > = {} ): OutcomeRow {
	const monitor_uid = uidFor( monitor );
	return {
		monitor_uid,
		rows: [ rowFor( slotFor( slot ) ) ],
		reading: makeReading( { monitor_uid, slot_ms: slotFor( slot ) } ),
		changes: [],
		incidents: [],
		progress: JSON.stringify( { slot } ),
		last_slot_ms: slotFor( slot ),
		...over,
	};
}

export type OutcomeRow = {
	monitor_uid: string;
	rows: readonly string[];
	reading: Reading | null;
	changes: readonly StateChange[];
	incidents: readonly Incident[];
	progress: string;
	last_slot_ms: number;
};
