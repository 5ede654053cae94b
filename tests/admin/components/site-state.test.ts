import { describe, expect, it } from 'vitest';
import { screenStateText, siteText } from '../../../admin-ts/src/components/site-state.tsx';
import { SCREEN_STATES, wordsOf } from '../../../companion/src/contract/vocabulary.ts';
import { ago } from '../fixtures.ts';

describe( 'the state of a monitor', () => {
	it( 'has a word of its own each', () => {
		const words = wordsOf( SCREEN_STATES ).map( screenStateText );
		expect( words ).toEqual( [ 'Up', 'Slow or degraded', 'Down', 'No reading', 'Paused', 'Maintenance', 'Confirming' ] );
	} );
} );

describe( 'the site of a company', () => {
	it.each( [
		[ 'up', 'ok', 'alive', 'Web up, mail alive' ],
		[ 'up', 'ok', 'dead', 'Web up, mail dead' ],
		[ 'up', 'ok', 'unknown', 'Web up, mail not known' ],
		[ 'up', 'ok', null, 'Web up' ],
		[ 'degraded', 'too_slow', 'alive', 'Web slow, mail alive' ],
		[ 'down', 'http_status', 'alive', 'Web down, mail alive' ],
		[ 'down', 'connect_refused', 'dead', 'Web down, mail dead' ],
		[ 'down', 'dns_nxdomain', 'dead', 'Web dead, mail dead' ],
		[ 'down', 'dns_nodata', 'alive', 'Web dead, mail alive' ],
		[ 'confirming', 'http_status', 'alive', 'Web being confirmed, mail alive' ],
		[ 'no_reading', 'challenged', 'alive', 'Web not known, mail alive' ],
		[ 'no_reading', 'self_offline', null, 'No reading' ],
		[ 'paused', 'ok', 'alive', 'Paused' ],
	] as const )( 'that is %s by %s with mail %s is "%s"', ( screen_state, error_code, mail_state, text ) => {
		expect( siteText( { screen_state, error_code, mail_state, last_checked_at: ago( 5 ) } ) ).toBe( text );
	} );

	it( 'that was never checked says so', () => {
		expect( siteText( { screen_state: 'no_reading', error_code: null, mail_state: null, last_checked_at: null } ) ).toBe(
			'Not checked yet'
		);
	} );
} );
