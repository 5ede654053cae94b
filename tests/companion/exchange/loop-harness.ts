import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CompanyRow } from '../../../companion/src/contract/company.ts';
import type { ListPage, Verdict } from '../../../companion/src/contract/exchange.ts';
import { ExchangeLoop, type ExchangeOptions } from '../../../companion/src/exchange/exchange.ts';
import { openKeyring, type Keyring } from '../../../companion/src/exchange/keyring.ts';
import { realNetwork } from '../../../companion/src/exchange/network.ts';
import { pairSite } from '../../../companion/src/exchange/pairing.ts';
import type { LogFields } from '../../../companion/src/exchange/ports.ts';
import type { Content, Monitoring, Rooms } from '../../../companion/src/exchange/rooms.ts';
import { siteState, type SiteState } from '../../../companion/src/exchange/site-state.ts';
import { spool, type Spool } from '../../../companion/src/exchange/spool.ts';
import { openDatabase, type Database } from '../../../companion/src/store/database.ts';
import { kvStore } from '../../../companion/src/store/kv-store.ts';
import { monitorStore, type MonitorStore } from '../../../companion/src/store/monitor-store.ts';
import { WordpressPeer, type SeenCall } from './wordpress-peer.ts';

export type LogLine = { level: string; event: string; fields: LogFields };

export type Harness = {
	peer: WordpressPeer;
	folder: string;
	keyring: Keyring;
	database: Database;
	state: SiteState;
	batches: Spool;
	log: LogLine[];
	/** What the loop waited for, in ms, in order. */
	waits: number[];
	/** Milliseconds that the companion's clock is ahead of the real one; waits raise it. */
	clock: { ahead_ms: number };
	rooms: Rooms;
	monitors: MonitorStore;
	monitoring: Monitoring;
	/** Runs a new loop until the condition holds, and stops it. Throws after 20 s. */
	runUntil: ( condition: () => boolean, over?: Partial< ExchangeOptions > ) => Promise< void >;
};

export function verdictOf( host: string ): Verdict {
	return {
		ascii_host: host,
		registrable: host,
		label: 'unmatched',
		rule: 'none',
		evidence: `nothing is known of ${ host }`,
		flags: [],
		typo_of: null,
		ambiguous: false,
		companies: [],
	};
}

export function makeCompany( source_id: string, over: Partial< CompanyRow > = {} ): CompanyRow {
	return {
		source: 'sample',
		source_id,
		name: `Company ${ source_id }`,
		former_names: [],
		slug: `company-${ source_id }`,
		status: 'active',
		batch: 'Winter 2009',
		batch_sort: 8036,
		team_size: null,
		industry: '',
		subindustry: '',
		regions: [],
		tags: [],
		one_liner: 'Makes things.',
		logo_url: null,
		website_raw: `https://c${ source_id }.example`,
		website_origin: `https://c${ source_id }.example`,
		launched_at_ms: null,
		raw_hash: '0'.repeat( 64 ),
		...over,
	};
}

/** A content of `page_count` pages with `per_page` companies each. */
export function makeContent( sha256: string, page_count = 2, per_page = 4, list_uid = 'yc' ): Content {
	const pages = Array.from( { length: page_count }, ( _, page ): ListPage => {
		const ids = Array.from( { length: per_page }, ( __, index ) => String( page * per_page + index + 1 ) );
		return {
			list_uid,
			sha256,
			source: 'sample',
			page: page + 1,
			page_count,
			row_count: page_count * per_page,
			source_updated_at_ms: null,
			fetched_at_ms: 1,
			changes: null,
			companies: ids.map( ( id ) => makeCompany( id ) ),
			domains: ids.map( ( source_id ) => ( { domain: `c${ source_id }.example`, source_id, kind: 'current' as const } ) ),
		};
	} );
	return { sha256, fetched_at_ms: 1, pages: () => pages };
}

/** Rooms that know the given contents, the newest one last, and label every host as unmatched. */
export function makeRooms( contents: Content[] = [ makeContent( 'a'.repeat( 64 ) ) ] ): Rooms {
	return {
		sourceOf: ( list ) => list.url,
		updateList: async ( list ) => ( {
			content: contents.at( -1 ) ?? null,
			status: { list_uid: list.list_uid, checked_at_ms: 1, error_code: null, error_message: null, rejected_count: 0, rejections: [] },
		} ),
		findContent: async ( _list, sha256 ) => contents.find( ( content ) => content.sha256 === sha256 ) ?? null,
		label: async ( { hosts, versions } ) =>
			versions.every( ( version ) => contents.some( ( content ) => content.sha256 === version ) ) ? hosts.map( verdictOf ) : null,
		whereSitesLead: async ( hosts ) => hosts.map( ( host ) => ( { host, final_host: host, error_code: null } ) ),
		post: async () => 204,
		ping: async () => 200,
		keepLists: async () => undefined,
	};
}

/** An engine that checks nothing. */
export function makeMonitoring( over: Partial< Monitoring > = {} ): Monitoring {
	return {
		changed: () => {},
		heard: () => {},
		heardTime: () => {},
		knowsTime: () => true,
		setContact: () => {},
		setEpoch: () => {},
		checkNow: () => {},
		jobProgress: () => null,
		forgetJob: () => {},
		restored: () => {},
		vitals: () => ( {
			started_at_ms: 1,
			monitor_count: 0,
			running_count: 0,
			waiting_count: 0,
			stalled_count: 0,
			offline_since_ms: null,
			clock_jumped_at_ms: null,
			suspended_at_ms: null,
			loop_lag_ms: 0,
		} ),
		onUrgent: () => {},
		...over,
	};
}

/** Waits take 5 ms, which is time enough for background work, and move the clock by what they were to last. */
function fakeClock( clock: { ahead_ms: number }, waits: number[] ): ExchangeOptions[ 'clock' ] {
	return {
		now: () => Date.now() + clock.ahead_ms,
		async sleep( ms, signal ) {
			waits.push( ms );
			await new Promise( ( resolve ) => setTimeout( resolve, 5 ) );
			if ( ! signal.aborted ) {
				clock.ahead_ms += ms;
			}
		},
	};
}

/** A paired companion in a folder of its own. */
export async function newHarness( context: TestContext ): Promise< Harness > {
	const peer = await new WordpressPeer().start();
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-loop-' ) );
	const database = openDatabase( folder, 0 );
	const keyring = openKeyring( folder );
	const network = realNetwork();
	context.after( async () => {
		await network.close();
		await peer.stop();
		database.close();
		rmSync( folder, { recursive: true } );
	} );
	const [ clock, waits, log ]: [ Harness[ 'clock' ], number[], LogLine[] ] = [ { ahead_ms: 0 }, [], [] ];
	const exchange_clock = fakeClock( clock, waits );
	const note: ExchangeOptions[ 'log' ] = ( level, event, fields = {} ) => void log.push( { level, event, fields } );
	const site = await pairSite( {
		site_url: peer.url,
		code: peer.code,
		companion_url: null,
		companion_version: '0.1.0',
		basic_auth: null,
		network,
		clock: exchange_clock,
		log: () => {},
		signal: new AbortController().signal,
	} );
	peer.calls.length = 0;
	keyring.save( site );
	peer.now = exchange_clock.now;
	kvStore( database ).init();
	const batches = spool( database, site.site_id );
	batches.init();
	const harness: Harness = {
		peer,
		folder,
		keyring,
		database,
		state: siteState( kvStore( database ), exchange_clock, site.site_id ),
		batches,
		log,
		waits,
		clock,
		rooms: makeRooms(),
		monitors: monitorStore( { database, site_id: site.site_id, now: exchange_clock.now } ),
		monitoring: makeMonitoring(),
		async runUntil( condition, over = {} ) {
			const stop = new AbortController();
			const loop = new ExchangeLoop( {
				site_id: site.site_id,
				keyring,
				database,
				network,
				clock: exchange_clock,
				log: note,
				random: () => 0.5,
				rooms: harness.rooms,
				monitors: harness.monitors,
				monitoring: harness.monitoring,
				companion_version: '0.1.0',
				companion_url: null,
				signal: stop.signal,
				deadline_ms: 1000,
				...over,
			} );
			const ended = loop.run();
			const since_ms = Date.now();
			while ( ! condition() && Date.now() - since_ms < 20_000 ) {
				await new Promise( ( resolve ) => setTimeout( resolve, 1 ) );
			}
			const has_held = condition();
			stop.abort();
			await ended;
			if ( ! has_held ) {
				throw new Error( `The condition did not hold within 20 s. Log: ${ JSON.stringify( log.slice( -20 ) ) }` );
			}
		},
	};
	return harness;
}

/** Domains 1 to `count` of the peer. */
export function makeDomains( count: number ): { domain_id: number; host: string }[] {
	return Array.from( { length: count }, ( _, index ) => ( { domain_id: index + 1, host: `host-${ index + 1 }.example` } ) );
}

export const SHA = 'a'.repeat( 64 );

/** Every domain labelled, each exactly once. */
export function assertEachLabelledOnce( { peer }: Harness, count: number ): void {
	assert.equal( peer.labels.size, count );
	assert.deepEqual( new Set( peer.label_writes.values() ), new Set( [ 1 ] ) );
}

/** Whether every domain of the peer has a verdict on its present version. */
export const allLabelled =
	( { peer }: Harness ) =>
	() =>
		peer.domains.every( ( { domain_id } ) => peer.labels.get( domain_id )?.data_version === peer.data_version );

/** The peer has the content SHA in use. */
export const withActiveList = ( { peer }: Harness ) => peer.addList( { active_version: 1, active_sha256: SHA } );

export const hasLabels = ( call: SeenCall ): boolean => ( call.exchange?.batch?.labels.length ?? 0 ) > 0;
