import type { Static } from 'typebox';
import { count, hex, listOf, nullable, oneOf, pattern, record, text } from './schema.ts';
import { verdict } from './exchange.ts';
import { errorCode } from './identity.ts';

/** The pairing code as a person copies it: `pairing_id.secret`, 40 and 160 bits in hexadecimal. */
export const pairingCode = pattern( '^[0-9a-f]{10}\\.[0-9a-f]{40}$', 'Pairing code.' );
export const kid = pattern( '^[0-9a-f]{16}-[0-9]{1,9}$', 'Key id: companion_id, then the number of the key.' );

/** POST /rollcall/v1/pair, companion to WordPress. */
export const pair = record( 'A companion that knows a pairing code.', {
	pairing_id: hex( 5, 'First half of the code.' ),
	companion_id: hex( 8, 'Random identity of the companion.' ),
	companion_nonce: hex( 16, 'Nonce; the same one gets the same answer for ten minutes.' ),
	companion_version: text( 32, 'Version.' ),
	companion_url: nullable( text( 2048, 'Origin at which WordPress may reach it; null behind NAT.' ) ),
	contract_version: count( 'Contract of the companion.' ),
	mac: hex( 32, 'HMAC of the request under the pairing root.' ),
} );
export type Pair = Static< typeof pair >;

/** The payload that answers `pair`; it is signed with the pairing root. */
export const pairPayload = record( 'The pairing is done.', {
	site_id: hex( 16, 'Random identity of the site.' ),
	site_nonce: hex( 16, 'Nonce of WordPress.' ),
	kid,
	site_name: text( 200, 'Name of the site.' ),
	plugin_version: text( 32, 'Version of the plugin.' ),
	contract_version: count( 'Contract of the plugin.' ),
} );
export type PairPayload = Static< typeof pairPayload >;

/** Signed payload of a 401 with the code clock_skew. */
export const clockPayload = record( "The request's time is too far from WordPress's.", {
	error_code: pattern( '^clock_skew$', 'Always clock_skew.' ),
	now_ms: count( 'Time of WordPress.' ),
} );

/** Signed payload of any other refusal on a signed route, once the signature was right. */
export const errorPayload = record( 'Why a signed call was refused.', {
	error_code: errorCode,
	error_message: text( 500, 'What was wrong.' ),
	contract_version: count( 'Contract of the one that refuses.' ),
} );
export type ErrorPayload = Static< typeof errorPayload >;

/** GET /health of the companion. */
export const health = record( 'The companion is there.', {
	status: oneOf( [ 'ok', 'degraded' ], 'Degraded when there are reasons.' ),
	reasons: listOf(
		oneOf(
			[ 'not_monitoring', 'stalled_monitors', 'unsent_rows', 'disk_full', 'offline' ],
			'What is wrong. With not_monitoring the status is 503, else 200.'
		),
		5,
		'Empty when all is well.'
	),
	companion_version: text( 32, 'Version.' ),
	contract_version: count( 'Contract.' ),
	uptime_seconds: count( 'Since it was started.' ),
} );
export type Health = Static< typeof health >;

/** POST /v1/match of the companion: a few domains, now. */
export const match = record( 'A few hosts to be judged at once.', {
	hosts: listOf( text( 1024, 'Host, as in a page of domains.' ), 100, 'Hosts.' ),
	own_hosts: listOf( text( 253, 'Host.' ), 20, "The site's own hosts." ),
	active_sha256s: listOf( hex( 32, 'Content in use.' ), 50, 'The versions of lists to judge on.' ),
} );
export const matchPayload = record( 'Verdicts, in the order asked.', {
	verdicts: listOf( verdict, 100, 'Verdicts.' ),
} );
