import { exchangePayload, type Batch, type Exchange } from '../contract/exchange.ts';
import { isShape } from '../contract/is-shape.ts';
import { clockPayload, errorPayload } from '../contract/pairing.ts';
import { CONTRACT_VERSION, type Transport } from '../contract/vocabulary.ts';
import { parseJson, type Answered } from './answer.ts';
import { givenUp } from './given-up.ts';
import type { PairedSite } from './keyring.ts';
import type { KeyPair } from './keys.ts';
import type { Said } from './monitoring.ts';
import type { Outcome } from './next-step.ts';
import type { Clock, Network } from './ports.ts';
import { newNonce, signRequest, verifyAnswer } from './signature.ts';
import type { SiteState } from './site-state.ts';
import { callSite, urlOf } from './transport.ts';

/** The keys that a call is signed with; during a rotation there are two pairs. */
export type Signer = { kid: string; keys: KeyPair };

export type ExchangeCall = {
	site: PairedSite;
	signer: Signer;
	transport: Transport;
	state: SiteState;
	batch: Batch | null;
	/** What is said of monitoring. */
	said: Said;
	companion_version: string;
	companion_url: string | null;
	network: Network;
	clock: Clock;
	deadline_ms: number;
	signal: AbortSignal;
};

const HOUR_MS = 3_600_000;

/** The offset to sign with. An hour after it was measured it is left out once: WordPress then tells the time
 *  again if the clocks still differ. */
export function offsetNow( clock: { offset_ms: number; measured_at_ms: number | null }, now_ms: number ): number {
	const is_fresh = clock.measured_at_ms !== null && Math.abs( now_ms - clock.measured_at_ms ) < HOUR_MS;
	return is_fresh ? clock.offset_ms : 0;
}

/** One exchange. Whatever does not carry WordPress's signature ends as `unsigned` or `failed`, and means nothing more. */
export async function exchangeOnce( call: ExchangeCall ): Promise< Outcome > {
	const { site, signer, clock, state } = call;
	const sent_at_ms = clock.now();
	const nonce = newNonce();
	const timestamp = Math.floor( ( sent_at_ms + offsetNow( state.clock(), sent_at_ms ) ) / 1000 );
	const body = JSON.stringify( { exchange: requestOf( call ) } );
	const signature = signRequest( Buffer.from( signer.keys.c2w, 'hex' ), {
		direction: 'c2w',
		method: 'POST',
		site_id: site.site_id,
		route: '/rollcall/v1/exchange',
		sorted_query: '',
		content_type: 'application/json',
		body,
		timestamp,
		nonce,
		kid: signer.kid,
	} );
	const answered = await callSite( {
		...call,
		url: urlOf( site.site_url, 'exchange', call.transport ),
		body,
		basic_auth: site.basic_auth,
		headers: {
			'x-rollcall-signature': signature,
			'x-rollcall-timestamp': String( timestamp ),
			'x-rollcall-nonce': nonce,
			'x-rollcall-key': signer.kid,
		},
	} );
	return judge( answered, call, nonce, sent_at_ms );
}

function requestOf( { site, state, batch, said, companion_version, companion_url }: ExchangeCall ): Exchange {
	const { judge_epoch, vitals, ...cursors } = said;
	return {
		contract_version: CONTRACT_VERSION,
		companion_version,
		companion_url,
		clock_offset_ms: state.clock().offset_ms,
		judge_epoch,
		store_generation: state.generation(),
		acks: {
			rotation: site.rotation && { kid: site.rotation.kid, nonce: site.rotation.companion_nonce },
			given_up: givenUp( state ),
		},
		batch,
		cursors: { domains_after: state.cursor().after, ...cursors },
		vitals,
	};
}

function judge( answered: Answered, { signer, clock, batch }: ExchangeCall, nonce: string, sent_at_ms: number ): Outcome {
	if ( answered.kind !== 'answer' ) {
		return answered;
	}
	const { status, answer, retry_after_ms } = answered;
	const unsigned = ( reason: 'bad_signature' | 'bad_payload' ): Outcome => ( {
		kind: 'unsigned',
		status,
		reason,
		retry_after_ms,
		error_code: null,
		redirect_origin: null,
	} );
	const signed = { status, nonce, kid: signer.kid, payload: answer.payload };
	if ( ! verifyAnswer( Buffer.from( signer.keys.c2w, 'hex' ), signed, answer.sig ) ) {
		return unsigned( 'bad_signature' );
	}
	const payload = withStandby( parseJson( answer.payload ) );
	if ( status === 401 && isShape( clockPayload, payload ) ) {
		// The middle of the call is the best guess at when WordPress looked at its clock.
		return { kind: 'clock', offset_ms: Math.round( payload.now_ms - ( sent_at_ms + clock.now() ) / 2 ) };
	}
	if ( status === 200 && isShape( exchangePayload, payload ) ) {
		const is_ours = batch === null || payload.accepted?.batch_id === batch.id;
		return is_ours ? { kind: 'accepted', payload } : unsigned( 'bad_payload' );
	}
	if ( status >= 400 && isShape( errorPayload, payload ) ) {
		return { kind: 'refused', status, ...payload, retry_after_ms };
	}
	return unsigned( 'bad_payload' );
}

/** Adds `standby_location_id` where the plugin does not know of it: it has one companion only, which decides. */
function withStandby( payload: unknown ): unknown {
	return typeof payload === 'object' && payload !== null && 'judge_epoch' in payload
		? { standby_location_id: null, ...payload }
		: payload;
}
