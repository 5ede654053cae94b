import type { ErrorCode } from '../contract/error-codes.ts';
import type { ExchangePayload } from '../contract/exchange.ts';
import type { Unsigned } from './answer.ts';
import type { Random } from './ports.ts';
import type { Failure } from './transport.ts';

/** What an exchange ended with, once signatures were checked. */
export type Outcome =
	| { kind: 'accepted'; payload: ExchangePayload }
	| { kind: 'clock'; offset_ms: number }
	| { kind: 'refused'; status: number; error_code: string; error_message: string; retry_after_ms: number | null }
	| Unsigned
	| { kind: 'failed'; reason: Failure; message: string };

/** What to do about it.
 *  - `work`: take the payload in. - `set_offset`: sign with WordPress's time from now on.
 *  - `split`: the batch is too large. - `renew`: give the batch a new id.
 *  - `probe`: see by an empty exchange, on every transport, whether it is the batch, the way or the site.
 *    Only where it is `is_about_batch` may the batch be split: a cache or a login page must never cost a row.
 *  - `other_keys`: a rotation may have gone through without us.
 *  - `catch_up`: another judge took over; an exchange without rows says under which epoch.
 *  - `wait`: keep everything and call again later. */
export type Step =
	| { action: 'work'; payload: ExchangePayload }
	| { action: 'set_offset'; offset_ms: number }
	| { action: 'probe'; is_about_batch: boolean }
	| { action: 'split' | 'renew' | 'other_keys' | 'catch_up' }
	| { action: 'wait'; wait_ms: number; error_code: ErrorCode };

export type Situation = {
	/** Rows were sent. */
	has_batch: boolean;
	/** Calls in a row that brought nothing, this one not counted. */
	failures: number;
	/** The same signed refusal was answered by the same step just before. */
	is_repeated: boolean;
	/** Other keys could be the right ones. */
	has_other_keys: boolean;
};

export const QUIET_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;
const RETRY_AFTER_CAP_MS = 3_600_000;
const MINIMUM_MS = 5000;
const IDLE_MS = 60_000;

/** Statuses by which a firewall or a limit refuses one particular body. */
const ABOUT_THE_BATCH = new Set( [ 400, 403, 406, 501 ] );

/** Decides what follows an outcome. Pure; waiting times are without jitter. */
export function nextStep( outcome: Outcome, situation: Situation ): Step {
	switch ( outcome.kind ) {
		case 'accepted':
			return { action: 'work', payload: outcome.payload };
		case 'clock':
			return afterClock( outcome.offset_ms, situation );
		case 'refused':
			return afterRefusal( outcome, situation );
		case 'unsigned':
			return afterUnsigned( outcome, situation );
		case 'failed':
			return outcome.reason === 'reset' && situation.has_batch
				? { action: 'probe', is_about_batch: true }
				: { action: 'wait', wait_ms: backoffMs( situation.failures ), error_code: 'site_unreachable' };
	}
}

function afterClock( offset_ms: number, { is_repeated, failures }: Situation ): Step {
	if ( Math.abs( offset_ms ) > DAY_MS ) {
		return { action: 'wait', wait_ms: QUIET_MS, error_code: 'clock_skew' };
	}
	return is_repeated ? { action: 'wait', wait_ms: backoffMs( failures ), error_code: 'clock_skew' } : { action: 'set_offset', offset_ms };
}

function afterRefusal( outcome: Extract< Outcome, { kind: 'refused' } >, situation: Situation ): Step {
	const { has_batch, is_repeated, failures } = situation;
	switch ( outcome.error_code ) {
		case 'too_large':
			return has_batch ? { action: 'split' } : { action: 'wait', wait_ms: QUIET_MS, error_code: 'too_large' };
		case 'batch_conflict':
			return is_repeated ? { action: 'wait', wait_ms: backoffMs( failures ), error_code: 'batch_conflict' } : { action: 'renew' };
		case 'stale_lease':
			return is_repeated ? { action: 'wait', wait_ms: backoffMs( failures ), error_code: 'stale_lease' } : { action: 'catch_up' };
		case 'bad_request':
			return has_batch ? { action: 'probe', is_about_batch: true } : { action: 'wait', wait_ms: QUIET_MS, error_code: 'bad_request' };
		case 'contract_unsupported':
		case 'site_changed':
		case 'key_unreadable':
			return { action: 'wait', wait_ms: QUIET_MS, error_code: outcome.error_code };
		case 'database_busy':
		case 'database_full':
		case 'tables_missing':
		case 'migration_failed':
		case 'rate_limited':
			return { action: 'wait', wait_ms: pauseMs( outcome.retry_after_ms, failures ), error_code: outcome.error_code };
		default:
			return { action: 'wait', wait_ms: pauseMs( outcome.retry_after_ms, failures ), error_code: 'internal' };
	}
}

function afterUnsigned( outcome: Unsigned, { has_batch, failures, has_other_keys }: Situation ): Step {
	if ( outcome.status === 413 && has_batch ) {
		return { action: 'split' };
	}
	if ( outcome.status === 401 && has_other_keys ) {
		return { action: 'other_keys' };
	}
	if ( outcome.error_code === 'unauthorized' ) {
		return { action: 'wait', wait_ms: failures < 2 ? backoffMs( failures ) : QUIET_MS, error_code: 'unauthorized' };
	}
	const is_busy = outcome.status === 429 || ( outcome.status >= 500 && ! ABOUT_THE_BATCH.has( outcome.status ) );
	return is_busy
		? { action: 'wait', wait_ms: pauseMs( outcome.retry_after_ms, failures ), error_code: 'site_unreachable' }
		: { action: 'probe', is_about_batch: has_batch && ABOUT_THE_BATCH.has( outcome.status ) };
}

/** What to do when no transport let even an empty exchange through. After the third time in a row the plugin
 *  is taken as switched off, or its routes as blocked: nothing is dropped and it is asked every 15 minutes. */
export function whenAllAreBlocked( outcome: Outcome, failures: number ): { wait_ms: number; error_code: ErrorCode } {
	const wait_ms = failures < 2 ? backoffMs( failures ) : QUIET_MS;
	if ( outcome.kind !== 'unsigned' ) {
		return { wait_ms: backoffMs( failures ), error_code: 'site_unreachable' };
	}
	const is_blocked = outcome.reason === 'not_found' || outcome.reason === 'refused';
	return { wait_ms: is_blocked ? wait_ms : backoffMs( failures ), error_code: is_blocked ? 'rest_blocked' : 'answer_invalid' };
}

/** 5, 10, 20, 40, then 60 s. */
export function backoffMs( failures: number ): number {
	return Math.min( IDLE_MS, MINIMUM_MS * 2 ** Math.min( failures, 10 ) );
}

/** At least what Retry-After asks for, up to an hour, and never less than 5 s. */
function pauseMs( retry_after_ms: number | null, failures: number ): number {
	return retry_after_ms === null ? backoffMs( failures ) : Math.min( RETRY_AFTER_CAP_MS, Math.max( MINIMUM_MS, retry_after_ms ) );
}

/** 10 % more or less, so that many companions do not call at once. */
export function jittered( wait_ms: number, random: Random ): number {
	return Math.round( wait_ms * ( 0.9 + 0.2 * random() ) );
}

/** Up to 10 % more: a wait that was asked for is never cut short. */
export function lengthened( wait_ms: number, random: Random ): number {
	return Math.round( wait_ms * ( 1 + 0.1 * random() ) );
}

/** When to call after an accepted exchange: at once while something is to be sent, and otherwise when WordPress
 *  says, but an exchange that moved nothing is never followed at once by another one. */
export function nextCallMs( next_after_seconds: number, has_more_to_send: boolean, moved_something: boolean ): number {
	if ( has_more_to_send ) {
		return 0;
	}
	const asked_ms = Math.min( next_after_seconds * 1000, RETRY_AFTER_CAP_MS );
	return moved_something ? asked_ms : Math.max( asked_ms, MINIMUM_MS );
}

/** What a log line says of an outcome. */
export function fieldsOf( outcome: Outcome ): { [ name: string ]: string | number | null } {
	switch ( outcome.kind ) {
		case 'unsigned':
			return { status: outcome.status, reason: outcome.reason, named: outcome.error_code };
		case 'refused':
			return { status: outcome.status, message: outcome.error_message };
		case 'failed':
			return { reason: outcome.reason, message: outcome.message };
		case 'clock':
			return { seconds: Math.round( outcome.offset_ms / 1000 ) };
		case 'accepted':
			return { contract_version: outcome.payload.contract_version };
	}
}
