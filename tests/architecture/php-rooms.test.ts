import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { files, read } from './sources.ts';

const SOURCES = files( 'plugin/*.php', 'plugin/src/**/*.php', 'plugin/templates/**/*.php' );

/** PHP without its comments; strings stay, since HTML and column names stand in them. */
function code( path: string ): string {
	return read( path )
		.replace( /\/\*[\s\S]*?\*\//g, '' )
		.replace( /^\s*(\/\/|#).*$/gm, '' )
		.replace( /\s\/\/ .*$/gm, '' );
}

/** What may stand only in some rooms. */
const RULES: { word: string; pattern: RegExp; rooms: RegExp }[] = [
	{ word: '$wpdb', pattern: /\$wpdb\b|\$GLOBALS\[\s*'wpdb'\s*\]/, rooms: /^plugin\/src\/Database\// },
	{ word: 'register_rest_route', pattern: /\bregister_rest_route\b/, rooms: /^plugin\/src\/Rest\// },
	{ word: 'what an active monitor is', pattern: /\bactive = 1\b/, rooms: /^plugin\/src\/Database\/Monitors\.php$/ },
	{ word: 'user_email', pattern: /\buser_email\b/, rooms: /^plugin\/src\/Users\// },
	{
		word: 'HTML for visitors',
		pattern: /<\/?(div|span|p|ul|ol|li|a|img|h[1-6]|table|tr|td|form|input|section|figure|svg)[\s>]/,
		rooms: /^plugin\/(templates|src\/Admin)\//,
	},
	{
		word: 'add_action or add_filter',
		pattern: /\badd_(action|filter)\s*\(/,
		rooms: /^plugin\/src\/(Plugin\.php|Rest\/|Database\/|Companion\/)/,
	},
];

describe( 'rooms of the plugin', () => {
	for ( const { word, pattern, rooms } of RULES ) {
		it( `keeps ${ word } in its room`, () => {
			const users = SOURCES.filter( ( path ) => pattern.test( code( path ) ) );
			assert.deepEqual(
				users.filter( ( path ) => ! rooms.test( path ) ),
				[]
			);
			assert.notEqual( users.length, 0, 'the pattern finds nothing at all' );
		} );
	}

	it( 'declares strict types in every file', () => {
		const wrong = SOURCES.filter( ( path ) => ! /^declare\( strict_types = 1 \);/m.test( read( path ) ) );
		assert.deepEqual( wrong, [] );
	} );

	it( 'has final classes only, one a file, where their name says', () => {
		const wrong = files( 'plugin/src/**/*.php' ).filter( ( path ) => {
			const classes = [ ...code( path ).matchAll( /^(final |abstract |readonly )*(class|interface|trait|enum) (\w+)/gm ) ];
			const name = path.split( '/' ).at( -1 )?.replace( '.php', '' );
			return (
				classes.some( ( [ text, , kind, found ] ) => found !== name || ( kind === 'class' && ! text.includes( 'final ' ) ) ) ||
				classes.length > 1
			);
		} );
		assert.deepEqual( wrong, [] );
	} );

	it( 'calls of mbstring only what WordPress has on servers without it', () => {
		const calls = SOURCES.flatMap( ( path ) =>
			[ ...code( path ).matchAll( /\bmb_\w+/g ) ].map( ( [ name ] ) => `${ path } ${ name }` )
		);
		assert.deepEqual(
			calls.filter( ( call ) => ! / mb_(substr|strlen)$/.test( call ) ),
			[]
		);
		assert.notEqual( calls.length, 0, 'the pattern finds nothing at all' );
	} );

	it( 'names one folder in its header: that of the translations, which the build makes', () => {
		assert.deepEqual( read( 'plugin/rollcall.php' ).match( /(?<=Domain Path: ).*/g ), [ '/languages' ] );
		assert.match( read( 'companion/src/dev/build.ts' ), /languages/ );
	} );

	it( 'names no loopback address', () => {
		assert.deepEqual(
			SOURCES.filter( ( path ) => /localhost|127\.0\.0\.1/.test( code( path ) ) ),
			[]
		);
	} );
} );
