/** Different ports of a host that checks may ask within a minute; more would be a port scan. */
const MOST_PORTS = 3;
const WINDOW_MS = 60_000;
const MOST_HOSTS = 20_000;

/** Says whether a port of a host may be asked now, and counts it when so. `hosts` are the name and the addresses that it has:
 *  many names of one machine are one host. `now` never goes back. */
export type PortLimit = ( hosts: readonly string[], port: number ) => boolean;

export function makePortLimit( now: () => number ): PortLimit {
	/** When each port was last asked, by host, the host that was asked last at the end. */
	const asked = new Map< string, Map< number, number > >();
	return ( hosts, port ) => {
		const since = now() - WINDOW_MS;
		const fresh = hosts.map( ( host ) => new Map( [ ...( asked.get( host ) ?? [] ) ].filter( ( [ , at ] ) => at > since ) ) );
		if ( fresh.some( ( ports ) => ! ports.has( port ) && ports.size >= MOST_PORTS ) ) {
			return false;
		}
		for ( const [ index, host ] of hosts.entries() ) {
			asked.delete( host );
			asked.set( host, ( fresh[ index ] ?? new Map< number, number >() ).set( port, now() ) );
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
