import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { COMPANIES, listed } from './support/list-server.ts';
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
	// MariaDB keeps what it tells here for as long as it is asked again within 100 ms.
	const waiting = "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_rows_modified > 1";
	await expect
		.poll( () => site.sql( waiting ), { message: site.companion.output, timeout: 15_000, intervals: [ 300 ] } )
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

/** Starts the database with one file for all tables, which may grow by so much: then, as on a full disk, it answers 1114. */
async function startDatabase( most_mib: number ): Promise< void > {
	const mib = Math.ceil( statSync( join( site.stack.folder, 'data/ibdata1' ) ).size / 2 ** 20 );
	const file = `ibdata1:12M:autoextend:max:${ mib + most_mib }M`;
	await site.stack.startDatabase( [ '--innodb-file-per-table=0', `--innodb-data-file-path=${ file }` ] );
}

/** Moves the plugin's tables into that file and fills what is left of it. */
async function fillDatabase(): Promise< void > {
	const tables = ( await site.sql( `SHOW TABLES LIKE '${ tableOf( '%' ) }'` ) ).trim().split( '\n' );
	await site.sql( tables.map( ( name ) => `ALTER TABLE ${ name } FORCE;` ).join( '\n' ) );
	// The file has room of its own too: large rows until they do not fit, then small ones.
	const filling = [ 1024, 64, 8 ].map( ( kib ) => `INSERT INTO filler VALUES ( REPEAT( 'x', ${ kib } * 1024 ) );\n`.repeat( 150 ) );
	expect( await site.sql( `CREATE TABLE filler ( text LONGTEXT );\n${ filling.join( '' ) }` ) ).toContain( 'ERROR 1114' );
}

test( 'F17 a full database keeps the list in use, and takes all that waited once it has room', async () => {
	const client = await site.admin();
	const update = (): ReturnType< typeof client.rest > => client.rest( 'POST', '/rollcall/v1/lists/yc/update', {} );
	const companies = async (): Promise< unknown[] > => {
		const { body } = await client.rest( 'GET', '/rollcall/v1/companies.json' );
		return Array.isArray( body ) ? body : [];
	};
	await site.stack.stopDatabase( 'stop' );
	await startDatabase( 4 );
	const old = await companies();
	expect( old ).toHaveLength( COMPANIES.length );
	await fillDatabase();
	const more = Array.from( { length: 3000 }, ( _, index ) => listed( 1000 + index, `More ${ index }`, `https://more-${ index }.com` ) );
	site.list.body = JSON.stringify( [ ...COMPANIES, ...more ] );
	const before = await site.checked();
	expect( await update() ).toMatchObject( { status: 507, body: { code: 'database_full' } } );
	await expect.poll( () => site.companion.output ).toContain( 'database_full' );
	await site.expectChecksSince( before );
	expect( await companies() ).toEqual( old );
	await site.stack.stopDatabase( 'stop' );
	await startDatabase( 200 );
	await expect.poll( async () => ( await update() ).status ).toBeLessThan( 300 );
	await expect.poll( async () => ( await companies() ).length ).toBe( COMPANIES.length + more.length );
	await site.expectAllOnce();
} );
