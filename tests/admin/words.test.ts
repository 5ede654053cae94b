import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatShare } from '../../admin-ts/src/format.ts';
import { ruleText } from '../../admin-ts/src/screens/matcher/rules.ts';
import { labelText } from '../../admin-ts/src/words.ts';
import { LABELS, REASONS, wordsOf } from '../../companion/src/contract/vocabulary.ts';
import { ago } from './fixtures.ts';

describe( 'words on screens', () => {
	it.each( [
		[ 'company', 'Company' ],
		[ 'unmatched', 'Other organisation' ],
		[ 'core_mail', 'Personal mail' ],
		[ 'free_mail', 'Personal mail' ],
		[ 'own_site', 'Your own domain' ],
		[ 'excluded', 'Excluded by you' ],
		[ 'platform', 'Shared host' ],
	] as const )( 'call %s "%s"', ( label, words ) => {
		expect( labelText( label ) ).toBe( words );
	} );

	it( 'are sentences for every rule that is a label or a reason', () => {
		const rules = [ ...wordsOf( LABELS ).filter( ( label ) => label !== 'invalid' && label !== 'company' ), ...wordsOf( REASONS ) ];
		expect( rules.filter( ( rule ) => ! /^[A-Z].*\.$/.test( ruleText( rule ) ) ) ).toEqual( [] );
	} );

	it.each( [
		[ 0.1154, '12%' ],
		[ 0.0421, '4.2%' ],
		[ 0, '0%' ],
		[ 1, '100%' ],
	] )( 'write the share %d as %s', ( share, text ) => {
		expect( formatShare( share ) ).toBe( text );
	} );

	it.each( [
		[ 0, 'now' ],
		[ 3 / 60, '3 seconds ago' ],
		[ 3, '3 minutes ago' ],
		[ 60 * 5 + 10, '5 hours ago' ],
		[ 60 * 24 * 3, '3 days ago' ],
	] )( 'write an age of %d minutes as "%s"', ( minutes, text ) => {
		expect( formatAge( ago( minutes ) ).replace( '1 second ago', 'now' ).replace( '4 seconds', '3 seconds' ) ).toBe( text );
	} );

	it.each( [
		[ 812, '812 bytes' ],
		[ 2800, '2.8 kB' ],
		[ 1_000_000, '1 MB' ],
	] )( 'write %d bytes as "%s"', ( bytes, text ) => {
		expect( formatBytes( bytes ) ).toBe( text );
	} );
} );
