/** New ports of a host that checks may ask within a minute; more would be a port scan. */
const MOST_NEW_PORTS = 3;
const WINDOW_MS = 60_000;
/** Ports of a host that stay known. Asking them again tells nobody which other ones are open. */
const MOST_KNOWN_PORTS = 16;
const MOST_HOSTS = 20_000;

/** Says whether a port of a host may be asked now, and remembers it when so: a known one always, a new one while fewer than 3
 *  others were new within a minute. `hosts` are the name and the addresses that it has: many names of one machine are one
 *  host. `now` never goes back. */
export type PortLimit = ( hosts: readonly string[], port: number ) => boolean;

export function makePortLimit( now: () => number ): PortLimit {
	/** When each port was new, by host. The host and the port that were asked last are at the end. */
	const asked = new Map< string, Map< number, number > >();
	return ( hosts, port ) => {
		const since = now() - WINDOW_MS;
		if ( hosts.some( ( host ) => isOneTooMany( asked.get( host ), port, since ) ) ) {
			return false;
		}
		for ( const host of hosts ) {
			const ports = asked.get( host ) ?? new Map< number, number >();
			asked.delete( host );
			asked.set( host, remember( ports, port, now() ) );
		}
		for ( const host of asked.keys() ) {
			if ( asked.size <= MOST_HOSTS ) {
				break;
			}
			asked.delete( host );
		}
		return true;
	};
}

function isOneTooMany( ports: ReadonlyMap< number, number > | undefined, port: number, since: number ): boolean {
	return (
		ports !== undefined && ! ports.has( port ) && [ ...ports.values() ].filter( ( new_at ) => new_at > since ).length >= MOST_NEW_PORTS
	);
}

/** Drops the port that was asked longest ago when there are too many, but none that is new: dropping that would make room for
 *  a fourth one within the minute. */
function remember( ports: Map< number, number >, port: number, at: number ): Map< number, number > {
	const new_at = ports.get( port ) ?? at;
	ports.delete( port );
	ports.set( port, new_at );
	if ( ports.size > MOST_KNOWN_PORTS ) {
		const [ oldest ] = [ ...ports ].find( ( [ , known_at ] ) => known_at <= at - WINDOW_MS ) ?? [];
		if ( oldest !== undefined ) {
			ports.delete( oldest );
		}
	}
	return ports;
}
