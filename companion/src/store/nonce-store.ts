import type { Database } from './database.ts';

/** Nonces of calls that were answered, so that none is answered twice. */
export type NonceStore = {
	init: () => void;
	/** Whether the nonce is new under this key id; it is kept for eleven minutes, longer than a call may be old. */
	remember: ( kid: string, nonce: string, now_ms: number ) => boolean;
};

const LIFE_MS = 660_000;

export function nonceStore( database: Database ): NonceStore {
	return {
		init() {
			const table = `CREATE TABLE IF NOT EXISTS nonces (
				kid TEXT NOT NULL,
				nonce TEXT NOT NULL,
				created_at_ms INTEGER NOT NULL,
				PRIMARY KEY ( kid, nonce )
			) STRICT, WITHOUT ROWID`;
			database.keepTables( 'nonces', () => void database.run( table ) );
		},
		remember( kid, nonce, now_ms ) {
			database.run( 'DELETE FROM nonces WHERE created_at_ms < ?', now_ms - LIFE_MS );
			return database.run( 'INSERT OR IGNORE INTO nonces VALUES ( ?, ?, ? )', kid, nonce, now_ms ).changes === 1;
		},
	};
}
