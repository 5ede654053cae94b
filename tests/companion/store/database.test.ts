import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { RollcallError } from '../../../companion/src/errors.ts';
import { isCorruption, lockStateFolder, openDatabase } from '../../../companion/src/store/database.ts';
import { openStateFolder, readStateFile, writeStateFile } from '../../../companion/src/store/state-folder.ts';

function newFolder( context: TestContext ): string {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-state-' ) );
	context.after( () => rmSync( folder, { recursive: true } ) );
	return folder;
}

const isStateFolderError = ( thrown: unknown ) => thrown instanceof RollcallError && thrown.code === 'state_folder';

test( 'writes wait for the disk and for other writers', ( context ) => {
	const database = openDatabase( newFolder( context ), 0 );
	context.after( () => database.close() );
	assert.equal( database.all( 'PRAGMA journal_mode' )[ 0 ]?.journal_mode, 'wal' );
	assert.equal( database.all( 'PRAGMA synchronous' )[ 0 ]?.synchronous, 2 );
	assert.equal( database.all( 'PRAGMA busy_timeout' )[ 0 ]?.timeout, 5000 );
} );

test( 'a transaction that throws leaves nothing behind, and a nested one joins it', ( context ) => {
	const database = openDatabase( newFolder( context ), 0 );
	context.after( () => database.close() );
	database.run( 'CREATE TABLE numbers ( n INTEGER )' );
	assert.throws( () =>
		database.transaction( () => {
			database.run( 'INSERT INTO numbers VALUES ( 1 )' );
			database.transaction( () => database.run( 'INSERT INTO numbers VALUES ( 2 )' ) );
			throw new Error( 'stop' );
		} )
	);
	assert.deepEqual( database.all( 'SELECT n FROM numbers' ), [] );
	database.transaction( () => database.run( 'INSERT INTO numbers VALUES ( 3 )' ) );
	assert.equal( database.all( 'SELECT n FROM numbers' ).length, 1 );
} );

for ( const [ name, damage ] of Object.entries( {
	'text instead of a database': ( path: string ) => writeFileSync( path, 'no database at all, only text '.repeat( 300 ) ),
	'a file cut in the middle of a page': ( path: string ) => truncateSync( path, 4096 * 3 + 100 ),
} ) ) {
	test( `${ name } is put aside and a new database is begun`, ( context ) => {
		const folder = newFolder( context );
		const first = openDatabase( folder, 0 );
		first.run( 'CREATE TABLE rows ( body TEXT )' );
		for ( let index = 0; index < 50; index++ ) {
			first.run( 'INSERT INTO rows VALUES ( ? )', 'x'.repeat( 2000 ) );
		}
		first.close();
		damage( join( folder, 'rollcall.sqlite' ) );
		const told: string[] = [];
		const second = openDatabase( folder, 1234, ( aside ) => told.push( aside ) );
		context.after( () => second.close() );
		assert.deepEqual( told, [ join( folder, 'rollcall.sqlite.damaged-1234' ) ] );
		assert.ok( readdirSync( folder ).includes( 'rollcall.sqlite.damaged-1234' ) );
		assert.deepEqual( second.all( 'SELECT name FROM sqlite_master' ), [] );
	} );
}

test( 'damage found while running can be put aside without a restart', ( context ) => {
	const folder = newFolder( context );
	const database = openDatabase( folder, 0 );
	context.after( () => database.close() );
	database.run( 'CREATE TABLE old ( n INTEGER )' );
	assert.equal( database.quarantine( 99 ), join( folder, 'rollcall.sqlite.damaged-99' ) );
	database.run( 'CREATE TABLE fresh ( n INTEGER )' );
	assert.deepEqual(
		database.all( 'SELECT name FROM sqlite_master' ).map( ( row ) => row.name ),
		[ 'fresh' ]
	);
} );

test( 'only damage counts as corruption', () => {
	assert.equal( isCorruption( Object.assign( new Error( 'malformed' ), { errcode: 11 } ) ), true );
	assert.equal( isCorruption( Object.assign( new Error( 'index malformed' ), { errcode: 779 } ) ), true );
	assert.equal( isCorruption( Object.assign( new Error( 'not a database' ), { errcode: 26 } ) ), true );
	assert.equal( isCorruption( Object.assign( new Error( 'full' ), { errcode: 13 } ) ), false );
	assert.equal( isCorruption( new Error( 'malformed' ) ), false );
} );

test( 'the state folder and its files are for this user only', ( context ) => {
	const folder = openStateFolder( join( newFolder( context ), 'deep', 'state' ) );
	writeStateFile( folder, 'keys.json', '{}' );
	openDatabase( folder, 0 ).close();
	assert.equal( statSync( folder ).mode & 0o777, 0o700 );
	assert.equal( statSync( join( folder, 'keys.json' ) ).mode & 0o777, 0o600 );
	assert.equal( statSync( join( folder, 'rollcall.sqlite' ) ).mode & 0o777, 0o600 );
	assert.equal( readStateFile( folder, 'keys.json' ), '{}' );
	assert.equal( readStateFile( folder, 'other.json' ), null );
} );

test( 'a folder that others can read is closed to them', ( context ) => {
	const folder = join( newFolder( context ), 'state' );
	mkdirSync( folder, { mode: 0o755 } );
	openStateFolder( folder );
	assert.equal( statSync( folder ).mode & 0o777, 0o700 );
} );

test( 'a folder inside a WordPress site is refused', ( context ) => {
	const site = newFolder( context );
	writeFileSync( join( site, 'wp-load.php' ), '' );
	const link = join( newFolder( context ), 'link' );
	symlinkSync( site, link );
	for ( const folder of [
		join( link, 'deep', 'state' ),
		join( site, 'wp-content', 'rollcall' ),
		join( site, 'state' ),
		'/srv/wp-content/uploads/rollcall',
	] ) {
		assert.throws( () => openStateFolder( folder ), isStateFolderError, folder );
	}
	assert.ok( ! readdirSync( site ).includes( 'state' ) );
} );

test( 'a file or a link in the place of the folder is refused', ( context ) => {
	const folder = newFolder( context );
	writeFileSync( join( folder, 'file' ), '' );
	symlinkSync( folder, join( folder, 'link' ) );
	assert.throws( () => openStateFolder( join( folder, 'file' ) ), isStateFolderError );
	assert.throws( () => openStateFolder( join( folder, 'link' ) ), isStateFolderError );
} );

test( 'a second companion is kept out until the first one ends', ( context ) => {
	const folder = newFolder( context );
	const source = new URL( '../../../companion/src/store/database.ts', import.meta.url ).href;
	const script = `import { lockStateFolder } from ${ JSON.stringify( source ) };
		try { lockStateFolder( ${ JSON.stringify( folder ) } ); process.exit( 0 ); } catch ( thrown ) { console.log( thrown.code ); process.exit( 1 ); }`;
	const other = () => spawnSync( process.execPath, [ '--input-type=module', '-e', script ], { encoding: 'utf8' } );
	const lock = lockStateFolder( folder );
	assert.equal( other().stdout.trim(), 'state_folder' );
	lock.release();
	assert.equal( other().status, 0 );
} );
