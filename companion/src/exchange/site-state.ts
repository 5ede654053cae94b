import type { StoreGeneration } from '../contract/exchange.ts';
import type { Transport } from '../contract/vocabulary.ts';
import type { Json, KvStore } from '../store/kv-store.ts';
import type { Clock } from './ports.ts';

/** How far the labelling of a site is. */
export type Cursor = { data_version: number; after: number };

/** What the companion knows of a list of a site. `sha256` is the newest content; null when there is none. `may_shrink` says
 *  that the last look would have taken a version that lost more than a fifth. */
export type ListState = { url: string; checked_at_ms: number; is_ok: boolean; sha256: string | null; may_shrink: boolean };

/** What must outlive the process, of one site. Losing it costs repetition, never data. */
export type SiteState = {
	transport: () => Transport | null;
	rememberTransport: ( transport: Transport ) => void;
	/** Clock of WordPress minus ours in ms, for signing; measured_at_ms null when it never had to be measured. */
	clock: () => { offset_ms: number; measured_at_ms: number | null };
	setClock: ( offset_ms: number ) => void;
	/** Clock of WordPress minus ours in ms as the newest signed answer told it, for slots until the next one. */
	timeOffset: () => number;
	setTimeOffset: ( offset_ms: number ) => void;
	generation: () => StoreGeneration | null;
	setGeneration: ( generation: StoreGeneration ) => void;
	/** Location of a companion that stands by; 0 for the judge. */
	standbyLocation: () => number;
	setStandbyLocation: ( location_id: number ) => void;
	cursor: () => Cursor;
	setCursor: ( cursor: Cursor ) => void;
	list: ( list_uid: string ) => ListState | null;
	setList: ( list_uid: string, state: ListState ) => void;
	/** Notes on jobs and refused content, gone after a day. */
	note: ( name: string ) => Json;
	setNote: ( name: string, value: Json, life_ms?: number ) => void;
	/** Notes whose names begin with `prefix`, by name. */
	notes: ( prefix: string ) => { name: string; value: Json }[];
	forgetNote: ( name: string ) => void;
	/** Forgets cursors and notes, as after a restored backup. Lists and clock stay. */
	forgetProgress: () => void;
	/** Counters that only grow: rows that no way led to WordPress, answers that were none. */
	counters: () => { [ name: string ]: number };
	raise: ( counter: string, by: number ) => void;
};

const DAY_MS = 24 * 3_600_000;

export function siteState( kv: KvStore, clock: Clock, site_id: string ): SiteState {
	const name = ( suffix: string ) => `site/${ site_id }/${ suffix }`;
	const get = ( suffix: string ) => kv.get( name( suffix ), clock.now() );
	const set = ( suffix: string, value: Json, life_ms: number | null = null ) =>
		kv.set( name( suffix ), value, life_ms === null ? null : clock.now() + life_ms, clock.now() );
	const counterOf = ( counter: string ) => numberOf( get( `counter/${ counter }` ) );
	return {
		transport: () => transportOf( get( 'transport' ) ),
		rememberTransport: ( transport ) => set( 'transport', transport ),
		clock() {
			const stored = fieldsOf( get( 'clock' ) );
			return stored === null
				? { offset_ms: 0, measured_at_ms: null }
				: { offset_ms: numberOf( stored.offset_ms ), measured_at_ms: numberOf( stored.measured_at_ms ) };
		},
		setClock: ( offset_ms ) => set( 'clock', { offset_ms, measured_at_ms: clock.now() } ),
		timeOffset: () => numberOf( get( 'time_offset_ms' ) ),
		setTimeOffset: ( offset_ms ) => set( 'time_offset_ms', offset_ms ),
		generation() {
			const stored = fieldsOf( get( 'generation' ) );
			return stored === null ? null : { id: String( stored.id ), counter: numberOf( stored.counter ) };
		},
		setGeneration: ( { id, counter } ) => set( 'generation', { id, counter } ),
		standbyLocation: () => numberOf( get( 'standby_location' ) ),
		setStandbyLocation: ( location_id ) => set( 'standby_location', location_id ),
		cursor() {
			const stored = fieldsOf( get( 'cursor' ) );
			return { data_version: numberOf( stored?.data_version ), after: numberOf( stored?.after ) };
		},
		setCursor: ( { data_version, after } ) => set( 'cursor', { data_version, after } ),
		list: ( list_uid ) => listStateOf( get( `list/${ list_uid }` ) ),
		setList: ( list_uid, state ) => set( `list/${ list_uid }`, state ),
		note: ( suffix ) => get( `note/${ suffix }` ),
		setNote: ( suffix, value, life_ms = DAY_MS ) => set( `note/${ suffix }`, value, life_ms ),
		notes: ( prefix ) =>
			kv
				.list( name( `note/${ prefix }` ), clock.now() )
				.map( ( row ) => ( { name: row.name.slice( name( 'note/' ).length ), value: row.value } ) ),
		forgetNote: ( suffix ) => kv.delete( name( `note/${ suffix }` ) ),
		forgetProgress() {
			kv.delete( name( 'cursor' ) );
			for ( const note of kv.list( name( 'note/' ), clock.now() ) ) {
				kv.delete( note.name );
			}
		},
		counters: () =>
			Object.fromEntries(
				kv
					.list( name( 'counter/' ), clock.now() )
					.map( ( row ) => [ row.name.slice( name( 'counter/' ).length ), numberOf( row.value ) ] )
			),
		raise: ( counter, by ) => set( `counter/${ counter }`, counterOf( counter ) + by ),
	};
}

function numberOf( value: Json | undefined ): number {
	return typeof value === 'number' ? value : 0;
}

function fieldsOf( value: Json ): { [ name: string ]: Json } | null {
	return typeof value === 'object' && value !== null && ! Array.isArray( value ) ? value : null;
}

function transportOf( value: Json ): Transport | null {
	return value === 'rest' || value === 'rest_route' || value === 'admin_ajax' ? value : null;
}

function listStateOf( value: Json ): ListState | null {
	const stored = fieldsOf( value );
	return stored === null
		? null
		: {
				url: String( stored.url ),
				checked_at_ms: numberOf( stored.checked_at_ms ),
				is_ok: stored.is_ok === true,
				sha256: typeof stored.sha256 === 'string' ? stored.sha256 : null,
				may_shrink: stored.may_shrink === true,
			};
}
