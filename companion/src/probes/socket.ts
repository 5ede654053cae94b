import { connect as netConnect, isIP, type Socket } from 'node:net';
import { ProbeFault } from './classify-error.ts';
import { limited } from './deadline.ts';
import type { Connect, ProbeContext } from './probe.ts';

/** How long one address is tried while another one waits (RFC 8305 section 5 allows 100 ms to 2 s). The last one has all
 *  the time that is left. */
const ATTEMPT_MS = 500;

/** Sockets of Node that know no names: IPv6 and IPv4 addresses in turn, so that one broken family is not the end. */
export const connectDirectly: Connect = ( addresses, port ) => {
	const [ first = '', ...more ] = addresses;
	if ( more.length === 0 ) {
		return netConnect( { host: first, port, noDelay: true } );
	}
	return netConnect( {
		host: 'judged.invalid',
		port,
		noDelay: true,
		autoSelectFamily: true,
		autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
		lookup: ( _name, _options, callback ) =>
			callback(
				null,
				addresses.map( ( address ) => ( { address, family: isIP( address ) } ) )
			),
	} );
};

/** A TCP connection to one of the addresses that were judged, at most `limit_ms` later.
 *  Throws what Node does, Expired, and ProbeFault when the socket went elsewhere. */
export async function openTcp( addresses: readonly string[], port: number, limit_ms: number, context: ProbeContext ): Promise< Socket > {
	const socket = await limited< Socket >( 'connect', limit_ms, context, ( { resolve, reject } ) => {
		const opening = context.connect( addresses, port );
		opening.on( 'error', reject );
		opening.once( 'connect', () => {
			// A reset between two phases must not end the process.
			opening.on( 'error', ignore ).off( 'error', reject );
			resolve( opening );
		} );
		return () => opening.destroy();
	} );
	if ( ! context.guard.isChecked( socket.remoteAddress, addresses ) ) {
		socket.destroy();
		throw new ProbeFault( 'target_refused', 'went to an address that was not the checked one' );
	}
	return socket;
}

/** For the rest of a life of which nobody hears any more. Without what waited for it: Node keeps sockets until its next full
 *  collection, and with it the whole check. */
export function ignore(): void {}
