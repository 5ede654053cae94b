import { chmodSync, existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { messageOf, RollcallError } from '../errors.ts';
import { reserveIn } from './reserve.ts';
import { sideFile, type SideFile } from './side-file.ts';

export type Row = Record< string, SQLOutputValue >;

/** The companion's own database, one writer. Every commit is on the disk when the call returns. */
export type Database = {
	run: ( sql: string, ...values: SQLInputValue[] ) => { changes: number };
	all: ( sql: string, ...values: SQLInputValue[] ) => Row[];
	/** Runs `work` in one transaction; what it throws rolls back. Nesting joins the outer one. */
	transaction: < Result >( work: () => Result ) => Result;
	/** Makes tables now, and again each time that a new file is begun. It may be asked for more than once. */
	keepTables: ( name: string, make: () => void ) => void;
	/** Puts the file aside and begins a new one with the same tables. Answers the name of the file put aside. */
	quarantine: ( now_ms: number ) => string;
	/** How many damaged files lie aside in the folder. */
	quarantines: () => number;
	/** Keeps space aside for `freeRoom`, if it is not kept. False when the disk is too full for that. */
	keepRoom: () => boolean;
	/** Whether that space is kept now. */
	hasRoom: () => boolean;
	/** Gives that space to the database, and cuts its journal. Whether it could be cut. */
	freeRoom: () => boolean;
	/** Works the journal off and cuts it; that may have been all of what was missing. Whether it could be cut. */
	cutJournal: () => boolean;
	/** A file of this name in the folder. */
	sideFile: ( name: string ) => SideFile;
	close: () => void;
};

export const DATABASE_FILE = 'rollcall.sqlite';

/** Result codes of sqlite3.h: the file is damaged, or is no database. */
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
/** The disk, or what this file may take of it, is full; it takes nothing at all; or it can only be read. */
const FULL_CODES = new Set( [ 13, 10, 8 ] );

const codeOf = ( thrown: unknown ): number => ( thrown instanceof Error && 'errcode' in thrown ? Number( thrown.errcode ) & 0xff : 0 );

export function isCorruption( thrown: unknown ): boolean {
	return codeOf( thrown ) === SQLITE_CORRUPT || codeOf( thrown ) === SQLITE_NOTADB;
}

export const isDiskFull = ( thrown: unknown ): boolean => FULL_CODES.has( codeOf( thrown ) );

/** node:sqlite by a call, not an import: the bundle must still load on an old Node to say that it is too old. */
function connect( path: string ): DatabaseSync {
	const { DatabaseSync: Connection } = process.getBuiltinModule( 'node:sqlite' );
	const connection = new Connection( path, { timeout: 5000, enableForeignKeyConstraints: true } );
	try {
		connection.exec( 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000' );
		chmodSync( path, 0o600 );
		const [ verdict ] = connection.prepare( 'PRAGMA quick_check( 1 )' ).all();
		if ( verdict?.quick_check !== 'ok' ) {
			throw Object.assign( new Error( 'database disk image is malformed' ), { errcode: SQLITE_CORRUPT } );
		}
		return connection;
	} catch ( thrown ) {
		connection.close();
		throw thrown;
	}
}

/** Puts the database and its side files aside under a name that holds the time. */
function putAside( path: string, now_ms: number ): string {
	const aside = `${ path }.damaged-${ now_ms }`;
	for ( const suffix of [ '', '-wal', '-shm' ] ) {
		if ( existsSync( path + suffix ) ) {
			renameSync( path + suffix, aside + suffix );
		}
	}
	return aside;
}

/** Opens the database of a state folder. A damaged file is put aside and a new one begun: `onDamaged` is told.
 *  Losing it costs nothing but repetition, because WordPress sends its work again.
 *  Throws state_folder when the file cannot be opened at all. */
export function openDatabase( folder: string, now_ms: number, onDamaged: ( aside: string ) => void = () => {} ): Database {
	const path = join( folder, DATABASE_FILE );
	let connection: DatabaseSync;
	try {
		connection = connect( path );
	} catch ( thrown ) {
		if ( ! isCorruption( thrown ) ) {
			throw new RollcallError( 'state_folder', `${ path } cannot be opened: ${ messageOf( thrown ) }.`, { cause: thrown } );
		}
		onDamaged( putAside( path, now_ms ) );
		connection = connect( path );
	}
	let is_open = true;
	const reserve = reserveIn( folder );
	const statements = new Map< string, StatementSync >();
	const tables = new Map< string, () => void >();
	const prepared = ( sql: string ): StatementSync => {
		const statement = statements.get( sql ) ?? connection.prepare( sql );
		statements.set( sql, statement );
		return statement;
	};
	return {
		run: ( sql, ...values ) => ( { changes: Number( prepared( sql ).run( ...values ).changes ) } ),
		all: ( sql, ...values ) => prepared( sql ).all( ...values ),
		keepTables( name, make ) {
			tables.set( name, make );
			make();
		},
		transaction( work ) {
			return connection.isTransaction ? work() : inTransaction( connection, work );
		},
		quarantine( at_ms ) {
			connection.close();
			statements.clear();
			const aside = putAside( path, at_ms );
			connection = connect( path );
			tables.forEach( ( make ) => make() );
			return aside;
		},
		keepRoom: reserve.keep,
		hasRoom: reserve.isKept,
		freeRoom() {
			reserve.give();
			return cutJournal( connection );
		},
		cutJournal: () => cutJournal( connection ),
		sideFile: ( name ) => sideFile( join( folder, name ) ),
		quarantines: () => readdirSync( folder ).filter( ( name ) => /\.damaged-\d+$/.test( name ) ).length,
		close() {
			if ( is_open ) {
				is_open = false;
				connection.close();
			}
		},
	};
}

function cutJournal( connection: DatabaseSync ): boolean {
	try {
		connection.exec( 'PRAGMA wal_checkpoint( TRUNCATE )' );
		return true;
	} catch ( thrown ) {
		if ( isDiskFull( thrown ) ) {
			return false;
		}
		throw thrown;
	}
}

function inTransaction< Result >( connection: DatabaseSync, work: () => Result ): Result {
	connection.exec( 'BEGIN IMMEDIATE' );
	try {
		const result = work();
		connection.exec( 'COMMIT' );
		return result;
	} catch ( thrown ) {
		if ( connection.isTransaction ) {
			connection.exec( 'ROLLBACK' );
		}
		throw thrown;
	}
}

/** Holds the state folder for this process until it ends, however it ends.
 *  Throws state_folder when another companion holds it: two would send every batch twice. */
export function lockStateFolder( folder: string ): { release: () => void } {
	const { DatabaseSync: Connection } = process.getBuiltinModule( 'node:sqlite' );
	const connection = new Connection( join( folder, 'running.lock' ), { timeout: 0 } );
	try {
		connection.exec( 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE' );
	} catch ( thrown ) {
		connection.close();
		throw new RollcallError( 'state_folder', `Another companion is running with the state folder ${ folder }.`, {
			cause: thrown,
			hint: 'Stop it, or give this one a folder of its own with --state.',
		} );
	}
	return { release: () => connection.close() };
}
