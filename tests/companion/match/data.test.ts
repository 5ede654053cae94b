import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CORE_MAIL, TYPO_TARGETS } from '../../../companion/src/match/data/core-mail.ts';
import { DISPOSABLE } from '../../../companion/src/match/data/disposable.ts';
import { FREE_MAIL } from '../../../companion/src/match/data/free-mail.ts';
import { PAGE_HOSTS, PLATFORM, TENANT_HOSTS } from '../../../companion/src/match/data/platform.ts';
import { RELAY } from '../../../companion/src/match/data/relay.ts';
import { normalizeHost } from '../../../companion/src/match/normalize-domain.ts';

const WRITTEN = { CORE_MAIL, FREE_MAIL, RELAY, PLATFORM, PAGE_HOSTS, TENANT_HOSTS };

describe( 'data files', () => {
	for ( const [ name, set ] of Object.entries( WRITTEN ) ) {
		it( `${ name } holds domains as the normaliser gives them`, () => {
			for ( const entry of set ) {
				const found = normalizeHost( entry );
				assert.equal( found.host, entry, entry );
				assert.ok( found.ok || ( name === 'TENANT_HOSTS' && found.reason === 'public_suffix' ), entry );
			}
		} );

		it( `${ name } has no entry of another list`, () => {
			for ( const [ other, others ] of Object.entries( WRITTEN ) ) {
				const shared = other === name ? [] : [ ...set ].filter( ( entry ) => others.has( entry ) );
				assert.deepEqual( shared, [], other );
			}
		} );
	}

	it( 'the throw-away list names no large provider, relay, or listed company it is known to have named', () => {
		const real = [ ...CORE_MAIL, ...RELAY, ...PLATFORM, 'hey.com', 'ubicloud.com', 'easypost.com' ];
		assert.deepEqual(
			real.filter( ( domain ) => DISPOSABLE.has( domain ) ),
			[]
		);
		assert.ok( DISPOSABLE.size > 8000 );
	} );

	it( 'no company of the golden list is taken for free mail', () => {
		assert.deepEqual(
			[ 'easypost.com', 'ubicloud.com', 'facebook.com' ].filter( ( domain ) => FREE_MAIL.has( domain ) ),
			[]
		);
	} );

	it( 'typos are looked for of core providers only', () => {
		assert.deepEqual(
			TYPO_TARGETS.filter( ( target ) => ! CORE_MAIL.has( target ) ),
			[]
		);
	} );
} );
