import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { messageOf, RollcallError } from '../errors.ts';
import type { Hash } from './canonical.ts';
import { shaOf, type ListContent } from './content.ts';

/** A content with where it came from. The ETag lies in the same file, so that it never speaks of another content. */
export type StoredList = { url: string; etag: string | null; content: ListContent };

export type ListCache = {
	/** The last good contents, newest first, at most two; damaged files are left out. */
	load: ( list_uid: string ) => Promise< StoredList[] >;
	/** Makes a content the newest one. The one before it stays unless it is the same. */
	save: ( stored: StoredList ) => Promise< void >;
	/** Keeps a content that was refused, for the operator to look at; one a list. */
	setAside: ( stored: StoredList ) => Promise< void >;
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
		const stored = ( await Promise.all( files.map( ( file ) => readStored( file, list_uid, hash ) ) ) ).filter( ( item ) => item !== null );
		memory.set( list_uid, stored );
		return stored;
	};
	return {
		load,
		save: async ( stored ) => {
			const { list_uid, sha256 } = stored.content;
			const [ newest, previous ] = await load( list_uid );
			const temporary = await writeTemporary( folder, stored );
			if ( newest && newest.content.sha256 !== sha256 ) {
				await rename( path( list_uid, '' ), path( list_uid, '.previous' ) );
				memory.set( list_uid, [ stored, newest ] );
			} else {
				memory.set( list_uid, previous ? [ stored, previous ] : [ stored ] );
			}
			await rename( temporary, path( list_uid, '' ) );
		},
		setAside: async ( stored ) => {
			await rename( await writeTemporary( folder, stored ), path( stored.content.list_uid, '.refused' ) );
		},
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

/** Only files that this module wrote get here; the caller compares the sha256, which fails on any other content. */
function asStored( value: unknown ): StoredList {
	return value as StoredList;
}

async function writeTemporary( folder: string, stored: StoredList ): Promise< string > {
	const temporary = join( folder, `${ randomUUID() }.tmp` );
	try {
		await mkdir( folder, { recursive: true, mode: 0o700 } );
		await chmod( folder, 0o700 );
		await using file = await open( temporary, 'wx', 0o600 );
		await file.writeFile( JSON.stringify( stored ) );
		await file.sync();
		return temporary;
	} catch ( error ) {
		await rm( temporary, { force: true } );
		throw new RollcallError( 'state_folder', `Writing to ${ folder } failed: ${ messageOf( error ) }`, { cause: error } );
	}
}
