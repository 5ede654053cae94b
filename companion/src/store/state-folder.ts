import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { messageOf, RollcallError } from '../errors.ts';

/** Makes the state folder, or takes the one that is there, and answers its absolute path.
 *  Throws state_folder when it lies below wp-content (anyone could download it), belongs to another
 *  user, or lets another user in and that cannot be changed. */
export function openStateFolder( path: string ): string {
	const folder = withoutLinks( resolve( path ) );
	if ( folder.split( sep ).includes( 'wp-content' ) || isBelowWordpress( folder ) ) {
		throw new RollcallError( 'state_folder', `${ folder } lies inside a WordPress site, where visitors could download the keys.`, {
			hint: 'Give a folder outside of the web site, with --state.',
		} );
	}
	try {
		mkdirSync( folder, { recursive: true, mode: 0o700 } );
		const stat = lstatSync( folder );
		if ( ! stat.isDirectory() ) {
			throw new Error( 'it is not a folder' );
		}
		if ( process.getuid !== undefined && stat.uid !== process.getuid() ) {
			throw new Error( 'it belongs to another user' );
		}
		chmodSync( folder, 0o700 );
	} catch ( thrown ) {
		throw new RollcallError( 'state_folder', `The state folder ${ folder } cannot be used: ${ messageOf( thrown ) }.`, {
			cause: thrown,
		} );
	}
	return folder;
}

/** The path with every parent that is there resolved: a link must not hide where the folder lies. */
function withoutLinks( path: string ): string {
	const parent = dirname( path );
	if ( parent === path ) {
		return path;
	}
	return join( existsSync( parent ) ? realpathSync( parent ) : withoutLinks( parent ), basename( path ) );
}

function isBelowWordpress( folder: string ): boolean {
	for ( let parent = folder; ; parent = dirname( parent ) ) {
		if ( existsSync( join( parent, 'wp-load.php' ) ) ) {
			return true;
		}
		if ( parent === dirname( parent ) ) {
			return false;
		}
	}
}

/** The text of a file in the state folder; null when there is none. */
export function readStateFile( folder: string, name: string ): string | null {
	const path = join( folder, name );
	return existsSync( path ) ? readFileSync( path, 'utf8' ) : null;
}

/** Replaces a file of the state folder, readable by this user only. A kill leaves the old or the new one. */
export function writeStateFile( folder: string, name: string, text: string ): void {
	const path = join( folder, name );
	const next = `${ path }.${ process.pid }.new`;
	writeFileSync( next, text, { mode: 0o600, flush: true } );
	chmodSync( next, 0o600 );
	renameSync( next, path );
}
