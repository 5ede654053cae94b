import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	writeFileSync,
	rmSync,
	lstatSync,
	readlinkSync,
	copyFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DevError, must } from './run.ts';

/** WordPress and the packages that its links point into. */
const PACKAGES = [
	'wordpress',
	'wordpress-theme-twentytwentyfive',
	'libjs-cropper',
	'libjs-jquery-ui',
	'libjs-jquery',
	'libjs-lodash',
	'libjs-underscore',
	'libphp-phpmailer',
	'php-getid3',
];

/** One source entry for `suite`, made of the machine's own Debian mirror; null on another system. */
function sourceOf( suite: string ): { name: string; text: string } | null {
	const folder = '/etc/apt/sources.list.d';
	const modern = existsSync( folder ) ? readdirSync( folder ).filter( ( name ) => /debian.*\.sources$/.test( name ) ) : [];
	for ( const name of modern ) {
		const stanza = readFileSync( join( folder, name ), 'utf8' )
			.split( /\n\s*\n/ )
			.find( ( text ) => /^Types:.*\bdeb\b/m.test( text ) );
		if ( stanza ) {
			return {
				name: 'one.sources',
				text: stanza.replace( /^Suites:.*$/m, `Suites: ${ suite }` ).replace( /^Components:.*$/m, 'Components: main' ) + '\n',
			};
		}
	}
	const old = existsSync( '/etc/apt/sources.list' ) ? readFileSync( '/etc/apt/sources.list', 'utf8' ) : '';
	const line = /^deb\s+(\[[^\]]*\]\s+)?(\S*debian\S*)\s/m.exec( old );
	return line ? { name: 'one.list', text: `deb ${ line[ 1 ] ?? '' }${ line[ 2 ] } ${ suite } main\n` } : null;
}

/** Unpacks Debian's WordPress of `suite` into the new folder `target`. The system's own packages stay as they are. */
export async function debianWordpress( suite: string, target: string ): Promise< void > {
	const source = sourceOf( suite );
	if ( source === null ) {
		throw new DevError( 'this is no Debian system' );
	}
	const work = mkdtempSync( join( tmpdir(), 'rollcall-debian-' ) );
	try {
		for ( const folder of [ 'lists/partial', 'cache/archives/partial', 'deb', 'tree' ] ) {
			mkdirSync( join( work, folder ), { recursive: true } );
		}
		writeFileSync( join( work, source.name ), source.text );
		const options = [
			`Dir::Etc::SourceList=${ join( work, source.name ) }`,
			'Dir::Etc::SourceParts=/dev/null',
			`Dir::State::Lists=${ join( work, 'lists' ) }`,
			`Dir::Cache=${ join( work, 'cache' ) }`,
			'APT::Sandbox::User=root',
		].flatMap( ( option ) => [ '-o', option ] );
		await must( `apt-get update for ${ suite }`, 'apt-get', [ ...options, 'update', '-q' ], '', { timeout_ms: 180_000 } );
		await must( 'apt-get download', 'apt-get', [ ...options, 'download', '-q', ...PACKAGES ], '', {
			cwd: join( work, 'deb' ),
			timeout_ms: 180_000,
		} );
		const tree = join( work, 'tree' );
		for ( const name of readdirSync( join( work, 'deb' ) ) ) {
			await must( `unpacking ${ name }`, 'dpkg-deb', [ '-x', join( work, 'deb', name ), tree ], '' );
		}
		copyResolved( join( tree, 'usr/share/wordpress' ), target, tree );
		rmSync( join( target, 'wp-config.php' ), { force: true } );
	} finally {
		rmSync( work, { recursive: true, force: true } );
	}
}

/** Copies a tree with its links replaced by what they point to, first inside `tree`, then on this system.
 *  A link that points nowhere is left out: the certificates are in a package that is not fetched. */
function copyResolved( from: string, to: string, tree: string ): void {
	const stat = lstatSync( from );
	if ( stat.isSymbolicLink() ) {
		const link = readlinkSync( from );
		const targets = link.startsWith( '/' ) ? [ join( tree, link ), link ] : [ join( dirname( from ), link ) ];
		const found = targets.find( ( path ) => existsSync( path ) || isLink( path ) );
		if ( found !== undefined ) {
			copyResolved( found, to, tree );
		}
	} else if ( stat.isDirectory() ) {
		mkdirSync( to, { recursive: true } );
		for ( const name of readdirSync( from ) ) {
			copyResolved( join( from, name ), join( to, name ), tree );
		}
	} else {
		copyFileSync( from, to );
	}
}

function isLink( path: string ): boolean {
	return lstatSync( path, { throwIfNoEntry: false } )?.isSymbolicLink() === true;
}
