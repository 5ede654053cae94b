import { RollcallError } from '../errors.ts';

/** Refuses to run behind Node's own proxy switch, which would go around every check: with NODE_USE_ENV_PROXY=1
 *  a request leaves without one call of our lookup. HTTP_PROXY alone is not read by Node and does no harm.
 *  Error: bad_request. */
export function refuseAmbientProxy(
	environment: Readonly< Record< string, string | undefined > >,
	exec_arguments: readonly string[],
	proxy_mode: boolean
): void {
	const switched_on =
		! [ undefined, '', '0' ].includes( environment.NODE_USE_ENV_PROXY ) ||
		`${ environment.NODE_OPTIONS ?? '' } ${ exec_arguments.join( ' ' ) }`.includes( '--use-env-proxy' );
	if ( switched_on && ! proxy_mode ) {
		throw new RollcallError(
			'bad_request',
			'NODE_USE_ENV_PROXY sends requests through a proxy that the address check cannot look behind.',
			{
				hint: 'Unset NODE_USE_ENV_PROXY and --use-env-proxy for the companion.',
			}
		);
	}
}
