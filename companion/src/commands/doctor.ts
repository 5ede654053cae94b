import { createServer } from 'node:net';
import { OPTIONS_HELP, UsageError, type Config } from '../config.ts';
import { messageOf, RollcallError } from '../errors.ts';
import { exchangeOnce } from '../exchange/call.ts';
import { openKeyring, type PairedSite } from '../exchange/keyring.ts';
import { NOTHING_SAID } from '../exchange/monitoring.ts';
import { realNetwork, systemClock } from '../exchange/network.ts';
import type { Outcome } from '../exchange/next-step.ts';
import type { Network } from '../exchange/ports.ts';
import { siteState, type SiteState } from '../exchange/site-state.ts';
import { spool } from '../exchange/spool.ts';
import { TRANSPORT_ORDER } from '../exchange/transport.ts';
import { DEFAULT_LIST } from '../lists/load.ts';
import { SAMPLE_URL } from '../lists/sample.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { kvStore } from '../store/kv-store.ts';
import { openStateFolder } from '../store/state-folder.ts';
import { joinRooms } from './rooms.ts';
import type { Command, ProcessIo } from './serve.ts';

export const DOCTOR_HELP = `Usage: rollcall-companion doctor [options]

Says what is wrong: Node, state folder, clock, the way to each paired site, the
companies list, the port. One line a check; exit code 1 when one fails.

${ OPTIONS_HELP }`;

type Finding = { is_ok: boolean; check: string; detail: string; hint?: string };

/** Runs every check, the later ones also when an earlier one fails. */
export const doctorCommand: Command = async ( config, { io, version } ) => {
	if ( config.operands.length > 0 ) {
		throw new UsageError( `doctor takes no "${ config.operands[ 0 ] }".` );
	}
	let has_failed = false;
	const tell = ( { is_ok, check, detail, hint }: Finding ): void => {
		has_failed ||= ! is_ok;
		io.stdout.write( `${ is_ok ? 'ok   ' : 'fail ' } ${ check }: ${ detail }${ is_ok || hint === undefined ? '' : ` ${ hint }` }\n` );
	};
	tell( { is_ok: true, check: 'node', detail: `${ process.versions.node }, companion ${ version }` } );
	const network = realNetwork();
	try {
		await checkState( config, version, network, io, tell );
		tell( await checkPort( config, network, io.signal ) );
	} finally {
		await network.close();
	}
	return has_failed ? 1 : 0;
};

async function checkState(
	config: Config,
	version: string,
	network: Network,
	io: ProcessIo,
	tell: ( finding: Finding ) => void
): Promise< void > {
	let database: Database | null = null;
	try {
		const folder = openStateFolder( config.state_folder );
		const keyring = openKeyring( folder );
		database = openDatabase( folder, Date.now() );
		kvStore( database ).init();
		tell( { is_ok: true, check: 'state folder', detail: folder } );
		tell( await checkList( config, folder, io.signal ) );
		if ( keyring.sites().length === 0 ) {
			tell( {
				is_ok: false,
				check: 'pairing',
				detail: 'no site is paired.',
				hint: 'Make a code on the Connect screen, then run pair.',
			} );
		}
		for ( const site of keyring.sites() ) {
			await checkSite( site, { database, version, network, config, signal: io.signal }, tell );
		}
	} catch ( thrown ) {
		tell( {
			is_ok: false,
			check: 'state folder',
			detail: messageOf( thrown ),
			hint: thrown instanceof RollcallError ? thrown.hint : undefined,
		} );
	} finally {
		database?.close();
	}
}

type SiteContext = { database: Database; version: string; network: Network; config: Config; signal: AbortSignal };

async function checkSite(
	site: PairedSite,
	{ database, version, network, config, signal }: SiteContext,
	tell: ( finding: Finding ) => void
): Promise< void > {
	const state = siteState( kvStore( database ), systemClock, site.site_id );
	let offset_ms: number | null = null;
	for ( const transport of TRANSPORT_ORDER ) {
		const outcome = await exchangeOnce( {
			site,
			signer: site,
			transport,
			state,
			batch: null,
			said: NOTHING_SAID,
			companion_version: version,
			companion_url: config.public_url,
			network,
			clock: systemClock,
			deadline_ms: 10_000,
			signal,
		} );
		offset_ms =
			outcome.kind === 'clock'
				? outcome.offset_ms
				: outcome.kind === 'accepted'
					? ( offset_ms ?? state.clock().offset_ms )
					: offset_ms;
		tell( {
			check: `${ site.site_url } by ${ transport }`,
			...sentenceOf( outcome, transport === ( state.transport() ?? site.transport ) ),
		} );
	}
	if ( offset_ms !== null ) {
		const seconds = Math.round( offset_ms / 1000 );
		const is_ok = Math.abs( seconds ) <= 300;
		tell( {
			is_ok,
			check: 'clock',
			detail: is_ok ? 'less than five minutes off' : `WordPress is ${ seconds } s ahead.`,
			hint: 'Set the clock; up to a day is bridged.',
		} );
	}
	tell( backlog( database, site, state ) );
}

/** One way in is enough, so only the one in use fails the check. */
function sentenceOf( outcome: Outcome, is_used: boolean ): Omit< Finding, 'check' > {
	const unused = is_used ? '' : ' (not in use)';
	switch ( outcome.kind ) {
		case 'accepted':
		case 'clock':
			return { is_ok: true, detail: `answers${ unused }` };
		case 'refused':
			return { is_ok: false, detail: `${ outcome.error_code }: ${ outcome.error_message }` };
		case 'unsigned':
			return {
				is_ok: ! is_used,
				detail: `status ${ outcome.status }, ${ outcome.error_code ?? outcome.reason }${ unused }.`,
				hint: hintFor( outcome ),
			};
		case 'failed':
			return {
				is_ok: ! is_used,
				detail: `${ outcome.message }${ unused }.`,
				hint: 'Check the address of the site and that it is up.',
			};
	}
}

function hintFor( { status, error_code }: Extract< Outcome, { kind: 'unsigned' } > ): string {
	if ( error_code === 'unauthorized' ) {
		return 'Pair again with a new code.';
	}
	const allow = 'Allow the routes rollcall/v1 in the security plugin or firewall.';
	return status === 404 ? `Check that the plugin is active. ${ allow }` : allow;
}

function backlog( database: Database, site: PairedSite, state: SiteState ): Finding {
	const batches = spool( database, site.site_id );
	batches.init();
	const dead = state.counters().dead_letters ?? 0;
	return { is_ok: true, check: 'sending', detail: `${ batches.count() } batches wait, ${ dead } rows were given up` };
}

async function checkList( config: Config, folder: string, signal: AbortSignal ): Promise< Finding > {
	const check = 'companies list';
	const url = config.companies ?? DEFAULT_LIST.url;
	if ( url === SAMPLE_URL || ! /^https?:/.test( url ) ) {
		return { is_ok: true, check, detail: url };
	}
	try {
		const { fetcher } = joinRooms( {
			state_folder: folder,
			allow: config.allow,
			companies: config.companies,
			site_ids: [],
			now: Date.now,
		} );
		const answer = await fetcher( {
			url,
			headers: { accept: 'application/json' },
			signal: AbortSignal.any( [ signal, AbortSignal.timeout( 10_000 ) ] ),
		} );
		await answer.close();
		return {
			is_ok: answer.status === 200,
			check,
			detail: `${ url } answered ${ answer.status }.`,
			hint: 'The last good version stays in use.',
		};
	} catch ( thrown ) {
		const hint = thrown instanceof RollcallError ? thrown.hint : 'Without it the last good version or the built-in sample is used.';
		return { is_ok: false, check, detail: `${ url }: ${ messageOf( thrown ) || 'no answer' }.`, hint };
	}
}

/** The port is free, or a companion answers on it. */
async function checkPort( { listen: { host, port } }: Config, network: Network, signal: AbortSignal ): Promise< Finding > {
	const check = `port ${ host }:${ port }`;
	const taken = await new Promise< Error | null >( ( resolve ) => {
		const probe = createServer();
		probe.once( 'error', resolve );
		probe.listen( port, host, () => probe.close( () => resolve( null ) ) );
	} );
	if ( taken === null ) {
		return { is_ok: true, check, detail: 'free' };
	}
	try {
		const url = `http://${ host.includes( ':' ) ? `[${ host }]` : host }:${ port }/health`;
		const answer = await network( {
			method: 'GET',
			url,
			headers: {},
			body: '',
			signal: AbortSignal.any( [ signal, AbortSignal.timeout( 2000 ) ] ),
		} );
		const is_ok = answer.status === 200 && answer.body.includes( '"companion_version"' );
		return {
			is_ok,
			check,
			detail: is_ok ? 'a companion is running' : 'another program uses it.',
			hint: 'Give another one with --listen.',
		};
	} catch {
		return {
			is_ok: false,
			check,
			detail: `${ taken.message }.`,
			hint: 'Stop the program that uses it, or give another one with --listen.',
		};
	}
}
