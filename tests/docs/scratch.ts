import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	globSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BIN, ROOT, STATE } from '../../companion/src/dev/paths.ts';
import { run, type Ran } from '../../companion/src/dev/run.ts';

/** A copy of the repository's files, git's idea of them. Packages are linked; what PHP loads by its own place is copied. */
export class Scratch {
	readonly root = mkdtempSync( join( tmpdir(), 'rollcall-recipes-' ) );
	/** Paths that were made or changed. */
	readonly touched = new Set< string >();

	/** Fills the copy. */
	fill(): void {
		const listed = spawnSync( 'git', [ '-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard' ], {
			cwd: ROOT,
			encoding: 'utf8',
		} );
		if ( listed.status !== 0 ) {
			throw new Error( `git ls-files failed: ${ listed.stderr }` );
		}
		const files = listed.stdout
			.split( '\0' )
			.filter( ( path ) => path !== '' && lstatSync( join( ROOT, path ), { throwIfNoEntry: false } )?.isFile() );
		files.forEach( ( path ) => cpSync( join( ROOT, path ), join( this.root, path ) ) );
		[ 'node_modules', 'admin-ts/node_modules', 'companion/node_modules' ].forEach( ( path ) => this.#link( path ) );
		const packages = existsSync( join( ROOT, 'vendor' ) ) ? readdirSync( join( ROOT, 'vendor' ) ) : [];
		packages.forEach( ( name ) => this.#link( `vendor/${ name }`, [ 'autoload.php', 'composer' ].includes( name ) ) );
		this.#link( '.rollcall/phpunit' );
		this.#renameAutoloader();
	}

	/** A linked program loads the packages beside it, then those of the copy: both may be loaded when their names differ. */
	#renameAutoloader(): void {
		for ( const path of globSync( [ 'vendor/autoload.php', 'vendor/composer/autoload_{real,static}.php' ], { cwd: this.root } ) ) {
			this.write( path, this.read( path ).replace( /Composer(?:Autoloader|Static)Init(?=\w)/g, '$&Copy' ) );
		}
	}

	#link( path: string, is_copied = false ): void {
		const [ from, to ] = [ join( ROOT, path ), join( this.root, path ) ];
		if ( existsSync( from ) ) {
			mkdirSync( dirname( to ), { recursive: true } );
			return is_copied ? cpSync( from, to, { recursive: true } ) : symlinkSync( from, to );
		}
	}

	read( path: string ): string {
		return readFileSync( join( this.root, path ), 'utf8' );
	}

	write( path: string, text: string ): void {
		mkdirSync( dirname( join( this.root, path ) ), { recursive: true } );
		writeFileSync( join( this.root, path ), text );
		this.touched.add( path );
	}

	/** Adds the files of a folder of fixtures, which end in `.txt` so that no check of the repository reads them. `NEXT` in a
	 *  name is the number of the next migration. */
	add( folder: string ): void {
		const newest = globSync( '*.php', { cwd: join( this.root, 'plugin/src/Database/migrations' ) } )
			.toSorted()
			.at( -1 );
		const next = String( Number.parseInt( newest ?? '', 10 ) + 1 ).padStart( 4, '0' );
		const files = globSync( '**/*.txt', { cwd: folder } );
		files.forEach( ( path ) =>
			this.write( path.replace( /\.txt$/, '' ).replace( 'NEXT', next ), readFileSync( join( folder, path ), 'utf8' ) )
		);
	}

	/** Puts text behind the one place in a file that says `anchor`. */
	insert( path: string, anchor: string, text: string ): void {
		const parts = this.read( path ).split( anchor );
		if ( parts.length !== 2 ) {
			throw new Error( `${ path } says ${ JSON.stringify( anchor ) } ${ parts.length - 1 } times, not once.` );
		}
		this.write( path, parts.join( anchor + text ) );
	}

	/** Runs a command in the copy. A run of node:test that is told of one around it would run nothing. */
	run( command: string, args: readonly string[], env: Record< string, string > = {} ): Promise< Ran > {
		delete process.env.NODE_TEST_CONTEXT;
		const path = `${ BIN }:${ process.env.PATH }`;
		return run( command, args, { cwd: this.root, env: { PATH: path, ...env }, timeout_ms: 180_000 } );
	}

	/** Does the work on a file that lacks `text`, and puts it back. */
	async without< T >( path: string, text: string, work: () => Promise< T > ): Promise< T > {
		const whole = this.read( path );
		this.write(
			path,
			whole.replace( text, () => '' )
		);
		try {
			return await work();
		} finally {
			this.write( path, whole );
		}
	}

	remove(): void {
		rmSync( this.root, { recursive: true, force: true, maxRetries: 3 } );
	}
}

/** Why PHP cannot be asked here; false when it can. */
export function phpMissing( needs: 'php' | 'packages' | 'WordPress' ): string | false {
	if ( spawnSync( 'php', [ '-v' ] ).status !== 0 ) {
		return 'there is no php';
	}
	if ( needs !== 'php' && ! existsSync( join( ROOT, 'vendor/autoload.php' ) ) ) {
		return 'vendor/ is not there';
	}
	return needs === 'WordPress' && wordpressAtHand() === undefined ? 'no WordPress was fetched yet' : false;
}

/** A WordPress tree that needs no fetching. */
export function wordpressAtHand(): string | undefined {
	return [ process.env.ROLLCALL_WORDPRESS ?? '', join( STATE, 'wordpress/7.1' ) ].find( ( folder ) =>
		existsSync( join( folder, 'wp-includes/version.php' ) )
	);
}
