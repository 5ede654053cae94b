import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { run } from '../../companion/src/dev/run.ts';
import { commandPath } from '../../companion/src/dev/system.ts';
import { TEST_SITE } from '../../companion/src/dev/wp-config.ts';
import { monitorRequest, type SoakFigures } from '../bench/soak.ts';
import { adminOf, installZip, startSite, useList, type Site } from './support/site.ts';
import { WatchedServer } from './support/watched-server.ts';

/** A database that goes away while monitors are checked: each slot is stored once, whatever became of the exchange that brought
 *  it first. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

const MONITORS = 20;
const INTERVAL_MS = 10_000;
const FIGURES = join( import.meta.dirname, '../bench/soak.php' );

let site: Site;
const watched = new WatchedServer();

test.beforeAll( async () => {
	await watched.start();
	site = await startSite( '7.1' );
	await installZip( site );
	await useList( site );
	site.companion.allow += `+${ watched.port }`;
	const client = await adminOf( site );
	const monitors = Array.from( { length: MONITORS }, ( _, number ) =>
		monitorRequest( watched.at( `/m/${ number }x` ), INTERVAL_MS / 1000 )
	);
	await client.must( 'POST', '/rollcall/v1/monitors/many', { monitors: { monitors } } );
	await callOften();
	const { code } = await client.must( 'POST', '/rollcall/v1/connection/code', {} );
	site.companion.start( [ 'pair', site.stack.url, String( code ), '--no-anchors' ] );
	await expect.poll( async () => ( await figures() ).silent, { message: site.companion.output, timeout: 70_000 } ).toBe( 0 );
} );

test.afterAll( async () => {
	await site.stop();
	await watched.stop();
} );

/** What one connection of its own answers to the statements. */
async function sql( statements: string ): Promise< string > {
	const options = [
		'--no-defaults',
		`--socket=${ site.stack.socket }`,
		'-uroot',
		'-N',
		'--force',
		'-D',
		TEST_SITE.database,
		'-e',
		statements,
	];
	return ( await run( commandPath( 'mariadb' ) ?? 'mariadb', options ) ).output;
}

const table = ( name: string ): string => `${ TEST_SITE.prefix }rollcall_${ name }`;

/** Exchanges that came to nothing, as far as they are told. */
const exchangeWaits = (): number => site.companion.output.split( 'exchange_waits' ).length - 1;

/** An incident that stays open makes the companion call every five seconds instead of each minute. Its monitor waits for a call. */
async function callOften(): Promise< void > {
	const client = await adminOf( site );
	const options = { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 3600 };
	const monitor = {
		name: 'Backup',
		type: 'push',
		url: '',
		active: true,
		is_public: false,
		interval_seconds: INTERVAL_MS / 1000,
		options,
	};
	await client.must( 'POST', '/rollcall/v1/monitors', { monitor } );
	await sql(
		`INSERT INTO ${ table( 'incidents' ) } (incident_uid, monitor_id, judge_epoch, opened_at_ms, error_code, message, is_flapping, judged_at_ms)
			SELECT REPEAT('0', 32), monitor_id, 1, 1, 0, '', 0, 1 FROM ${ table( 'monitors' ) } WHERE name = 'Backup'`
	);
}

async function figures( end_ms = Date.now() ): Promise< SoakFigures > {
	return JSON.parse( await site.stack.php( FIGURES, 'figures', String( INTERVAL_MS ), String( end_ms ) ) );
}

/** Checks that the companion has made, by its own count. */
async function checked(): Promise< number > {
	const [ , origin = '' ] = /listen\W+(http:\/\/127\.0\.0\.1:\d+)/.exec( site.companion.output ) ?? [];
	const text = await ( await fetch( `${ origin }/metrics` ) ).text();
	const counts = [ ...text.matchAll( /^rollcall_checks_total\{.*\} (\d+)$/gm ) ];
	return counts.reduce( ( sum, [ , count ] ) => sum + Number( count ), 0 );
}

/** Checks went on while no exchange came through. */
async function expectChecksSince( checked_before: number ): Promise< void > {
	await expect.poll( checked, { intervals: [ 100 ] } ).toBeGreaterThan( checked_before + MONITORS / 4 );
}

/** Each slot up to now is there once, and none is down or only half counted. */
async function expectAllOnce(): Promise< void > {
	const end_ms = Date.now();
	const made = await checked();
	// A monitor that was asked once has no plan yet that could lack a slot: what was checked has to be there in number, too.
	const left = async (): Promise< number > => {
		const { lost, in_checks } = await figures( end_ms );
		return lost + Math.max( 0, made - in_checks );
	};
	await expect.poll( left, { message: site.companion.output, timeout: 40_000, intervals: [ 500 ] } ).toBe( 0 );
	const found = await figures( end_ms );
	// The incident that makes it call often is the one that is counted as a false one.
	expect( found ).toMatchObject( { lost: 0, doubled: 0, missed: 0, false_downs: 1, silent: 0, down_ms: 0 } );
	expect( found.in_caches ).toBe( found.in_checks );
}

/** Waits until an exchange is in mid-transaction: rows are written, and it waits for those that another connection holds. */
async function holdAnExchange(): Promise< { ended: Promise< string > } > {
	const held = sql( `START TRANSACTION; SELECT monitor_id FROM ${ table( 'uptime_hourly' ) } FOR UPDATE; SELECT SLEEP(20)` );
	const waiting = "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_rows_modified > 1";
	await expect.poll( () => sql( waiting ), { message: site.companion.output, timeout: 15_000, intervals: [ 50 ] } ).not.toBe( '0\n' );
	return { ended: held };
}

test( 'F4 a database that is stopped costs no check', async () => {
	const before = await checked();
	const refused = exchangeWaits();
	await site.stack.stopDatabase( 'stop' );
	expect( ( await fetch( site.stack.url ) ).status ).toBe( 500 );
	await expect.poll( exchangeWaits, { intervals: [ 100 ] } ).toBeGreaterThan( refused );
	await expectChecksSince( before );
	await site.stack.startDatabase();
	await expectAllOnce();
} );

test( 'F5 a database that is killed in the middle of an exchange keeps all of it or nothing', async () => {
	const before = await checked();
	const { ended } = await holdAnExchange();
	await site.stack.stopDatabase( 'kill' );
	await ended;
	await expectChecksSince( before );
	await site.stack.startDatabase();
	await expectAllOnce();
} );

test( 'F6 a database without a free connection is asked again until it has one', async () => {
	const before = await checked();
	const refused = exchangeWaits();
	// MariaDB takes no less than ten, and one more of an administrator, as whom WordPress is known here.
	const set = 'SET GLOBAL max_connections = ';
	const first = sql( `${ set } 2; SELECT SLEEP(7); ${ set } 151` );
	const end_ms = Date.now() + 7000;
	// One that finds a call of WordPress in its place asks again.
	const hold = async (): Promise< void > => {
		while ( Date.now() < end_ms ) {
			await sql( `SELECT SLEEP(${ ( end_ms - Date.now() ) / 1000 })` );
		}
	};
	const others = Array.from( { length: 10 }, hold );
	await expect.poll( async () => ( await fetch( site.stack.url ) ).status, { intervals: [ 100 ] } ).toBe( 500 );
	await Promise.all( [ first, ...others ] );
	expect( exchangeWaits() ).toBeGreaterThan( refused );
	await expectChecksSince( before );
	await expectAllOnce();
} );
