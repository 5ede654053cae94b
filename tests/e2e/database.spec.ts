import { expect, test } from '@playwright/test';
import { tableOf, WatchedSite } from './support/watched-site.ts';

/** A database that goes away while monitors are checked: each slot is stored once, whatever became of the exchange that brought
 *  it first. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

const site = new WatchedSite();

test.beforeAll( () => site.start() );
test.afterAll( () => site.stop() );

/** Waits until an exchange is in mid-transaction: rows are written, and it waits for those that another connection holds. */
async function holdAnExchange(): Promise< { ended: Promise< string > } > {
	const held = site.sql( `START TRANSACTION; SELECT monitor_id FROM ${ tableOf( 'uptime_hourly' ) } FOR UPDATE; SELECT SLEEP(20)` );
	const waiting = "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_rows_modified > 1";
	await expect
		.poll( () => site.sql( waiting ), { message: site.companion.output, timeout: 15_000, intervals: [ 50 ] } )
		.not.toBe( '0\n' );
	return { ended: held };
}

test( 'F4 a database that is stopped costs no check', async () => {
	const before = await site.checked();
	const refused = site.exchangeWaits();
	await site.stack.stopDatabase( 'stop' );
	expect( ( await fetch( site.stack.url ) ).status ).toBe( 500 );
	await expect.poll( () => site.exchangeWaits(), { intervals: [ 100 ] } ).toBeGreaterThan( refused );
	await site.expectChecksSince( before );
	await site.stack.startDatabase();
	await site.expectAllOnce();
} );

test( 'F5 a database that is killed in the middle of an exchange keeps all of it or nothing', async () => {
	const before = await site.checked();
	const { ended } = await holdAnExchange();
	await site.stack.stopDatabase( 'kill' );
	await ended;
	await site.expectChecksSince( before );
	await site.stack.startDatabase();
	await site.expectAllOnce();
} );

test( 'F6 a database without a free connection is asked again until it has one', async () => {
	const before = await site.checked();
	const refused = site.exchangeWaits();
	// MariaDB takes no less than ten, and one more of an administrator, as whom WordPress is known here.
	const set = 'SET GLOBAL max_connections = ';
	const first = site.sql( `${ set } 2; SELECT SLEEP(7); ${ set } 151` );
	const end_ms = Date.now() + 7000;
	// One that finds a call of WordPress in its place asks again.
	const hold = async (): Promise< void > => {
		while ( Date.now() < end_ms ) {
			await site.sql( `SELECT SLEEP(${ ( end_ms - Date.now() ) / 1000 })` );
		}
	};
	const others = Array.from( { length: 10 }, hold );
	await expect.poll( async () => ( await fetch( site.stack.url ) ).status, { intervals: [ 100 ] } ).toBe( 500 );
	await Promise.all( [ first, ...others ] );
	expect( site.exchangeWaits() ).toBeGreaterThan( refused );
	await site.expectChecksSince( before );
	await site.expectAllOnce();
} );
