import { __, sprintf } from '@wordpress/i18n';
import type { CheckCode, MailState, ScreenState } from '../../../companion/src/contract/vocabulary.ts';
import { Badge, type Tone } from './frame.tsx';

/** What a monitor's state is called. */
export function screenStateText( state: ScreenState ): string {
	const words: Record< ScreenState, string > = {
		up: __( 'Up', 'rollcall' ),
		degraded: __( 'Slow or degraded', 'rollcall' ),
		down: __( 'Down', 'rollcall' ),
		no_reading: __( 'No reading', 'rollcall' ),
		paused: __( 'Paused', 'rollcall' ),
		maintenance: __( 'Maintenance', 'rollcall' ),
		confirming: __( 'Confirming', 'rollcall' ),
	};
	return words[ state ];
}

const TONES: Record< ScreenState, Tone > = {
	up: 'good',
	degraded: 'warning',
	down: 'bad',
	no_reading: 'neutral',
	paused: 'neutral',
	maintenance: 'accent',
	confirming: 'warning',
};

/** Drawn in a circle of 16 by 16, so that states differ without their colour too. */
const SHAPES: Record< ScreenState, string > = {
	up: 'M4.5 8.5 7 11l4.5-5.5',
	degraded: 'M8 4v5M8 11.5v.5',
	down: 'm5.5 5.5 5 5m0-5-5 5',
	no_reading: 'M6 6.5a2 2 0 1 1 2.8 1.8c-.5.3-.8.6-.8 1.2M8 11.7v.3',
	paused: 'M6.5 5.5v5m3-5v5',
	maintenance: 'M5 8h6',
	confirming: 'M4.8 8h.2m2.9 0h.2m2.9 0h.2',
};

/** A state as a word with its sign; the colour only repeats them. */
export function StateBadge( { state }: { state: ScreenState } ) {
	return (
		<Badge tone={ TONES[ state ] }>
			<svg className="rollcall-state-sign" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
				<circle cx="8" cy="8" r="7.25" />
				<path d={ SHAPES[ state ] } />
			</svg>
			{ screenStateText( state ) }
		</Badge>
	);
}

type Site = { screen_state: ScreenState; error_code: CheckCode | null; mail_state: MailState | null; last_checked_at: string | null };

/** Its name is gone, so it is not only down for now. */
const GONE: readonly ( CheckCode | null )[] = [ 'dns_nxdomain', 'dns_nodata' ];

function webText( { screen_state, error_code }: Site ): string {
	switch ( screen_state ) {
		case 'up':
			return __( 'Web up', 'rollcall' );
		case 'degraded':
			return __( 'Web slow', 'rollcall' );
		case 'down':
			return GONE.includes( error_code ) ? __( 'Web dead', 'rollcall' ) : __( 'Web down', 'rollcall' );
		case 'confirming':
			return __( 'Web being confirmed', 'rollcall' );
		default:
			return __( 'Web not known', 'rollcall' );
	}
}

function mailText( state: MailState ): string {
	switch ( state ) {
		case 'alive':
			return __( 'mail alive', 'rollcall' );
		case 'dead':
			return __( 'mail dead', 'rollcall' );
		case 'unknown':
			return __( 'mail not known', 'rollcall' );
	}
}

/** Whether a company's site and mail are alive, such as "Web down, mail alive". */
export function siteText( site: Site ): string {
	if ( site.screen_state === 'paused' || site.screen_state === 'maintenance' ) {
		return screenStateText( site.screen_state );
	}
	if ( site.last_checked_at === null ) {
		return __( 'Not checked yet', 'rollcall' );
	}
	if ( site.screen_state === 'no_reading' && site.mail_state === null ) {
		return screenStateText( 'no_reading' );
	}
	return site.mail_state === null
		? webText( site )
		: /* translators: 1: such as "Web up", 2: such as "mail alive". */
			sprintf( __( '%1$s, %2$s', 'rollcall' ), webText( site ), mailText( site.mail_state ) );
}

/** A company's site as a word in a badge; what is dead stands out. */
export function SiteBadge( { site }: { site: Site } ) {
	const tone = site.last_checked_at === null ? 'neutral' : site.mail_state === 'dead' ? 'bad' : TONES[ site.screen_state ];
	return <Badge tone={ tone }>{ siteText( site ) }</Badge>;
}
