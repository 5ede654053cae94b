import { mkdtempSync, readdirSync, readFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedFiles } from '../emit.ts';
import { buildAll } from './build.ts';
import { judged, NOTHING, ofJunit, ofPlaywright, ofTap, ofVitest, type Counts } from './counts.ts';
import { BIN, ROOT, STATE } from './paths.ts';
import { phpunit } from './phpunit.ts';
import { run, type Ran } from './run.ts';
import type { Tool } from './system.ts';
import { wordpressTree, type WordpressTree } from './wordpress.ts';
import { makeZip } from './zip.ts';

export type Outcome = Counts & { output: string };

/** A runner of `npm test`. */
export type Part = {
	name: string;
	needs: readonly Tool[];
	/** Only in `npm test`, not in `npm run verify`. */
	slow?: boolean;
	/** What is done before any part runs, once for all parts that name it. */
	prepare?: readonly ( () => Promise< unknown > )[];
	run: () => Promise< Outcome >;
};

const log = ( name: string ): string => join( STATE, 'test', `${ name }.log` );

/** A tool that is one check: it passes when it exits with 0. */
function tool( name: string, command: string, args: readonly string[], needs: readonly Tool[] = [] ): Part {
	return {
		name,
		needs,
		run: async () => {
			const ran = await run( command, args, { log: log( name ) } );
			return { ...NOTHING, passed: ran.code === 0 ? 1 : 0, failed: ran.code === 0 ? 0 : 1, output: ran.output };
		},
	};
}

/** A runner with a report of its own. */
export function runner(
	name: string,
	count: ( report: string ) => Counts,
	start: ( report_file: string ) => Promise< Ran >,
	needs: readonly Tool[] = [],
	more: Pick< Part, 'slow' | 'prepare' > = {}
): Part {
	return {
		name,
		needs,
		...more,
		run: async () => {
			const report = join( mkdtempSync( join( tmpdir(), 'rollcall-report-' ) ), 'report' );
			const ran = await start( report );
			const counts = existsSync( report ) ? count( readFileSync( report, 'utf8' ) ) : NOTHING;
			return { ...judged( counts, ran.code ), output: ran.output };
		},
	};
}

/** The generated contract files are those of the source, and there are no others. */
const contract: Part = {
	name: 'contract diff',
	needs: [],
	run: () => {
		const folder = join( ROOT, 'plugin/contract' );
		const files = generatedFiles();
		const wrong = [
			...Object.entries( files )
				.filter(
					( [ name, content ] ) =>
						! existsSync( join( folder, name ) ) || readFileSync( join( folder, name ), 'utf8' ) !== content
				)
				.map( ( [ name ] ) => name ),
			...readdirSync( folder ).filter( ( name ) => ! ( name in files ) ),
		];
		const output = wrong.map( ( name ) => `plugin/contract/${ name } is not what the contract says: npm run emit` ).join( '\n' );
		return Promise.resolve( { passed: wrong.length === 0 ? 1 : 0, failed: wrong.length, skipped: 0, output } );
	},
};

const NODE_TESTS = [ 'companion', 'contract', 'architecture', 'docs' ].map( ( room ) => `tests/${ room }/**/*.test.ts` );

/** Arguments of node:test for people on stdout and for counting in a file. */
const tapOf = ( report: string, files: readonly string[] ): string[] => [
	'--test',
	'--test-reporter=spec',
	'--test-reporter-destination=stdout',
	'--test-reporter=tap',
	`--test-reporter-destination=${ report }`,
	...files,
];

const nodeTests = runner( 'node tests', ofTap, ( report ) =>
	run( join( BIN, 'node' ), tapOf( report, NODE_TESTS ), { log: log( 'node-tests' ) } )
);

const vitest = runner( 'admin tests', ofVitest, ( report ) =>
	run(
		join( BIN, 'vitest' ),
		[ 'run', '--config', 'admin-ts/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile=${ report }` ],
		{
			log: log( 'admin-tests' ),
		}
	)
);

/** Fetched before anything runs: two parts at once would both fetch it, and the recipes are tried on what is there. */
const newestWordpress = (): Promise< WordpressTree > => wordpressTree( '7.1' );

/** The zip that the slow parts install, built once in a run of the tests, while no other part reads what is built. */
let zip: Promise< string > | null = null;
const builtZip = (): Promise< string > => ( zip ??= buildAll().then( () => makeZip( join( STATE, 'zip' ) ) ) );
const SLOW = { slow: true, prepare: [ newestWordpress, builtZip ] };

/** PHPUnit as one suite on a real WordPress. */
function php( name: string, db: 'sqlite' | 'mariadb', multisite: boolean ): Part {
	return runner(
		name,
		ofJunit,
		async ( report ) => {
			const { folder } = await newestWordpress();
			return phpunit( {
				db,
				multisite,
				wordpress: folder,
				phpunit_args: [ '--log-junit', report ],
				log: log( name.replaceAll( ' ', '-' ) ),
			} );
		},
		db === 'mariadb' ? [ 'php', 'mariadb' ] : [ 'php' ],
		{ prepare: [ newestWordpress ] }
	);
}

/** The plugin in the Playground: the oldest and the newest PHP, or those that ROLLCALL_PHP names. */
const phpVersions = runner(
	'php-versions',
	ofTap,
	async ( report ) => {
		const ROLLCALL_ZIP = await builtZip();
		return run( join( BIN, 'node' ), tapOf( report, [ 'tests/php-versions/*.test.ts' ] ), {
			env: { ROLLCALL_ZIP },
			log: log( 'php-versions' ),
		} );
	},
	[ 'php' ],
	SLOW
);

const endToEnd = runner(
	'end to end',
	ofPlaywright,
	async ( report ) =>
		run( join( BIN, 'playwright' ), [ 'test', '--config', 'tests/e2e/playwright.config.ts' ], {
			env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ROLLCALL_ZIP: await builtZip() },
			log: log( 'end-to-end' ),
		} ),
	[ 'php', 'mariadb', 'web', 'browser' ],
	SLOW
);

const LINTED = [ 'companion', 'admin-ts', 'tests', 'eslint.config.mjs', '.prettierrc.cjs' ];

/** In the order in which they begin: what fails fastest, then the longest first. */
export const PARTS: readonly Part[] = [
	tool( 'types', join( BIN, 'tsc' ), [ '-p', 'tsconfig.json' ] ),
	contract,
	tool( 'lint of PHP', 'php', [ '-d', 'error_reporting=8191', 'vendor/bin/phpcs', '-q' ], [ 'php' ] ),
	endToEnd,
	tool( 'lint of TypeScript', join( BIN, 'wp-scripts' ), [ 'lint-js', ...LINTED ] ),
	tool( 'PHPStan', 'php', [ '-d', 'memory_limit=2G', 'vendor/bin/phpstan', 'analyse', '--no-progress' ], [ 'php' ] ),
	vitest,
	php( 'PHPUnit on SQLite', 'sqlite', false ),
	php( 'PHPUnit on MariaDB', 'mariadb', false ),
	php( 'PHPUnit on a network of blogs', 'mariadb', true ),
	nodeTests,
	phpVersions,
];
