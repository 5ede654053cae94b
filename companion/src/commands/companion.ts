import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { messageOf, RollcallError } from '../errors.ts';
import { ExchangeLoop } from '../exchange/exchange.ts';
import { openKeyring, type Keyring } from '../exchange/keyring.ts';
import { realNetwork, systemClock } from '../exchange/network.ts';
import type { Log } from '../exchange/ports.ts';
import { siteState } from '../exchange/site-state.ts';
import type { Engine } from '../monitor/engine.ts';
import type { EngineSite } from '../monitor/site-book.ts';
import { makeServer } from '../server.ts';
import type { SiteFigures } from '../server-metrics.ts';
import { lockStateFolder, openDatabase, type Database } from '../store/database.ts';
import { kvStore } from '../store/kv-store.ts';
import type { Recovered } from '../store/kept-aside.ts';
import { monitorStore, type MonitorStore } from '../store/monitor-store.ts';
import { nonceStore } from '../store/nonce-store.ts';
import { openStateFolder } from '../store/state-folder.ts';
import { monitorFigures, openMonitoring } from './monitoring.ts';
import { joinRooms } from './rooms.ts';

/** Everything that a running companion holds open. */
export type OpenState = { folder: string; keyring: Keyring; database: Database; close: () => void };

/** Opens the state folder for this process alone. Error: state_folder. */
export function openState( config: Config, log: Log ): OpenState {
	const folder = openStateFolder( config.state_folder );
	const lock = lockStateFolder( folder );
	try {
		const database = openDatabase( folder, Date.now(), ( aside ) => log( 'error', 'store_damaged', { kept_as: aside } ) );
		kvStore( database ).init();
		nonceStore( database ).init();
		const close = (): void => {
			database.close();
			lock.release();
		};
		return { folder, keyring: openKeyring( folder ), database, close };
	} catch ( thrown ) {
		lock.release();
		throw thrown;
	}
}

export type CompanionOptions = {
	config: Config;
	state: OpenState;
	log: Log;
	version: string;
	signal: AbortSignal;
	onListening?: ( origin: string ) => void;
};

/** Listens and exchanges with every paired site until the signal is aborted; then ends what is under way.
 *  Errors: not_paired, port_in_use. */
export async function runCompanion( { config, state, log, version, signal, onListening }: CompanionOptions ): Promise< void > {
	const { keyring, database } = state;
	if ( keyring.sites().length === 0 ) {
		throw new RollcallError( 'not_paired', 'This companion is not paired with a site.', {
			hint: 'Make a code on the Connect screen of the plugin, then run: rollcall-companion pair https://SITE CODE',
		} );
	}
	const site_ids = keyring.sites().map( ( site ) => site.site_id );
	const { allow, companies } = config;
	const rooms = joinRooms( { state_folder: state.folder, allow, companies, site_ids, now: Date.now } );
	const loops = new Map< string, ExchangeLoop >();
	const network = realNetwork();
	const stores = new Map( site_ids.map( ( site_id ) => [ site_id, storeOf( site_id, database, log ) ] ) );
	const sites = [ ...stores ].map( ( [ site_id, store ] ) => engineSite( site_id, store, state ) );
	const { engine, close } = openMonitoring( { sites, allow, anchors: config.anchors, version, log, signal } );
	const server = makeServer( {
		keyring,
		log,
		companion_version: version,
		trusted_proxies: config.trusted_proxies,
		metrics_open: config.metrics_open,
		sites: () => [ ...loops ].map( ( [ site_id, loop ] ) => siteFigures( site_id, { keyring, engine, loop } ) ),
		nonces: nonceStore( database ),
		now: Date.now,
		offsetOf: ( site_id ) => siteState( kvStore( database ), systemClock, site_id ).clock().offset_ms,
		companies: () => rooms.served(),
		match: ( hosts, own_hosts, versions ) => rooms.label( { hosts, own_hosts, versions, lists: [] } ),
		wake: ( site_id ) => loops.get( site_id )?.wake(),
		goodbye: ( site_id ) => loops.get( site_id )?.silence(),
	} );
	try {
		const origin = await listen( server, config.listen );
		onListening?.( origin );
		for ( const site of keyring.sites() ) {
			const companion_url = config.public_url ?? ( isLoopback( site.site_url ) ? origin : null );
			const shared = { keyring, database, network, rooms, log, signal, companion_version: version, companion_url };
			const monitors = stores.get( site.site_id ) ?? storeOf( site.site_id, database, log );
			const own = { site_id: site.site_id, monitors, monitoring: engine.site( site.site_id ) };
			loops.set( site.site_id, new ExchangeLoop( { ...shared, ...own, clock: systemClock, random: Math.random } ) );
		}
		engine.start();
		await Promise.all( [ ...[ ...loops.values() ].map( ( loop ) => loop.run() ), untilStopped( signal ).then( close ) ] );
	} finally {
		await close();
		await server.close();
		await network.close();
	}
}

function storeOf( site_id: string, database: Database, log: Log ): MonitorStore {
	const onDamaged = ( kept_as: string ): void => log( 'error', 'store_damaged', { kept_as } );
	const onRecovered = ( { lost_checks, decisions, lost_decisions }: Recovered ): void =>
		log( 'warn', 'store_recovered', { lost_checks, decisions: decisions.length, lost_decisions } );
	return monitorStore( { database, site_id, now: Date.now, onDamaged, onRecovered } );
}

function engineSite( site_id: string, store: MonitorStore, { keyring, database }: OpenState ): EngineSite {
	const offset_ms = siteState( kvStore( database ), systemClock, site_id ).timeOffset();
	return { site_id, store, judge_epoch: store.judgeEpoch(), contact_url: keyring.bySiteId( site_id )?.site_url ?? '', offset_ms };
}

type Shown = { keyring: Keyring; engine: Engine; loop: ExchangeLoop };

function siteFigures( site_id: string, { keyring, engine, loop }: Shown ): SiteFigures {
	const { vitals, failures, exchanged_at_ms } = loop.figures();
	const { is_monitoring, checks } = engine.site( site_id ).figures();
	return {
		site_url: keyring.bySiteId( site_id )?.site_url ?? '',
		vitals,
		is_monitoring,
		checks,
		exchange_failures: failures,
		exchanged_at_ms,
		monitors: () => monitorFigures( engine, site_id ),
	};
}

function untilStopped( signal: AbortSignal ): Promise< void > {
	return new Promise( ( resolve ) => {
		if ( signal.aborted ) {
			resolve();
		}
		signal.addEventListener( 'abort', () => resolve(), { once: true } );
	} );
}

/** The origin at which it listens. Error: port_in_use. */
export async function listen( server: FastifyInstance, { host, port }: Config[ 'listen' ] ): Promise< string > {
	try {
		await server.listen( { host, port } );
	} catch ( thrown ) {
		throw new RollcallError( 'port_in_use', `Listening on ${ host }:${ port } failed: ${ messageOf( thrown ) }.`, {
			cause: thrown,
			hint: 'Stop the program that uses the port, or give another one with --listen.',
		} );
	}
	const address = server.server.address();
	return `http://${ host.includes( ':' ) ? `[${ host }]` : host }:${ isTcp( address ) ? address.port : port }`;
}

function isTcp( address: AddressInfo | string | null ): address is AddressInfo {
	return typeof address === 'object' && address !== null;
}

/** A site that is reached by loopback runs on this machine, so it may call back the same way. */
function isLoopback( site_url: string ): boolean {
	return /^(localhost|127(\.\d+){3}|\[::1\])$/.test( new URL( site_url ).hostname );
}
