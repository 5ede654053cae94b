import { dateI18n, getSettings } from '@wordpress/date';
import { _n, sprintf } from '@wordpress/i18n';
import { pageSettings } from './page-settings.ts';

/** A number with the separators of the user's language. */
export function formatNumber( value: number ): string {
	return new Intl.NumberFormat( pageSettings().locale ).format( value );
}

/** A share 0..1 in per cent, with one digit below 10 %. */
export function formatShare( share: number ): string {
	const digits = share > 0 && share < 0.1 ? 1 : 0;
	return new Intl.NumberFormat( pageSettings().locale, { style: 'percent', maximumFractionDigits: digits } ).format( share );
}

/** An instant in the time zone and format of the site. */
export function formatInstant( instant: string ): string {
	return dateI18n( getSettings().formats.datetime, instant );
}

/** A day in the time zone and format of the site. */
export function formatDay( instant: string ): string {
	return dateI18n( getSettings().formats.date, instant );
}

const UNITS = [
	[ 'year', 31_536_000 ],
	[ 'month', 2_592_000 ],
	[ 'day', 86_400 ],
	[ 'hour', 3600 ],
	[ 'minute', 60 ],
	[ 'second', 1 ],
] as const;

/** How long ago an instant was, such as "3 minutes ago", in the user's language. */
export function formatAge( instant: string ): string {
	const seconds = Math.round( ( Date.parse( instant ) - Date.now() ) / 1000 );
	const [ unit, size ] = UNITS.find( ( [ , length ] ) => Math.abs( seconds ) >= length ) ?? UNITS[ 5 ];
	return new Intl.RelativeTimeFormat( pageSettings().locale, { numeric: 'auto' } ).format( Math.trunc( seconds / size ), unit );
}

/** A host as people write it: what the contract percent-encodes is decoded. */
export function formatHost( host: string ): string {
	try {
		return decodeURIComponent( host );
	} catch {
		return host;
	}
}

/** A length of time in the largest unit that is at least two, such as "60 minutes". */
export function formatDuration( seconds: number ): string {
	const unit = seconds < 120 ? 'second' : seconds < 7200 ? 'minute' : seconds < 172_800 ? 'hour' : 'day';
	const value = Math.round( seconds / { second: 1, minute: 60, hour: 3600, day: 86_400 }[ unit ] );
	return new Intl.NumberFormat( pageSettings().locale, { style: 'unit', unit, unitDisplay: 'long' } ).format( value );
}

/** A size in bytes, kB or MB. */
export function formatBytes( bytes: number ): string {
	const [ unit, divisor ] = bytes < 1000 ? [ 'byte', 1 ] : bytes < 1_000_000 ? [ 'kilobyte', 1000 ] : [ 'megabyte', 1_000_000 ];
	// English writes "583 byte" in the short form.
	const unitDisplay = unit === 'byte' ? 'long' : 'short';
	return new Intl.NumberFormat( pageSettings().locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 } ).format(
		bytes / divisor
	);
}

/** "1 user", "1,204 users". */
export function userCount( value: number ): string {
	/* translators: %s: number of users. */
	return sprintf( _n( '%s user', '%s users', value, 'rollcall' ), formatNumber( value ) );
}

/** "1 company", "86 companies". */
export function companyCount( value: number ): string {
	/* translators: %s: number of companies. */
	return sprintf( _n( '%s company', '%s companies', value, 'rollcall' ), formatNumber( value ) );
}

/** "1 domain", "4,812 domains". */
export function domainCount( value: number ): string {
	/* translators: %s: number of domains. */
	return sprintf( _n( '%s domain', '%s domains', value, 'rollcall' ), formatNumber( value ) );
}
