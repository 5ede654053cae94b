import { __ } from '@wordpress/i18n';
import { CHECK_FORMS } from '../../../../companion/src/contract/check-types.ts';
import { CHECK_TYPES, wordsOf, type CheckType } from '../../../../companion/src/contract/vocabulary.ts';

const MAX_BYTES = 2048;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const NEEDS_PORT: readonly CheckType[] = [ 'tcp', 'tls' ];

/** The target as it is saved: a missing scheme is the first one of the type. */
export function wholeTarget( type: CheckType, text: string ): string {
	const target = text.trim();
	const [ scheme ] = CHECK_FORMS[ type ].schemes;
	return target === '' || scheme === undefined || SCHEME.test( target ) ? target : `${ scheme }//${ target }`;
}

/** The type of check that a target asks for by its scheme. */
export function typeOfTarget( target: string ): CheckType | undefined {
	const scheme = /^[a-z][a-z0-9+.-]*:/i.exec( target )?.[ 0 ].toLowerCase() ?? '';
	return wordsOf( CHECK_TYPES ).find( ( type ) => CHECK_FORMS[ type ].schemes.includes( scheme ) );
}

/** A target in one spelling, to tell whether two are the same. */
export function sameTarget( target: string ): string {
	return URL.parse( target )?.href ?? target;
}

/** Why a target cannot be checked; undefined when it can. WordPress and the companion judge it again. */
export function targetProblem( type: CheckType, text: string ): string | undefined {
	const { schemes } = CHECK_FORMS[ type ];
	if ( schemes.length === 0 ) {
		return undefined;
	}
	const target = wholeTarget( type, text );
	if ( target === '' ) {
		return __( 'Enter what is checked.', 'rollcall' );
	}
	if ( new TextEncoder().encode( target ).length > MAX_BYTES ) {
		return __( 'It is longer than 2,048 bytes.', 'rollcall' );
	}
	const parsed = URL.parse( target );
	if ( ! parsed || parsed.hostname === '' || /\s/.test( target ) ) {
		return __( 'It is no usable address.', 'rollcall' );
	}
	if ( ! schemes.includes( parsed.protocol ) ) {
		return __( 'This type of check does not know how to ask such an address.', 'rollcall' );
	}
	if ( parsed.username !== '' || parsed.password !== '' ) {
		return __( 'Leave user name and password out of the address.', 'rollcall' );
	}
	return NEEDS_PORT.includes( type ) && parsed.port === '' ? __( 'Add the port, such as :443.', 'rollcall' ) : undefined;
}

const PORTS: { [ scheme: string ]: string | undefined } = { 'http:': '80', 'https:': '443', 'dns:': '53' };
const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|lan|home\.arpa|intranet)\.?$/i;
/** Shown for a name whose address only the companion can find out. */
const EXAMPLE_ADDRESS = '192.168.1.5';

function isPrivateV4( [ a = 0, b = 0 ]: number[] ): boolean {
	return (
		a === 0 ||
		a === 10 ||
		a === 127 ||
		( a === 100 && b >= 64 && b < 128 ) ||
		( a === 169 && b === 254 ) ||
		( a === 172 && b >= 16 && b < 32 ) ||
		( a === 192 && b === 168 )
	);
}

/** The address of this host if it is one of an internal network, in brackets when it is IPv6. */
function internalAddress( host: string ): string | undefined {
	if ( host.startsWith( '[' ) ) {
		return /^\[(::1?\]|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/i.test( host ) ? host : undefined;
	}
	if ( /^\d+(\.\d+){3}$/.test( host ) ) {
		return isPrivateV4( host.split( '.' ).map( Number ) ) ? host : undefined;
	}
	if ( /(^|\.)localhost\.?$/i.test( host ) ) {
		return '127.0.0.1';
	}
	return PRIVATE_NAMES.test( host ) || ! host.includes( '.' ) ? EXAMPLE_ADDRESS : undefined;
}

/** Host, and port if one is written, of what is asked: of the server in `dns://name?type=MX@server`. */
function placeOf( target: string ): string {
	return /^dns:.*@(.+)$/i.exec( target )?.[ 1 ] ?? target.replace( SCHEME, '' );
}

/** Whether what is asked is an IP address and no name. Addresses are only spelled in one way under a scheme that the
 *  standard knows. */
export function asksAddress( target: string ): boolean {
	return /^(\[.+\]|\d+(\.\d+){3})$/.test( URL.parse( `http://${ placeOf( target ) }` )?.hostname ?? '' );
}

/** What the companion must be told before it asks this target, such as `192.168.1.5/32:8080`; undefined when the target
 *  is public. `always` gives an example also for a name that looks public and turned out not to be. */
export function allowRule( target: string, always = false ): string | undefined {
	const place = placeOf( target );
	const host = URL.parse( `http://${ place }` )?.hostname;
	const example = asksAddress( target ) ? host : EXAMPLE_ADDRESS;
	const address = host ? ( internalAddress( host ) ?? ( always ? example : undefined ) ) : undefined;
	if ( address === undefined ) {
		return undefined;
	}
	const scheme = /^[a-z]+:/i.exec( target )?.[ 0 ].toLowerCase() ?? '';
	const written = /:(\d+)$/.exec( place.split( /[/?#]/ )[ 0 ] ?? '' )?.[ 1 ];
	const port = written ?? PORTS[ scheme ];
	return `${ address }/${ address.startsWith( '[' ) ? '128' : '32' }${ port ? `:${ port }` : '' }`;
}
