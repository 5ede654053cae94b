import type { WebhookCall } from '../contract/exchange.ts';
import { messageOf, RollcallError } from '../errors.ts';
import type { Clock } from './ports.ts';
import type { Rooms } from './rooms.ts';
import type { SiteState } from './site-state.ts';

export type Delivery = {
	job_uid: string;
	/** The call as WordPress signed it last. */
	call: () => WebhookCall | null;
	rooms: Pick< Rooms, 'post' >;
	state: Pick< SiteState, 'note' | 'setNote' >;
	clock: Clock;
	userAgent: () => string;
	signal: AbortSignal;
	onTry: ( tries: number ) => void;
};

const HOUR_MS = 3_600_000;
const GONE = 410;
const SECOND_MS = 1000;

/** Pauses between tries: 5 s, 30 s, 2 min, 5 min, then 10 min; the last try is within an hour of the first. */
const PAUSES_MS = [ 5, 30, 120, 300 ].map( ( seconds ) => seconds * SECOND_MS );
const LONGEST_PAUSE_MS = 600 * SECOND_MS;

/** Calls a webhook until it answers 2xx. The first try is noted, so that a restart does not begin a new hour.
 *  Errors: webhook_failed with what came back last, also at once for 410 Gone; bad_url and target_refused at once. */
export async function deliver( delivery: Delivery ): Promise< void > {
	const { clock, signal, state, job_uid, onTry } = delivery;
	const name = `webhook/${ job_uid }`;
	const noted = state.note( name );
	const first_ms = typeof noted === 'number' && noted <= clock.now() ? noted : clock.now();
	state.setNote( name, first_ms );
	for ( let tries = 1; ; tries++ ) {
		const came_back = await tryOnce( delivery );
		onTry( tries );
		if ( came_back === null ) {
			return;
		}
		const pause_ms = PAUSES_MS[ tries - 1 ] ?? LONGEST_PAUSE_MS;
		if ( came_back.is_final || clock.now() + pause_ms - first_ms > HOUR_MS ) {
			const times = tries === 1 ? 'once' : `${ tries } times`;
			throw new RollcallError( 'webhook_failed', `${ came_back.message } It was tried ${ times }.` );
		}
		await clock.sleep( pause_ms, signal );
		signal.throwIfAborted();
	}
}

/** Null when it was taken, else what came back. The path of the URL stays out of it: it often is a secret. */
async function tryOnce( { call, rooms, userAgent, signal }: Delivery ): Promise< { message: string; is_final: boolean } | null > {
	const webhook = call();
	if ( webhook === null ) {
		throw new RollcallError( 'bad_request', 'The job names no webhook.' );
	}
	const { url, body, webhook_id, webhook_timestamp, webhook_signature } = webhook;
	const headers = {
		'content-type': 'application/json',
		'user-agent': userAgent(),
		'webhook-id': webhook_id,
		'webhook-timestamp': String( webhook_timestamp ),
		'webhook-signature': webhook_signature,
	};
	const target = `POST ${ URL.parse( url )?.origin ?? 'of the webhook' }`;
	try {
		const status = await rooms.post( { url, headers, body, signal } );
		return status >= 200 && status < 300 ? null : { message: `${ target } answered ${ status }.`, is_final: status === GONE };
	} catch ( error ) {
		signal.throwIfAborted();
		if ( error instanceof RollcallError && error.code !== 'webhook_failed' ) {
			throw error;
		}
		return { message: `${ target } failed: ${ messageOf( error ).slice( 0, 200 ) }`, is_final: false };
	}
}
