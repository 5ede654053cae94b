import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';

/** A file beside the database whose space is taken beforehand, so that it can be written on a full disk: a head, and lines. */
export type SideFile = {
	/** Takes the space, if it is not taken. A disk that is too full for it leaves the file away; then nothing is kept. */
	make: () => void;
	/** What a process of before left, behind which lines are added; null when there is no file. */
	read: () => { head: string; lines: string[] } | null;
	/** Outlives the process at once, and the machine after a while. */
	setHead: ( text: string ) => void;
	/** The first lines that fit, on the disk when the call returns. Answers how many. */
	add: ( lines: readonly string[] ) => number;
	/** Lines that are added next take the place of those before, in one write. */
	rewind: () => void;
	clear: () => void;
};

const SIZES = [ 256, 64 ].map( ( kibibytes ) => kibibytes * 1024 );
const HEAD_BYTES = 256;

export function sideFile( path: string ): SideFile {
	let size = existsSync( path ) ? statSync( path ).size : 0;
	let end = HEAD_BYTES;
	const take = ( bytes: number ): boolean => {
		try {
			writeFileSync( path, Buffer.alloc( bytes ), { mode: 0o600 } );
			size = bytes;
			return true;
		} catch {
			rmSync( path, { force: true } );
			return false;
		}
	};
	/** False when the disk does not take it, whatever space it gave before. */
	const put = ( bytes: Buffer, at: number, is_synced: boolean ): boolean => {
		if ( at + bytes.length > size ) {
			return false;
		}
		try {
			const file = openSync( path, 'r+' );
			try {
				writeSync( file, bytes, 0, bytes.length, at );
				if ( is_synced ) {
					fdatasyncSync( file );
				}
			} finally {
				closeSync( file );
			}
			return true;
		} catch {
			return false;
		}
	};
	return {
		make: () => void ( size > 0 || SIZES.some( take ) ),
		read() {
			if ( size === 0 ) {
				return null;
			}
			const bytes = readFileSync( path );
			const nul = bytes.indexOf( 0, HEAD_BYTES );
			end = nul === -1 ? HEAD_BYTES : nul;
			const text = bytes.toString( 'utf8', HEAD_BYTES, end );
			const head = bytes.toString( 'utf8', 0, HEAD_BYTES ).replaceAll( '\0', '' ).trim();
			return { head, lines: text.split( '\n' ).filter( ( line ) => line !== '' ) };
		},
		setHead: ( text ) => void put( Buffer.from( text.padEnd( HEAD_BYTES ) ), 0, false ),
		add( lines ) {
			let count = 0;
			let text = '';
			for ( const line of lines ) {
				if ( end + Buffer.byteLength( text ) + Buffer.byteLength( line ) + 2 > size ) {
					break;
				}
				text += `${ line }\n`;
				count++;
			}
			// What was there before ends where these do.
			if ( count === 0 || ! put( Buffer.from( `${ text }\0` ), end, true ) ) {
				return 0;
			}
			end += Buffer.byteLength( text );
			return count;
		},
		rewind: () => void ( end = HEAD_BYTES ),
		clear() {
			end = HEAD_BYTES;
			put( Buffer.alloc( 1 ), HEAD_BYTES, false );
		},
	};
}
