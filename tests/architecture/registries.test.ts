import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { files, read } from './sources.ts';

const found = ( pattern: RegExp, text: string ): string[] => [ ...text.matchAll( pattern ) ].map( ( [ , name ] ) => name ?? '' );
const between = ( text: string, start: string, end: string ): string => text.split( start )[ 1 ]?.split( end )[ 0 ] ?? '';

/** What is built is registered, and what is registered is there: a line that was forgotten leaves no other trace. */
describe( 'registries', () => {
	it( 'have every screen, on the page and in the menu', () => {
		const built = files( 'admin-ts/src/screens/*/index.tsx' ).flatMap( ( path ) => found( /screens\/([^/]+)\//g, path ) );
		const on_page = found( /\{ name: '([^']+)'/g, read( 'admin-ts/src/screens/index.ts' ) );
		const menu = between( read( 'plugin/src/Admin/Page.php' ), 'private static function screens()', '\n\t}' );
		assert.notEqual( built.length, 0 );
		assert.deepEqual( on_page.toSorted(), built );
		assert.deepEqual( found( /'([^']+)'\s*=> array\(/g, menu ), on_page );
	} );

	it( 'have every shortcode, with its template and its block', () => {
		const pieces = files( 'plugin/src/Shortcodes/*.php' ).filter( ( path ) => read( path ).includes( ' implements Piece' ) );
		const names = pieces.map( ( path ) => path.split( '/' ).at( -1 )?.replace( '.php', '' ) ?? '' );
		const registry = between( read( 'plugin/src/Shortcodes/Shortcode.php' ), 'PIECES = array(', ');' );
		assert.notEqual( pieces.length, 0 );
		assert.deepEqual( found( /(\w+)::TAG\s*=> \1::class/g, registry ).toSorted(), names );
		const tags = pieces.flatMap( ( path ) => found( /const TAG\s*= '([^']+)'/g, read( path ) ) );
		assert.equal( tags.length, pieces.length );
		for ( const tag of tags ) {
			assert.ok( read( `plugin/templates/${ tag }.php` ).includes( "defined( 'ABSPATH' )" ), tag );
			const block: { name?: string } = JSON.parse( read( `admin-ts/src/blocks/${ tag }/block.json` ) );
			assert.equal( block.name, `rollcall/${ tag }` );
		}
	} );
} );
