import { ExchangeLoop } from '../../../companion/src/exchange/exchange.ts';
import { openKeyring } from '../../../companion/src/exchange/keyring.ts';
import { realNetwork } from '../../../companion/src/exchange/network.ts';
import { openDatabase } from '../../../companion/src/store/database.ts';
import { monitorStore } from '../../../companion/src/store/monitor-store.ts';
import { makeMonitoring, makeRooms } from './loop-harness.ts';
import { makeChange, makeOutcome, uidFor } from './monitor-peer.ts';

/** A companion that goes on from the progress of each monitor until it is killed; with `drain` it only sends, and ends. */
const [ folder = '', monitors_text = '', mode = '' ] = process.argv.slice( 2 );
const MONITORS = Number( monitors_text );
const database = openDatabase( folder, Date.now() );
const keyring = openKeyring( folder );
const site_id = keyring.sites()[ 0 ]?.site_id ?? '';
const monitors = monitorStore( { database, site_id, now: Date.now } );
const network = realNetwork();
const stop = new AbortController();
let urge = (): void => {};
const loop = new ExchangeLoop( {
	site_id,
	keyring,
	database,
	network,
	monitors,
	monitoring: makeMonitoring( { onUrgent: ( callback ) => ( urge = callback ) } ),
	// Waits are short, so that a kill finds an exchange under way.
	clock: { now: Date.now, sleep: ( ms ) => new Promise( ( resolve ) => setTimeout( resolve, Math.min( ms, 5 ) ) ) },
	log: () => {},
	random: Math.random,
	rooms: makeRooms(),
	companion_version: '0.1.0',
	companion_url: null,
	signal: stop.signal,
} );
const timer = setInterval( () => {
	if ( mode === 'drain' ) {
		if ( monitors.vitals( 0 ).unsent_count === 0 && database.all( 'SELECT 1 FROM spool' ).length === 0 ) {
			stop.abort();
		}
		return;
	}
	monitors.commit(
		Array.from( { length: MONITORS }, ( _, monitor ) => {
			const { slot } = JSON.parse( monitors.progressOf( uidFor( monitor ) ) ?? '{"slot":0}' );
			const change = makeChange( { monitor_uid: uidFor( monitor ), seq: slot + 1 } );
			return makeOutcome( monitor, slot + 1, monitor === 0 && monitors.judgeEpoch() === 1 ? { changes: [ change ] } : {} );
		} )
	);
	urge();
}, 3 );
await loop.run();
clearInterval( timer );
await network.close();
database.close();
