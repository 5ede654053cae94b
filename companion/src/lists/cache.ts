import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { messageOf, RollcallError } from '../errors.ts';
import type { Hash } from './canonical.ts';
import { shaOf, type ListContent } from './content.ts';
import { NOTHING_LEFT_OUT, type LeftOut } from './read-list.ts';

/** A content with where it came from. The ETag lies in the same file, so that it never speaks of another content. */
export type StoredList = LeftOut & { url: string; etag: string | null; content: ListContent };

/** Contents by list and address: several sites may give one list_uid different addresses. */
export type ListCache = {
	/** The last good contents of a list, at most two an address, newest first and by the address that was read last; damaged
	 *  files are left out. */
	load: ( list_uid: string ) => Promise< StoredList[] >;
	/** Lists of which a content is kept. */
	list_uids: () => Promise< string[] >;
	/** Makes a content the newest one of its address. The one before it stays unless it is the same. */
	save: ( stored: StoredList ) => Promise< void >;
	/** Keeps a content that was refused, for the operator to look at; one an address. */
	setAside: ( stored: StoredList ) => Promise< void >;
	/** Removes the contents that are not wanted any more. */
	keepOnly: ( isWanted: ( stored: StoredList ) => boolean ) => Promise< void >;
};

/** Keeps nothing. */
export const NO_CACHE: ListCache = {
	load: () => Promise.resolve( [] ),
	list_uids: () => Promise.resolve( [] ),
	save: () => Promise.resolve(),
	setAside: () => Promise.resolve(),
	keepOnly: () => Promise.resolve(),
};

type Kept = { path: string; stored: StoredList };

/** `<list_uid>.<address>.json`, `.previous.json`, `.refused.json`; 0.1.0 wrote them without the address. */
const FILE = /^([a-z0-9][a-z0-9_-]{0,63})(\.[0-9a-f]{16})?(\.previous)?\.json$/;

/** A cache in a folder of the companion's state. Files are 0600 and replaced by renaming, never written in place.
 *  Error: state_folder when the folder cannot be used. */
export function openListCache( folder: string, hash: Hash ): ListCache {
	const memory = new Map< string, Promise< Kept[] > >();
	const inTurn = oneAfterAnother();
	const placeOf = async ( { url, content: { list_uid } }: StoredList, kind: '' | '.previous' | '.refused' ): Promise< string > =>
		join( folder, `${ fileName( list_uid ) }.${ ( await hash( url ) ).slice( 0, 16 ) }${ kind }.json` );
	const kept = ( list_uid: string ): Promise< Kept[] > => {
		const items = memory.get( list_uid ) ?? readAll( folder, fileName( list_uid ), hash );
		memory.set( list_uid, items );
		return items;
	};
	const list_uids = async (): Promise< string[] > => [
		...new Set( ( await namesIn( folder ) ).flatMap( ( name ) => FILE.exec( name )?.[ 1 ] ?? [] ) ),
	];
	const save = async ( stored: StoredList ): Promise< void > => {
		const { list_uid, sha256 } = stored.content;
		const items = await kept( list_uid );
		const same = items.filter( ( item ) => item.stored.url === stored.url );
		const before = same.find( ( item ) => item.stored.content.sha256 !== sha256 );
		const [ path, previous ] = [ await placeOf( stored, '' ), await placeOf( stored, '.previous' ) ];
		await replacing( folder, stored, async ( temporary ) => {
			// Killed between the two renames, the next start finds the version before in `.previous`.
			if ( before !== undefined && before.path !== previous ) {
				await rename( before.path, previous ).catch( ignoreMissing );
			}
			await rename( temporary, path );
			for ( const old of same ) {
				await ( [ path, previous ].includes( old.path ) ? undefined : rm( old.path, { force: true } ) );
			}
		} );
		const others = items.filter( ( item ) => item.stored.url !== stored.url );
		const second = before === undefined ? [] : [ { path: previous, stored: before.stored } ];
		memory.set( list_uid, Promise.resolve( [ { path, stored }, ...second, ...others ] ) );
	};
	const keepOnly = async ( isWanted: ( stored: StoredList ) => boolean ): Promise< void > => {
		for ( const list_uid of await list_uids() ) {
			const items = await kept( list_uid );
			const wanted = items.filter( ( { stored } ) => isWanted( stored ) );
			for ( const { path, stored } of items.filter( ( item ) => ! wanted.includes( item ) ) ) {
				await rm( path, { force: true } );
				await rm( await placeOf( stored, '.refused' ), { force: true } );
			}
			memory.set( list_uid, Promise.resolve( wanted ) );
		}
	};
	return {
		load: async ( list_uid ) => ( await kept( list_uid ) ).map( ( { stored } ) => stored ),
		list_uids,
		save: ( stored ) => inTurn( () => save( stored ) ),
		setAside: async ( stored ) => {
			const path = await placeOf( stored, '.refused' );
			await replacing( folder, stored, ( temporary ) => rename( temporary, path ) );
		},
		keepOnly: ( isWanted ) => inTurn( () => keepOnly( isWanted ) ),
	};
}

/** Sites that save the same list at once would move each other's files. */
function oneAfterAnother(): ( work: () => Promise< void > ) => Promise< void > {
	let last: Promise< unknown > = Promise.resolve();
	return ( work ) => {
		const done = last.then( work );
		last = done.catch( () => undefined );
		return done;
	};
}

function fileName( list_uid: string ): string {
	if ( ! /^[a-z0-9][a-z0-9_-]{0,63}$/.test( list_uid ) ) {
		throw new RollcallError( 'bad_request', 'A list_uid is made of a-z, 0-9, _ and -.' );
	}
	return list_uid;
}

async function namesIn( folder: string ): Promise< string[] > {
	return readdir( folder ).catch( () => [] );
}

async function readAll( folder: string, list_uid: string, hash: Hash ): Promise< Kept[] > {
	const found = ( await namesIn( folder ) ).filter( ( name ) => FILE.exec( name )?.[ 1 ] === list_uid ).sort( byRank );
	const items: Kept[] = [];
	for ( const path of found.map( ( name ) => join( folder, name ) ) ) {
		const stored = await readStored( path, list_uid, hash );
		items.push( ...( stored === null ? [] : [ { path, stored } ] ) );
	}
	const by_url = Map.groupBy( items, ( { stored } ) => stored.url );
	const readAt = ( [ first ]: Kept[] ): number => first?.stored.content.fetched_at_ms ?? 0;
	return [ ...by_url.values() ].sort( ( a, b ) => readAt( b ) - readAt( a ) ).flat();
}

/** Of one address: its newest, the one before, and then those of 0.1.0. Clocks that were set back have no say in it. */
function byRank( a: string, b: string ): number {
	const rank = ( name: string ): number => {
		const [ , , address, previous ] = FILE.exec( name ) ?? [];
		return ( address === undefined ? 2 : 0 ) + ( previous === undefined ? 0 : 1 );
	};
	return rank( a ) - rank( b );
}

async function readStored( path: string, list_uid: string, hash: Hash ): Promise< StoredList | null > {
	const text = await readFile( path, 'utf8' ).catch( () => null );
	if ( text === null ) {
		return null;
	}
	try {
		const stored = asStored( JSON.parse( text ) );
		return stored.content.list_uid === list_uid && ( await shaOf( stored.content, hash ) ) === stored.content.sha256 ? stored : null;
	} catch {
		// Cut short or edited: as good as absent, and the next update writes it anew.
		return null;
	}
}

/** Only files that this module wrote get here; the caller compares the sha256, which fails on any other content.
 *  Files of 0.1.0 say nothing of what was left out. */
function asStored( value: unknown ): StoredList {
	return { ...NOTHING_LEFT_OUT, ...( value as StoredList ) };
}

/** Writes a file whole beside the others and lets `place` rename it to where it belongs. */
async function replacing( folder: string, stored: StoredList, place: ( temporary: string ) => Promise< void > ): Promise< void > {
	const temporary = join( folder, `${ randomUUID() }.tmp` );
	try {
		await mkdir( folder, { recursive: true, mode: 0o700 } );
		await chmod( folder, 0o700 );
		await sweep( folder );
		await writeWhole( temporary, JSON.stringify( stored ) );
		await place( temporary );
	} catch ( error ) {
		throw new RollcallError( 'state_folder', `Writing to ${ folder } failed: ${ messageOf( error ) }`, { cause: error } );
	}
}

async function writeWhole( path: string, text: string ): Promise< void > {
	await using file = await open( path, 'wx', 0o600 );
	await file.writeFile( text );
	await file.sync();
}

const HOUR_MS = 3_600_000;

/** Removes what writers that were killed left behind; a younger file may belong to one at work. */
async function sweep( folder: string ): Promise< void > {
	for ( const name of await readdir( folder ) ) {
		const path = join( folder, name );
		if ( name.endsWith( '.tmp' ) && ( await stat( path ) ).mtimeMs < Date.now() - HOUR_MS ) {
			await rm( path );
		}
	}
}

/** The newest file was damaged or removed by hand: then there is nothing to keep as the one before. */
function ignoreMissing( error: unknown ): void {
	if ( ! ( error instanceof Error && 'code' in error && error.code === 'ENOENT' ) ) {
		throw error;
	}
}
