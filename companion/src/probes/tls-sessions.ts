/** From when to when a certificate is valid, in milliseconds since 1970. */
export type CertificateDates = { begins_at_ms: number; ends_at_ms: number };

/** A TLS session with what its full handshake learnt. */
export type TlsSession = { ticket: Buffer; certificate: CertificateDates; full_at: number };

/** A changed certificate is seen so much later at most: within it handshakes may be short ones, which show none. */
const RESUMED_MS = 3_600_000;
/** About 2 kB each, so 10 MB. */
const MOST_SESSIONS = 5000;
const LONGEST_TICKET = 16_384;

/** Sessions of hosts whose certificates were found good, by address, port and name. */
export type TlsSessions = {
	/** The session to go on with; null asks for a full handshake. */
	get: ( key: string, now_ms: number ) => TlsSession | null;
	keep: ( key: string, session: TlsSession ) => void;
	forget: ( key: string ) => void;
};

/** `now` never goes back. */
export function makeTlsSessions( now: () => number ): TlsSessions {
	const sessions = new Map< string, TlsSession >();
	return {
		get( key, now_ms ) {
			const known = sessions.get( key );
			if ( known === undefined ) {
				return null;
			}
			const { certificate, full_at } = known;
			const is_valid = certificate.begins_at_ms <= now_ms && now_ms < certificate.ends_at_ms;
			if ( now() - full_at < RESUMED_MS && is_valid ) {
				return known;
			}
			sessions.delete( key );
			return null;
		},
		keep( key, session ) {
			if ( session.ticket.length > LONGEST_TICKET ) {
				return;
			}
			sessions.delete( key );
			sessions.set( key, session );
			const [ oldest ] = sessions.keys();
			if ( sessions.size > MOST_SESSIONS && oldest !== undefined ) {
				sessions.delete( oldest );
			}
		},
		forget: ( key ) => void sessions.delete( key ),
	};
}
