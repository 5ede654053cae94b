import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { join } from 'node:path';
import { ROOT } from '../../companion/src/dev/paths.ts';
import type { Ran } from '../../companion/src/dev/run.ts';
import { LINES, RECIPES } from './recipes.ts';
import { phpMissing, Scratch, wordpressAtHand } from './scratch.ts';

/** Written by emit. */
const EMITTED = [ 'companion/docs/errors.md', 'plugin/contract/ErrorTexts.php' ];

const PHP = [
	'plugin/src/Database/Lists.php',
	'plugin/src/Admin/Page.php',
	'plugin/src/Shortcodes/Notes.php',
	'plugin/src/Shortcodes/Shortcode.php',
	'plugin/templates/notes.php',
	'plugin/contract/ErrorTexts.php',
];

/** The text below a heading of CONTRIBUTING. */
function section( text: string, heading: string ): string {
	return text.split( `### ${ heading }\n` )[ 1 ]?.split( /^##/m )[ 0 ] ?? '';
}

/** The paths that a recipe has a person write to, as patterns; what "checks" by itself is not written to. */
function pathsOf( recipe: string ): RegExp[] {
	return [ ...recipe.matchAll( /`((?:plugin|admin-ts|companion|tests)\/[^`]+)`(?! checks)/g ) ].map( ( [ , path = '' ] ) => {
		const pattern = path.replace( /[.]/g, '\\.' ).replace( /<\w+>/g, '\\w+' );
		return new RegExp( `^${ pattern }${ path.endsWith( '/' ) ? '.+' : '$' }` );
	} );
}

const passes = ( ran: Ran ): void => assert.equal( ran.code, 0, ran.output.slice( -6000 ) );

describe( 'recipes of CONTRIBUTING, carried out on a copy', () => {
	const scratch = new Scratch();
	const touched = new Map< string, string[] >();
	const node = ( ...args: string[] ): Promise< Ran > => scratch.run( process.execPath, args );
	const architecture = (): Promise< Ran > => node( '--test', 'tests/architecture/*.test.ts' );
	const contract = (): Promise< Ran > => node( 'companion/src/dev/test.ts', '--only', 'contract diff' );
	const phpunit = ( filter: string ): Promise< Ran > =>
		scratch.run( process.execPath, [ 'companion/src/dev/phpunit.ts', '--db=sqlite', '--', '--filter', filter ], {
			ROLLCALL_WORDPRESS: wordpressAtHand() ?? '',
		} );

	const migration = (): string => touched.get( 'A column' )?.find( ( path ) => path.includes( '/migrations/' ) ) ?? '';
	const php = (): string[] => [ migration(), ...PHP ];

	before( async () => {
		scratch.fill();
		for ( const [ heading, carryOut ] of Object.entries( RECIPES ) ) {
			scratch.touched.clear();
			carryOut( scratch );
			touched.set( heading, [ ...scratch.touched ] );
		}
		passes( await node( 'companion/src/emit.ts' ) );
	} );
	after( () => scratch.remove() );

	it( 'are all of the recipes but those whose room is not built', () => {
		const headings = section(
			scratch.read( 'CONTRIBUTING.md' ).replace( /^### /gm, '~ ' ).replace( '## Recipes', '### Recipes' ),
			'Recipes'
		);
		const built = headings
			.split( /^~ /m )
			.slice( 1 )
			.filter( ( text ) => ! text.includes( 'Not built yet' ) );
		assert.deepEqual( built.map( ( text ) => text.split( '\n' )[ 0 ] ).toSorted(), Object.keys( RECIPES ).toSorted() );
	} );

	for ( const heading of Object.keys( RECIPES ) ) {
		it( `name every file that is written, and no other: ${ heading }`, () => {
			const recipe = section( scratch.read( 'CONTRIBUTING.md' ), heading );
			const written = touched.get( heading ) ?? [];
			const patterns = pathsOf( recipe );
			assert.notEqual( patterns.length, 0 );
			assert.deepEqual(
				written.filter( ( path ) => ! patterns.some( ( pattern ) => pattern.test( path ) ) ),
				[],
				'written but not named'
			);
			const all = recipe.includes( 'npm run emit' ) ? [ ...written, ...EMITTED ] : written;
			assert.deepEqual(
				patterns.filter( ( pattern ) => ! all.some( ( path ) => pattern.test( path ) ) ),
				[],
				'named but not written'
			);
		} );
	}

	it( 'give code of the right types', async () => passes( await node( 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json' ) ) );

	it( 'keep rooms and registries as they are', async () => passes( await architecture() ) );

	it( 'emit what the contract says, for PHP and for people', async () => {
		passes( await contract() );
		passes( await node( '--test', '--test-name-pattern', 'page of error codes', 'tests/docs/docs.test.ts' ) );
		assert.match( scratch.read( 'companion/docs/errors.md' ), /^\| `note_lost` \| 409 \|/m );
	} );

	it( 'give a check type', async () => passes( await node( '--test', 'tests/companion/probes/nothing.test.ts' ) ) );

	it( 'give a screen with its four faces', async () => {
		const tests = [ 'tests/admin/screens/faces.test.tsx', 'tests/admin/screens/notes' ];
		passes(
			await node(
				'node_modules/vitest/vitest.mjs',
				'run',
				'--config',
				'admin-ts/vitest.config.ts',
				...tests,
				'-t',
				'the notes screen'
			)
		);
	} );

	it( 'are noticed when a line of a registry is left out', async () => {
		const registries = {
			'admin-ts/src/screens/index.ts': LINES.screens,
			'plugin/src/Admin/Page.php': LINES.menu,
			'plugin/src/Shortcodes/Shortcode.php': LINES.shortcode,
		};
		for ( const [ path, line ] of Object.entries( registries ) ) {
			const ran = await scratch.without( path, line, () => node( '--test', 'tests/architecture/registries.test.ts' ) );
			assert.equal( ran.code, 1, path );
			assert.match( ran.output, /notes|Notes/, path );
		}
	} );

	it( 'are noticed when npm run emit is left out', async () => {
		const ran = await scratch.without( 'companion/src/contract/error-codes.ts', LINES.error_code, contract );
		assert.match( ran.output, /error-codes\.json is not what the contract says: npm run emit/ );
		assert.match( ran.output, /ErrorTexts\.php is not what the contract says: npm run emit/ );
	} );

	it( 'give PHP that can be read, and a migration that the lint takes', { skip: phpMissing( 'php' ) }, async () => {
		for ( const path of php() ) {
			passes( await scratch.run( 'php', [ '-l', path ] ) );
		}
		const lint = `require 'tests/migrations/Lint.php'; $code = file_get_contents( $argv[2] );
			exit( array() === Rollcall\\Tests\\Migrations\\Lint::faults( basename( $argv[2], '.php' ), $argv[1] === 'whole' ? $code : str_replace( ', nullable: true', '', $code ) ) ? 0 : 3 );`;
		passes( await scratch.run( 'php', [ '-r', lint, '--', 'whole', migration() ] ) );
		assert.equal( ( await scratch.run( 'php', [ '-r', lint, '--', 'required', migration() ] ) ).code, 3 );
	} );

	it( 'give PHP that the lints take', { skip: phpMissing( 'packages' ) }, async () => {
		passes( await scratch.run( 'php', [ '-d', 'error_reporting=8191', join( ROOT, 'vendor/bin/phpcs' ), '-q', ...php() ] ) );
		// Errors that the settings allow in other files are not there.
		scratch.write( 'few.neon', 'includes: [ phpstan.neon.dist ]\nparameters:\n\treportUnmatchedIgnoredErrors: false\n' );
		const phpstan = [ 'vendor/phpstan/phpstan/phpstan.phar', 'analyse', '--no-progress', '-c', 'few.neon', ...php() ];
		passes( await scratch.run( 'php', [ '-d', 'memory_limit=2G', ...phpstan ] ) );
	} );

	it( 'pass the tests on a WordPress', { skip: phpMissing( 'WordPress' ) }, async () => {
		const ran = await phpunit( 'ListNoteTest|NotesTest|ListsTest|LintTest|MigratorTest|an_upgraded_schema|PageTest|ErrorsTest' );
		passes( ran );
		assert.match( ran.output, /OK \(\d{2,} tests/ );
	} );

	it( 'are noticed when the reader of a column is left out', { skip: phpMissing( 'WordPress' ) }, async () => {
		const reader = "\n\t\t\t'note'              => $stored_list['note'],";
		const ran = await scratch.without( 'plugin/src/Database/Lists.php', reader, () => phpunit( 'ListsTest' ) );
		assert.match( ran.output, /note is a required property/ );
	} );
} );
