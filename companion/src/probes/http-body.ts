import type { CheckWarning } from '../contract/vocabulary.ts';
import { classifyError, ProbeFault } from './classify-error.ts';
import { decodeBody } from './http-decode.ts';
import { IDLE, LATE, type HttpAnswer, type HttpBody } from './http-exchange.ts';
import { bodyText } from './keyword.ts';
import type { Limits } from './limits.ts';
import type { Body } from './probe.ts';

/** A body with what it tells. `transferred_at` is null when it did not come to an end. */
export type ReadBody = { body: Body | null; warnings: readonly CheckWarning[]; transferred_at: number | null };

/** What a body is worth. Faults of one that nobody needs are warnings; those of one that an assertion reads are thrown. */
export async function readBody( { head, body }: HttpAnswer, needs_body: boolean, limits: Limits ): Promise< ReadBody > {
	if ( body === null ) {
		return { body: needs_body ? bodyText( new Uint8Array(), '', true ) : null, warnings: [], transferred_at: null };
	}
	if ( ! needs_body ) {
		const ended_by_us = body.thrown === null || body.thrown === IDLE || body.thrown === LATE;
		const is_framing = ! ended_by_us && [ 'body_framing', 'body_truncated' ].includes( faultOf( body ).reason );
		return {
			body: null,
			warnings: [ ...( is_framing ? [ 'framing' as const ] : [] ), ...( body.capped ? [ 'body_capped' as const ] : [] ) ],
			transferred_at: body.thrown === null ? body.at : null,
		};
	}
	if ( body.thrown !== null ) {
		throw faultOf( body );
	}
	const { bytes, capped } = await decodeBody( body.bytes, head.headers[ 'content-encoding' ] ?? '', body.capped, limits );
	return {
		body: bodyText( bytes, head.headers[ 'content-type' ] ?? '', ! capped ),
		warnings: capped ? [ 'body_capped' ] : [],
		transferred_at: body.at,
	};
}

/** Why a body did not come to its end. Node says "aborted" without a system call when the server just stopped. */
function faultOf( { thrown, bytes }: HttpBody ): ProbeFault {
	const after = `after ${ bytes.length } bytes of the body`;
	if ( thrown === LATE || thrown === IDLE ) {
		return new ProbeFault( 'body_timeout', `got no end of the body in time, ${ after }` );
	}
	const { error_code } = classifyError( thrown, 'body', '' );
	if ( error_code === 'connect_reset' && thrown instanceof Error && 'syscall' in thrown ) {
		return new ProbeFault( 'body_reset', `lost the connection ${ after }` );
	}
	const code = thrown instanceof Error && 'code' in thrown ? String( thrown.code ) : '';
	return code === 'HPE_INVALID_EOF_STATE' || code === 'ECONNRESET'
		? new ProbeFault( 'body_truncated', `was cut off ${ after }` )
		: new ProbeFault( 'body_framing', `has a body that is not framed as HTTP wants it (${ code })` );
}
