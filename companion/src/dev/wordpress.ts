import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianWordpress } from './debian.ts';
import { STATE } from './paths.ts';
import { DevError, must } from './run.ts';
import { messageOf } from '../errors.ts';

/** The newest WordPress that is tested, and the oldest that is supported; where Debian has them. */
const SUITES = { '7.1': 'sid', '6.8': 'trixie' } as const;

export type WordpressVersion = keyof typeof SUITES;
export const WORDPRESS_VERSIONS: readonly WordpressVersion[] = [ '7.1', '6.8' ];

export type WordpressTree = { folder: string; version: string; from: string };

/** A pristine WordPress tree: copy it, never write into it. Tried in this order: ROLLCALL_WORDPRESS (a folder or
 *  a zip), the cache in .rollcall/, the official download, Debian's package.
 *  `wanted` null takes any version of ROLLCALL_WORDPRESS, else the newest; a version refuses others. */
export async function wordpressTree( wanted: WordpressVersion | null, say: ( line: string ) => void = () => {} ): Promise< WordpressTree > {
	const own = process.env.ROLLCALL_WORDPRESS;
	if ( own ) {
		const tree = await ownTree( own );
		if ( wanted === null || tree.version.startsWith( wanted ) ) {
			return tree;
		}
	}
	const version = wanted ?? '7.1';
	const folder = join( STATE, 'wordpress', version );
	if ( existsSync( join( folder, 'wp-includes/version.php' ) ) ) {
		return { folder, version: versionOf( folder ), from: 'cache' };
	}
	mkdirSync( join( STATE, 'wordpress' ), { recursive: true } );
	const staging = mkdtempSync( join( STATE, 'wordpress/getting-' ) );
	try {
		const from = await download( version, staging, say );
		renameSync( join( staging, 'wordpress' ), folder );
		const got = versionOf( folder );
		say( `  WordPress ${ got } from ${ from }` );
		return { folder, version: got, from };
	} finally {
		rmSync( staging, { recursive: true, force: true } );
	}
}

async function download( version: WordpressVersion, staging: string, say: ( line: string ) => void ): Promise< string > {
	say( `Getting WordPress ${ version } ...` );
	const reasons: string[] = [];
	try {
		await officialZip( version, staging );
		return 'wordpress.org';
	} catch ( error ) {
		reasons.push( `wordpress.org: ${ messageOf( error ) }` );
	}
	rmSync( join( staging, 'wordpress' ), { recursive: true, force: true } );
	try {
		await debianWordpress( SUITES[ version ], join( staging, 'wordpress' ) );
		const got = versionOf( join( staging, 'wordpress' ) );
		if ( ! got.startsWith( version ) ) {
			// Debian's sid moves on; a newer WordPress than the tested one is better than none.
			say( `  Debian has WordPress ${ got } by now.` );
		}
		return `Debian ${ SUITES[ version ] }`;
	} catch ( error ) {
		reasons.push( `Debian: ${ messageOf( error ) }` );
	}
	throw new DevError(
		`WordPress ${ version } could not be had (${ reasons.join( '; ' ) }). Download its zip from wordpress.org by hand and name it in ROLLCALL_WORDPRESS.`
	);
}

async function officialZip( version: WordpressVersion, staging: string ): Promise< void > {
	const control = new AbortController();
	const abortAfter = ( seconds: number ): NodeJS.Timeout =>
		setTimeout( () => control.abort( new Error( `no answer in ${ seconds } seconds` ) ), seconds * 1000 );
	let timer = abortAfter( 8 );
	try {
		const answer = await fetch( `https://wordpress.org/wordpress-${ version }.zip`, { signal: control.signal } );
		if ( ! answer.ok ) {
			throw new DevError( `the download answered ${ answer.status }` );
		}
		clearTimeout( timer );
		timer = abortAfter( 300 );
		const zip = join( staging, 'wordpress.zip' );
		writeFileSync( zip, new Uint8Array( await answer.arrayBuffer() ) );
		await unzip( zip, staging );
	} finally {
		clearTimeout( timer );
	}
}

async function unzip( zip: string, into: string ): Promise< void > {
	await must( `Unpacking ${ zip }`, 'unzip', [ '-q', zip, '-d', into ], 'Install the command unzip, or unpack it and name the folder.' );
}

/** What ROLLCALL_WORDPRESS names. A zip is unpacked into the cache, once for each size and time of it. */
async function ownTree( path: string ): Promise< WordpressTree > {
	if ( ! existsSync( path ) ) {
		throw new DevError( `ROLLCALL_WORDPRESS names ${ path }, which does not exist.` );
	}
	const stat = statSync( path );
	if ( stat.isDirectory() ) {
		return { folder: path, version: versionOf( path ), from: path };
	}
	const folder = join( STATE, 'wordpress', `own-${ stat.size }-${ Math.trunc( stat.mtimeMs ) }` );
	if ( ! existsSync( folder ) ) {
		const staging = mkdtempSync( join( tmpdir(), 'rollcall-wordpress-' ) );
		await unzip( path, staging );
		const [ inner ] = readdirSync( staging ).filter( ( name ) => existsSync( join( staging, name, 'wp-includes' ) ) );
		versionOf( join( staging, inner ?? '' ) );
		cpSync( join( staging, inner ?? '' ), folder, { recursive: true } );
		rmSync( staging, { recursive: true, force: true } );
	}
	return { folder, version: versionOf( folder ), from: path };
}

/** `$wp_version` of a tree. */
export function versionOf( folder: string ): string {
	const file = join( folder, 'wp-includes/version.php' );
	const version = existsSync( file ) ? /\$wp_version\s*=\s*'([^']+)'/.exec( readFileSync( file, 'utf8' ) )?.[ 1 ] : undefined;
	if ( version === undefined ) {
		throw new DevError( `${ folder } is no WordPress: wp-includes/version.php is not there.` );
	}
	return version;
}
