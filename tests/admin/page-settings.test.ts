import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { screens } from '../../admin-ts/src/screens/index.ts';
import { allowed } from './fixtures.ts';

const php = readFileSync( resolve( 'plugin/src/Admin/Page.php' ), 'utf8' );

/** Keys of the arrays in a method of Admin\Page, in their order. */
function keysIn( method: string ): string[] {
	const body = php.slice( php.indexOf( `function ${ method }(` ) );
	return [ ...body.slice( 0, body.indexOf( '\n\t}' ) ).matchAll( /^\t+'(\w+)'\s+=>/gm ) ].map( ( [ , key ] ) => key ?? '' );
}

describe( 'the page and Admin\\Page', () => {
	it( 'name the same settings', () => {
		const { can, ...rest } = allowed();
		expect( keysIn( 'settings' ).toSorted() ).toEqual( [ ...Object.keys( rest ), 'can', ...Object.keys( can ) ].toSorted() );
	} );

	it( 'name the same screens in the same order', () => {
		expect( keysIn( 'screens' ) ).toEqual( screens.map( ( { name } ) => name ) );
	} );
} );
