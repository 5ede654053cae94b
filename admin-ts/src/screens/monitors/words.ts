import { __, sprintf } from '@wordpress/i18n';
import { CHECK_FORMS } from '../../../../companion/src/contract/check-types.ts';
import type { CheckCode, CheckType } from '../../../../companion/src/contract/vocabulary.ts';
import { pageSettings } from '../../page-settings.ts';

export function checkTypeText( type: CheckType ): string {
	const words: Record< CheckType, string > = {
		http: __( 'Website', 'rollcall' ),
		tcp: __( 'TCP port', 'rollcall' ),
		tls: __( 'TLS certificate', 'rollcall' ),
		dns: __( 'DNS record', 'rollcall' ),
		push: __( 'Push', 'rollcall' ),
		rdap: __( 'Domain registration', 'rollcall' ),
	};
	return words[ type ];
}

/** What a check of a type does, in a sentence. */
export function checkTypeHelp( type: CheckType ): string {
	const words: Record< CheckType, string > = {
		http: __( 'Asks for a page and looks at status, content, time and certificate.', 'rollcall' ),
		tcp: __( 'Opens a connection to a port, such as that of a mail server.', 'rollcall' ),
		tls: __( 'Looks at the certificate and how long it is valid.', 'rollcall' ),
		dns: __( 'Asks name servers for a record.', 'rollcall' ),
		push: __( 'Waits for calls of your own program, such as a backup, and is down when one is missing.', 'rollcall' ),
		rdap: __( 'Looks up when the registration of a domain ends.', 'rollcall' ),
	};
	return words[ type ];
}

/** What a target of a type looks like. */
export function targetHelp( type: CheckType ): string {
	const { example } = CHECK_FORMS[ type ];
	return type === 'dns'
		? sprintf(
				/* translators: 1: example of an address, 2: the same with a name server at its end. */
				__( 'Such as %1$s, or %2$s to ask this name server', 'rollcall' ),
				example,
				`${ example }@192.0.2.53`
			)
		: /* translators: %s: example of an address. */
			sprintf( __( 'Such as %s', 'rollcall' ), example );
}

function networkText( code: CheckCode ): string | undefined {
	const words: Partial< Record< CheckCode, string > > = {
		dns_nxdomain: __( 'The name does not exist', 'rollcall' ),
		dns_nodata: __( 'The name has no address', 'rollcall' ),
		dns_servfail: __( 'Its name server failed', 'rollcall' ),
		dns_refused: __( 'Its name server refused to answer', 'rollcall' ),
		dns_timeout: __( 'Its name server did not answer in time', 'rollcall' ),
		dns_other: __( 'The name could not be looked up', 'rollcall' ),
		connect_refused: __( 'The connection was refused', 'rollcall' ),
		connect_timeout: __( 'The connection was not made in time', 'rollcall' ),
		connect_reset: __( 'The connection was cut', 'rollcall' ),
		unreachable: __( 'The host cannot be reached', 'rollcall' ),
		tls_expired: __( 'The certificate has expired', 'rollcall' ),
		tls_not_yet_valid: __( 'The certificate is not valid yet', 'rollcall' ),
		tls_self_signed: __( 'The certificate is self-signed', 'rollcall' ),
		tls_unknown_issuer: __( 'The issuer of the certificate is not known', 'rollcall' ),
		tls_wrong_host: __( 'The certificate is for another name', 'rollcall' ),
		tls_protocol: __( 'No TLS connection could be agreed on', 'rollcall' ),
		tls_timeout: __( 'The TLS connection was not made in time', 'rollcall' ),
		tls_client_cert: __( 'It asks for a certificate of the client', 'rollcall' ),
	};
	return words[ code ];
}

function answerText( code: CheckCode ): string | undefined {
	const words: Partial< Record< CheckCode, string > > = {
		http_status: __( 'The status is an error', 'rollcall' ),
		header_timeout: __( 'No answer came in time', 'rollcall' ),
		header_overflow: __( 'The header of the answer is too large', 'rollcall' ),
		protocol: __( 'The answer is not HTTP', 'rollcall' ),
		body_timeout: __( 'The answer did not end in time', 'rollcall' ),
		body_truncated: __( 'The answer was cut off', 'rollcall' ),
		body_reset: __( 'The connection was cut during the answer', 'rollcall' ),
		decode_failed: __( 'The answer could not be decoded', 'rollcall' ),
		redirect_limit: __( 'Too many redirects', 'rollcall' ),
		redirect_invalid: __( 'It redirects to no usable address', 'rollcall' ),
		keyword_missing: __( 'An expected text is missing', 'rollcall' ),
		keyword_present: __( 'An unwanted text is there', 'rollcall' ),
		assertion_failed: __( 'An assertion does not hold', 'rollcall' ),
		too_slow: __( 'It is too slow', 'rollcall' ),
		tls_expiring: __( 'The certificate expires soon', 'rollcall' ),
		domain_expiring: __( 'The registration of the domain ends soon', 'rollcall' ),
		dns_mismatch: __( 'The record is not what was expected', 'rollcall' ),
		push_missed: __( 'No call came in time', 'rollcall' ),
	};
	return words[ code ];
}

function unknownText( code: CheckCode ): string | undefined {
	const words: Partial< Record< CheckCode, string > > = {
		challenged: __( 'A firewall asks for a browser', 'rollcall' ),
		target_refused: __( 'The address is not public', 'rollcall' ),
		self_offline: __( 'The network of the companion is away', 'rollcall' ),
		check_failed_internally: __( 'The check itself failed', 'rollcall' ),
		suspended: __( 'The companion was asleep', 'rollcall' ),
		missed: __( 'It was not checked', 'rollcall' ),
		restored: __( 'A backup of the site was restored', 'rollcall' ),
		paused: __( 'It was paused', 'rollcall' ),
		not_checked_yet: __( 'Not checked yet', 'rollcall' ),
		ports_limited: __( 'At most 3 new ports of one host are asked a minute; it is asked later', 'rollcall' ),
		past_cap: __( 'The answer is too long to be judged', 'rollcall' ),
	};
	return words[ code ];
}

/** Why a check has its state, in a few words. Of a registration nothing fails but asking its registry. */
export function checkCodeText( code: CheckCode, url = '' ): string {
	if ( code === 'check_failed_internally' && url.startsWith( 'rdap:' ) ) {
		return __( 'The registry could not be asked', 'rollcall' );
	}
	return networkText( code ) ?? answerText( code ) ?? unknownText( code ) ?? __( 'Fine', 'rollcall' );
}

/** What a check found, without what it asked when that is the target, which the row shows already. */
export function withoutTarget( message: string, url: string ): string {
	const [ , asked = '', found = '' ] = /^(?:[A-Z]+ )?(\S*[.:]\S*) (.+)$/s.exec( message ) ?? [];
	return asked !== '' && url.includes( asked.replace( /\/$/, '' ) ) ? found : message;
}

const NOT_ASKED: readonly ( CheckCode | null )[] = [ 'target_refused', 'ports_limited', 'self_offline', 'not_checked_yet', 'paused' ];

/** Whether the newest check has asked something, so that its time says something. A push monitor, which has no target, never asks. */
export function wasAsked( url: string, code: CheckCode | null ): boolean {
	return url !== '' && ! NOT_ASKED.includes( code );
}

/** A time as people read it: milliseconds are stored, seconds shown. */
export function formatSeconds( milliseconds: number ): string {
	const digits = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
	const seconds = new Intl.NumberFormat( pageSettings().locale, digits ).format( milliseconds / 1000 );
	/* translators: %s: number of seconds, such as 0.412. */
	return sprintf( __( '%s s', 'rollcall' ), seconds );
}

/** A share of time in per cent, cut and not rounded: 100% says that nothing was missing. */
export function formatUptime( share: number | null ): string {
	if ( share === null ) {
		return '–';
	}
	const cut = Math.floor( share * 10_000 + 1e-6 ) / 10_000;
	return new Intl.NumberFormat( pageSettings().locale, { style: 'percent', maximumFractionDigits: 2 } ).format( cut );
}
