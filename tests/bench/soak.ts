import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildCompanion } from '../../companion/src/dev/build.ts';
import { ROOT } from '../../companion/src/dev/paths.ts';
import { ADMIN, startStack, type Stack } from '../../companion/src/dev/stack.ts';
import { WpClient } from '../../companion/src/dev/wp-client.ts';
import { Companion } from '../e2e/support/companion.ts';
import { machine } from './measure.ts';
import { startTargets, type Targets } from './targets.ts';

export type SoakOptions = { monitors: number; interval_seconds: number; minutes: number; print: ( line: string ) => void };

/** Slots are one check of one monitor each. All targets are up the whole time, so every `down` is false. */
export type SoakFigures = {
	monitors: number;
	expected: number;
	stored: number;
	lost: number;
	doubled: number;
	missed: number;
	/** Other checks that learnt nothing, by the number of their reason. */
	unknown: Record< string, number >;
	false_downs: number;
	/** Monitors that were never checked. */
	silent: number;
	down_ms: number;
	changes: number;
	in_caches: number;
	in_checks: number;
	batches: number;
	known_until: number;
	/** Slots of a monitor that has some beside its plan, from its first one. */
	beside?: string[];
};

const PHP = join( import.meta.dirname, 'soak.php' );

/** Rows of the end may come this much later. */
const SETTLE_MS = 300_000;

type Running = { stack: Stack; targets: Targets; companion: Companion; print: SoakOptions[ 'print' ] };

/** The whole product at work: WordPress on nginx, PHP-FPM and MariaDB, the companion as users get it, and local targets.
 *  The companion is killed twice and WordPress is away for a quarter of the time. True when nothing was lost, doubled or
 *  wrongly called down. */
export async function soak( { monitors, interval_seconds, minutes, print }: SoakOptions ): Promise< boolean > {
	print( `${ monitors } monitors every ${ interval_seconds } s for ${ minutes } min; ${ machine() }` );
	await buildCompanion();
	const targets = await startTargets();
	const stack = await startStack( '7.1' );
	const companion = new Companion( targets.origin );
	const running = { stack, targets, companion, print };
	try {
		await begin( running, monitors, interval_seconds );
		const end_ms = await live( running, minutes * 60_000 );
		const settled_ms = await settled( running, interval_seconds * 1000, end_ms );
		await companion.stop();
		const figures = await figuresOf( stack, interval_seconds * 1000, end_ms );
		tell( figures, { minutes, settled_ms, asked: targets.asked.length }, print );
		const { lost, doubled, false_downs, silent, down_ms } = figures;
		const is_sound = lost + doubled + false_downs + silent + down_ms === 0 && figures.in_caches === figures.in_checks;
		if ( ! is_sound ) {
			print( companion.output.split( '\n' ).slice( -40 ).join( '\n' ) );
		}
		return is_sound;
	} finally {
		await companion.remove();
		await stack.stop();
		targets.stop();
	}
}

async function begin( { stack, targets, companion, print }: Running, monitors: number, interval_seconds: number ): Promise< void > {
	cpSync( join( ROOT, 'plugin' ), join( stack.site, 'wp-content/plugins/rollcall' ), { recursive: true } );
	await stack.php( PHP, 'activate' );
	const client = new WpClient( stack.url );
	await client.logIn( ADMIN.user, ADMIN.password );
	for ( let first = 0; first < monitors; first += 500 ) {
		const many = Array.from( { length: Math.min( 500, monitors - first ) }, ( _, index ) =>
			monitorRequest( targets.urlOf( first + index ), interval_seconds )
		);
		const { added } = await client.must( 'POST', '/rollcall/v1/monitors/many', { monitors: { monitors: many } } );
		print( `  ${ String( added ) } monitors added` );
	}
	const { code } = await client.must( 'POST', '/rollcall/v1/connection/code', {} );
	companion.start( [ 'pair', stack.url, String( code ) ], { ROLLCALL_COMPANIES: 'sample:' } );
}

/** What the form would send. */
export function monitorRequest( url: string, interval_seconds: number ): object {
	return {
		name: '',
		type: 'http',
		url,
		active: true,
		is_public: false,
		interval_seconds,
		options: { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 0 },
	};
}

/** Lets it run and does what happens to programs in the meantime; the instant at which the count ends. */
async function live( { stack, targets, companion, print }: Running, whole_ms: number ): Promise< number > {
	const began_ms = Date.now();
	const at = async ( share: number, what: string, work: () => Promise< unknown > ): Promise< void > => {
		await sleep( Math.max( 0, began_ms + share * whole_ms - Date.now() ) );
		print( `  ${ ( ( Date.now() - began_ms ) / 60_000 ).toFixed( 1 ) } min, asked ${ targets.asked.length } times: ${ what }` );
		await work();
	};
	const kill = async (): Promise< void > => {
		await companion.stop( 'SIGKILL' );
		companion.start( [ 'serve' ], { ROLLCALL_COMPANIES: 'sample:' } );
	};
	await at( 0.2, 'the companion is killed and started again', kill );
	await at( 0.35, 'WordPress stops', () => stack.stopPhp() );
	await at( 0.5, 'the companion is killed and started again', kill );
	await at( 0.6, 'WordPress is back', () => stack.restartPhp() );
	await at( 1, 'the count ends here', async () => {} );
	return Date.now();
}

/** Waits until WordPress has all of before the end; how long that took. */
async function settled( { stack }: Running, interval_ms: number, end_ms: number ): Promise< number > {
	const since_ms = Date.now();
	while ( Date.now() - since_ms < SETTLE_MS ) {
		if ( ( await figuresOf( stack, interval_ms, end_ms ) ).known_until >= end_ms ) {
			break;
		}
		await sleep( 1000 );
	}
	return Date.now() - since_ms;
}

async function figuresOf( { php }: Stack, interval_ms: number, end_ms: number ): Promise< SoakFigures > {
	return JSON.parse( await php( PHP, 'figures', String( interval_ms ), String( end_ms ) ) );
}

type Around = { minutes: number; settled_ms: number; asked: number };

function tell( figures: SoakFigures, { minutes, settled_ms, asked }: Around, print: SoakOptions[ 'print' ] ): void {
	const { expected, stored, doubled, lost, missed, unknown, false_downs, batches, in_caches, in_checks } = figures;
	const others = Object.entries( unknown ).map( ( [ code, count ] ) => `${ count } with the reason ${ code }` );
	print(
		`slots expected ${ expected }, stored ${ stored }, doubled ${ doubled }, lost ${ lost }, missed (recorded as such) ${ missed }`
	);
	print( `nothing learnt besides: ${ others.join( ', ' ) || 'none' }; monitors never checked: ${ figures.silent }` );
	print( `false downs ${ false_downs }, time down in the caches ${ figures.down_ms } ms; state changes ${ figures.changes }` );
	print( `checks in the caches ${ in_caches } of ${ in_checks }; targets asked ${ asked } times` );
	print( `exchanges with rows ${ batches }, ${ ( stored / ( minutes * 60 ) ).toFixed( 1 ) } rows/s stored` );
	if ( figures.beside !== undefined ) {
		print( `a monitor with slots beside its plan, ms:state:reason: ${ figures.beside.join( ' ' ) }` );
	}
	print( `the last rows came ${ ( settled_ms / 1000 ).toFixed( 0 ) } s after the end` );
}
