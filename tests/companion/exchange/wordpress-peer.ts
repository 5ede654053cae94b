import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Check, Errors } from 'typebox/value';
import {
	exchange,
	type Batch,
	type Command,
	type Exchange,
	type ExchangePayload,
	type Job,
	type JobProgress,
	type LabelRow,
	type ListPage,
	type ListStatus,
	type ListWork,
} from '../../../companion/src/contract/exchange.ts';
import { MonitorPeer } from './monitor-peer.ts';

/** What a fault does with a call: `answer` replaces the whole answer; `drop` works it off and then cuts the connection. */
export type Fault =
	| { kind: 'answer'; status: number; headers?: { [ name: string ]: string }; body?: string }
	| { kind: 'drop' }
	| { kind: 'reset' }
	| { kind: 'slow'; bytes_a_second: number }
	| { kind: 'mangle'; change: ( body: string ) => string };

export type SeenCall = {
	transport: 'rest' | 'rest_route' | 'admin_ajax';
	headers: IncomingMessage[ 'headers' ];
	body: string;
	exchange: Exchange | null;
	at_ms: number;
};

const hmac = ( key: string, lines: string[] ) =>
	createHmac( 'sha256', Buffer.from( key, 'hex' ) ).update( lines.join( '\n' ) ).digest( 'hex' );
const hkdf = ( secret: string, salt: string, info: string ) =>
	Buffer.from( hkdfSync( 'sha256', Buffer.from( secret, 'hex' ), Buffer.from( salt, 'hex' ), info, 32 ) ).toString( 'hex' );
const sha256 = ( text: string ) => createHash( 'sha256' ).update( text ).digest( 'hex' );

/** The network peer of the companion, written from the protocol alone: it shares no signing code with it. */
export class WordpressPeer {
	readonly site_id = randomBytes( 16 ).toString( 'hex' );
	readonly code = `${ randomBytes( 5 ).toString( 'hex' ) }.${ randomBytes( 20 ).toString( 'hex' ) }`;
	readonly calls: SeenCall[] = [];
	readonly labels = new Map< number, LabelRow >();
	readonly label_writes = new Map< number, number >();
	readonly job_rows: JobProgress[] = [];
	readonly statuses: ListStatus[] = [];
	readonly pages: ListPage[] = [];
	readonly batches = new Map< string, { digest: string; accepted: NonNullable< ExchangePayload[ 'accepted' ] > } >();
	keys = new Map< string, { c2w: string; w2c: string } >();
	duplicate_batches = 0;
	/** Milliseconds that the clock of WordPress is ahead of `now`. */
	clock_ahead_ms = 0;
	now: () => number = Date.now;
	data_version = 1;
	page_size = 2000;
	next_after_seconds: number | null = null;
	contract_version = 1;
	domains: { domain_id: number; host: string }[] = [];
	lists: ListWork[] = [];
	jobs: Job[] = [];
	commands: Command[] = [];
	/** Version in which a domain was given up; the end of a run clears it. */
	given_up = new Map< number, number >();
	own_hosts: string[] = [];
	readonly monitoring = new MonitorPeer();
	generation = { id: randomBytes( 16 ).toString( 'hex' ), counter: 1 };
	transports = new Set< SeenCall[ 'transport' ] >( [ 'rest', 'rest_route', 'admin_ajax' ] );
	/** Asked for each call; null lets it through. */
	fault: ( call: SeenCall ) => Fault | null = () => null;
	/** A signed refusal; null lets the call through. */
	refusal: ( call: SeenCall ) => { status: number; payload: object } | null = () => null;
	url = '';
	#server: Server;
	#nonces = new Set< string >();
	#pairings = new Map< string, string >();

	constructor() {
		this.#server = createServer( ( request, response ) => void this.#serve( request, response ) );
	}

	async start(): Promise< this > {
		await new Promise< void >( ( resolve ) => this.#server.listen( 0, '127.0.0.1', resolve ) );
		// A TCP server's address is always an AddressInfo.
		this.url = `http://127.0.0.1:${ ( this.#server.address() as AddressInfo ).port }`;
		return this;
	}

	async stop(): Promise< void > {
		this.#server.closeAllConnections();
		await new Promise( ( resolve ) => this.#server.close( resolve ) );
	}

	/** A list with nothing staged yet. */
	addList( list: Partial< ListWork > = {} ): ListWork {
		const added: ListWork = {
			list_uid: 'yc',
			source: 'yc',
			url: 'sample:',
			active_version: 0,
			active_sha256: null,
			active_row_count: 0,
			active_fetched_at_ms: null,
			staging_sha256: null,
			staged_pages: 0,
			schedule_hours: 24,
			accept_shrunk: false,
			...list,
		};
		this.lists.push( added );
		return added;
	}

	async #serve( request: IncomingMessage, response: ServerResponse ): Promise< void > {
		const chunks: Buffer[] = [];
		for await ( const chunk of request ) {
			chunks.push( Buffer.from( chunk ) );
		}
		const body = Buffer.concat( chunks ).toString();
		const route = routeOf( request.url ?? '' );
		if ( route === null || ! this.transports.has( route.transport ) ) {
			response.writeHead( 404, { 'content-type': 'text/html' } ).end( '<h1>Not found</h1>' );
			return;
		}
		const parsed = JSON.parse( body );
		const call: SeenCall = {
			transport: route.transport,
			headers: request.headers,
			body,
			exchange: parsed.exchange ?? null,
			at_ms: Date.now(),
		};
		this.calls.push( call );
		const fault = this.fault( call );
		if ( fault?.kind === 'answer' ) {
			response.writeHead( fault.status, fault.headers ?? { 'content-type': 'text/html' } ).end( fault.body ?? '' );
			return;
		}
		if ( fault?.kind === 'reset' ) {
			request.socket.resetAndDestroy();
			return;
		}
		const { status, text } = route.name === 'pair' ? this.#pair( parsed.pair ) : this.#exchange( call );
		if ( fault?.kind === 'drop' ) {
			request.socket.resetAndDestroy();
			return;
		}
		response.writeHead( status, { 'content-type': 'application/json; charset=UTF-8' } );
		if ( fault?.kind === 'slow' ) {
			for ( const byte of text ) {
				response.write( byte );
				await new Promise( ( resolve ) => setTimeout( resolve, 1000 / fault.bytes_a_second ) );
				if ( response.destroyed ) {
					return;
				}
			}
			response.end();
			return;
		}
		response.end( fault?.kind === 'mangle' ? fault.change( text ) : text );
	}

	#pair( pair: { [ name: string ]: string | number | null } ): { status: number; text: string } {
		const [ pairing_id = '', secret = '' ] = this.code.split( '.' );
		const root = hkdf( secret, '', 'rollcall-pair-root' );
		const nonce = String( pair.companion_nonce );
		const mac = hmac( root, [
			'rollcall-v1',
			'pair',
			String( pair.pairing_id ),
			String( pair.companion_id ),
			nonce,
			String( pair.companion_version ),
			pair.companion_url === null ? '' : String( pair.companion_url ),
			String( pair.contract_version ),
		] );
		const known = this.#pairings.get( nonce );
		if ( pair.pairing_id !== pairing_id || pair.mac !== mac || ( known === undefined && this.#pairings.size > 0 ) ) {
			return { status: 401, text: JSON.stringify( { code: 'pairing_refused', message: 'no', data: { status: 401 } } ) };
		}
		if ( known !== undefined ) {
			return { status: 200, text: known };
		}
		const site_nonce = randomBytes( 16 ).toString( 'hex' );
		const kid = `${ pair.companion_id }-1`;
		const key = ( direction: string ) =>
			hkdf( root, nonce + site_nonce, `rollcall-${ direction }\n${ this.site_id }\n${ pair.companion_id }` );
		this.keys.set( kid, { c2w: key( 'c2w' ), w2c: key( 'w2c' ) } );
		const payload = JSON.stringify( {
			site_id: this.site_id,
			site_nonce,
			kid,
			site_name: 'Café Ada',
			plugin_version: '0.1.0',
			contract_version: this.contract_version,
		} );
		const text = JSON.stringify( { payload, sig: `v1=${ hmac( root, [ 'rollcall-v1', 'pair-ack', nonce, payload ] ) }` } );
		this.#pairings.set( nonce, text );
		return { status: 200, text };
	}

	/** Changes the keys as the two sides of a rotation do. */
	rotate( old_kid: string, kid: string, wordpress_nonce: string, companion_nonce: string ): void {
		const old = this.keys.get( old_kid );
		const key = ( direction: string ) =>
			hkdf( `${ old?.c2w }${ old?.w2c }`, wordpress_nonce + companion_nonce, `rollcall-${ direction }\n${ kid }` );
		this.keys.set( kid, { c2w: key( 'c2w' ), w2c: key( 'w2c' ) } );
	}

	#exchange( call: SeenCall ): { status: number; text: string } {
		const header = ( name: string ) => String( call.headers[ name ] ?? '' );
		const kid = header( 'x-rollcall-key' );
		const nonce = header( 'x-rollcall-nonce' );
		const key = this.keys.get( kid )?.c2w ?? '00'.repeat( 32 );
		const lines = [
			'rollcall-v1',
			'c2w',
			'POST',
			this.site_id,
			'/rollcall/v1/exchange',
			'',
			header( 'content-type' ),
			sha256( call.body ),
			header( 'x-rollcall-timestamp' ),
			nonce,
			kid,
		];
		const is_right = header( 'x-rollcall-signature' ) === `v1=${ hmac( key, lines ) }`;
		if ( ! is_right || this.#nonces.has( nonce ) ) {
			return { status: 401, text: JSON.stringify( { code: 'unauthorized', message: 'no', data: { status: 401 } } ) };
		}
		const signed = ( status: number, payload: object ) => {
			const text = JSON.stringify( payload );
			return {
				status,
				text: JSON.stringify( {
					payload: text,
					sig: `v1=${ hmac( key, [ 'rollcall-v1', 'ack', String( status ), nonce, kid, text ] ) }`,
				} ),
			};
		};
		const now_ms = this.now() + this.clock_ahead_ms;
		if ( Math.abs( now_ms / 1000 - Number( header( 'x-rollcall-timestamp' ) ) ) > 300 ) {
			return signed( 401, { error_code: 'clock_skew', now_ms } );
		}
		this.#nonces.add( nonce );
		if ( ! Check( exchange, call.exchange ) ) {
			return signed( 400, {
				error_code: 'bad_request',
				error_message: JSON.stringify( Errors( exchange, call.exchange )[ 0 ] ).slice( 0, 500 ),
				contract_version: 1,
			} );
		}
		const refusal = this.refusal( call );
		if ( refusal !== null ) {
			return signed( refusal.status, refusal.payload );
		}
		for ( const { domain_id, data_version } of call.exchange.acks.given_up ) {
			this.given_up.set( domain_id, data_version );
		}
		if ( call.exchange.batch !== null && this.monitoring.isStale( call.exchange.batch ) ) {
			return signed( 409, { error_code: 'stale_lease', error_message: 'Another companion judges.', contract_version: 1 } );
		}
		const accepted = call.exchange.batch && this.#store( call.exchange.batch );
		if ( accepted === 'conflict' ) {
			return signed( 409, { error_code: 'batch_conflict', error_message: 'Another batch has this id.', contract_version: 1 } );
		}
		return signed( 200, this.#answer( call.exchange, accepted ) );
	}

	#store( batch: Batch ): ExchangePayload[ 'accepted' ] | 'conflict' {
		const known = this.batches.get( batch.id );
		if ( known !== undefined ) {
			this.duplicate_batches++;
			return known.digest === batch.digest ? known.accepted : 'conflict';
		}
		for ( const row of batch.labels ) {
			this.labels.set( row.domain_id, row );
			this.label_writes.set( row.domain_id, ( this.label_writes.get( row.domain_id ) ?? 0 ) + 1 );
		}
		this.job_rows.push( ...batch.jobs );
		this.statuses.push( ...batch.list_statuses );
		for ( const page of batch.list_pages ) {
			this.#stage( page );
		}
		for ( const job of batch.jobs ) {
			this.jobs = job.state === 'running' ? this.jobs : this.jobs.filter( ( open ) => open.job_uid !== job.job_uid );
		}
		this.monitoring.store( batch );
		this.generation.counter++;
		const accepted = { batch_id: batch.id, stored: batch.labels.length + batch.list_pages.length, refused: [] };
		this.batches.set( batch.id, { digest: batch.digest, accepted } );
		return accepted;
	}

	#stage( page: ListPage ): void {
		const list = this.lists.find( ( candidate ) => candidate.list_uid === page.list_uid );
		if ( list === undefined || page.fetched_at_ms < ( list.active_fetched_at_ms ?? 0 ) ) {
			return;
		}
		if ( list.staging_sha256 !== page.sha256 && page.page === 1 ) {
			list.staging_sha256 = page.sha256;
			list.staged_pages = 0;
		}
		if ( list.staging_sha256 !== page.sha256 || page.page !== list.staged_pages + 1 ) {
			return;
		}
		list.staged_pages++;
		this.pages.push( page );
		if ( page.page === page.page_count ) {
			list.active_sha256 = page.sha256;
			list.active_version++;
			list.active_row_count = page.row_count;
			list.active_fetched_at_ms = page.fetched_at_ms;
			list.staging_sha256 = null;
			list.staged_pages = 0;
			this.data_version++;
		}
	}

	#answer( { cursors, vitals }: Exchange, accepted: ExchangePayload[ 'accepted' ] ): ExchangePayload {
		const is_stale = ( { domain_id }: { domain_id: number } ) =>
			this.labels.get( domain_id )?.data_version !== this.data_version && this.given_up.get( domain_id ) !== this.data_version;
		const stale = this.domains.filter( ( row ) => row.domain_id > cursors.domains_after && is_stale( row ) ).slice( 0, this.page_size );
		const commands = this.commands;
		this.commands = [];
		this.monitoring.vitals = vitals;
		return {
			accepted,
			contract_version: this.contract_version,
			plugin_version: '0.1.0',
			judge_epoch: this.monitoring.judge_epoch,
			standby_location_id: this.monitoring.standby_location_id,
			store_generation: this.generation,
			commands,
			work: {
				jobs: this.jobs,
				lists: this.lists,
				own_hosts: this.own_hosts,
				domains: this.domains.length === 0 ? null : { data_version: this.data_version, rows: stale },
				...this.monitoring.work( cursors ),
				heard_until_ms: this.now(),
				contact_url: this.url,
			},
			next_after_seconds: this.next_after_seconds ?? ( stale.length > 0 ? 0 : 60 ),
		};
	}
}

function routeOf( url: string ): { name: string; transport: SeenCall[ 'transport' ] } | null {
	const patterns = {
		rest: /^\/wp-json\/rollcall\/v1\/(pair|exchange)$/,
		rest_route: /^\/\?rest_route=\/rollcall\/v1\/(pair|exchange)$/,
		admin_ajax: /^\/wp-admin\/admin-ajax\.php\?action=rollcall_(pair|exchange)$/,
	} as const;
	for ( const transport of [ 'rest', 'rest_route', 'admin_ajax' ] as const ) {
		const name = patterns[ transport ].exec( url )?.[ 1 ];
		if ( name !== undefined ) {
			return { name, transport };
		}
	}
	return null;
}
