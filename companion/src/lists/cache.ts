import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { messageOf, RollcallError } from '../errors.ts';
import type { Hash } from './canonical.ts';
import { shaOf, type ListContent } from './content.ts';
import { NOTHING_LEFT_OUT, type LeftOut } from './read-list.ts';

/** A content with where it came from. The ETag lies in the same file, so that it never speaks of another content. */
export type StoredList = LeftOut & { url: string; etag: string | null; content: ListContent };

export type ListCache = {
	/** The last good contents, newest first, at most two; damaged files are left out. */
	load: ( list_uid: string ) => Promise< StoredList[] >;
	/** Lists of which a content is kept. */
	list_uids: () => Promise< string[] >;
	/** Makes a content the newest one. The one before it stays unless it is the same. */
	save: ( stored: StoredList ) => Promise< void >;
	/** Keeps a content that was refused, for the operator to look at; one a list. */
	setAside: ( stored: StoredList ) => Promise< void >;
};

/** Keeps nothing. */
export const NO_CACHE: ListCache = {
	load: () => Promise.resolve( [] ),
	list_uids: () => Promise.resolve( [] ),
	save: () => Promise.resolve(),
	setAside: () => Promise.resolve(),
};

/** A cache in a folder of the companion's state. Files are 0600 and replaced by renaming, never written in place.
 *  Error: state_folder when the folder cannot be used. */
export function openListCache( folder: string, hash: Hash ): ListCache {
	const memory = new Map< string, StoredList[] >();
	const path = ( list_uid: string, kind: string ): string => join( folder, `${ fileName( list_uid ) }${ kind }.json` );
	const load = async ( list_uid: string ): Promise< StoredList[] > => {
		const known = memory.get( list_uid );
		if ( known ) {
			return known;
		}
		const files = [ path( list_uid, '' ), path( list_uid, '.previous' ) ];
		const [ first = null, second = null ] = await Promise.all( files.map( ( file ) => readStored( file, list_uid, hash ) ) );
		if ( first === null && second !== null ) {
			// Before a later save moves the damaged file over the good one.
			await rename( path( list_uid, '.previous' ), path( list_uid, '' ) );
		}
		const stored = [ first, second ].filter( ( item ) => item !== null );
		memory.set( list_uid, stored );
		return stored;
	};
	return {
		load,
		list_uids: async () => {
			const names = await readdir( folder ).catch( () => [] );
			return names.flatMap( ( name ) => /^([a-z0-9][a-z0-9_-]*)\.json$/.exec( name )?.[ 1 ] ?? [] );
		},
		save: async ( stored ) => {
			const { list_uid, sha256 } = stored.content;
			const [ newest, previous ] = await load( list_uid );
			const is_new = newest !== undefined && newest.content.sha256 !== sha256;
			await replacing( folder, stored, async ( temporary ) => {
				// Killed between the two renames, the next start finds the version before in `.previous`.
				if ( is_new ) {
					await rename( path( list_uid, '' ), path( list_uid, '.previous' ) ).catch( ignoreMissing );
				}
				await rename( temporary, path( list_uid, '' ) );
			} );
			memory.set(
				list_uid,
				[ stored, is_new ? newest : previous ].filter( ( item ) => item !== undefined )
			);
		},
		setAside: ( stored ) =>
			replacing( folder, stored, ( temporary ) => rename( temporary, path( stored.content.list_uid, '.refused' ) ) ),
	};
}

function fileName( list_uid: string ): string {
	if ( ! /^[a-z0-9][a-z0-9_-]{0,63}$/.test( list_uid ) ) {
		throw new RollcallError( 'bad_request', 'A list_uid is made of a-z, 0-9, _ and -.' );
	}
	return list_uid;
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
