<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Clock;
use Rollcall\Database\Audit;
use Rollcall\Database\Companions;
use Rollcall\Database\JudgeEpoch;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;

/**
 * Which of several companions decides for the site. The others check along, and one of them takes over. Roles change only
 * under JudgeEpoch::hold(), together with the epoch.
 *
 * @phpstan-import-type Companion from Companions
 */
final class Judges {
	/** A judge that did not call for so long has lost its place to one that does. */
	public const SILENT_MS = 300_000;

	/**
	 * Whether a companion that is being paired is to stand by. One that was paired before keeps its role; a new one decides
	 * where nobody else does.
	 */
	public static function stands_by( string $companion_id, int $now_ms ): bool {
		$known = Companions::find( $companion_id );
		if ( null !== $known && null === $known['revoked_at_ms'] ) {
			return $known['is_standby'];
		}
		$judge = Companions::current();
		return null !== $judge && ! self::is_silent( $judge, $now_ms );
	}

	/** Makes a companion that is calling the judge when it stands by and the judge has been silent for five minutes. */
	public static function take_over( string $companion_id, int $now_ms ): void {
		if ( ! self::may_take_over( $companion_id, $now_ms ) ) {
			return;
		}
		Transaction::run(
			static function () use ( $companion_id, $now_ms ): void {
				JudgeEpoch::hold();
				// Two that call at once may both have found it silent.
				if ( self::may_take_over( $companion_id, $now_ms ) ) {
					self::hand_over( $companion_id, 'judge_replaced', $now_ms );
				}
			}
		);
	}

	/**
	 * Makes a companion the judge because a person said so.
	 *
	 * @throws RollcallError With not_found.
	 */
	public static function choose( string $companion_id ): void {
		Transaction::run(
			static function () use ( $companion_id ): void {
				JudgeEpoch::hold();
				if ( self::paired( $companion_id )['is_standby'] ) {
					self::hand_over( $companion_id, 'judge_chosen', Clock::now_ms() );
				}
			}
		);
	}

	/**
	 * Ends one pairing. Where it was the judge's, the companion that was paired longest takes over.
	 *
	 * @throws RollcallError With not_found, or not_allowed when the keys come from the configuration.
	 */
	public static function remove( string $companion_id ): void {
		try {
			Transaction::run(
				static function () use ( $companion_id ): void {
					JudgeEpoch::hold();
					$now_ms  = Clock::now_ms();
					$removed = self::paired( $companion_id );
					Keys::remove( $companion_id );
					Companions::revoke( $companion_id, $now_ms );
					Audit::note( 'companion_removed', $companion_id, $now_ms );
					$next = $removed['is_standby'] ? null : Companions::paired()[0] ?? null;
					if ( null !== $next ) {
						self::hand_over( $next['companion_id'], 'judge_replaced', $now_ms );
					}
				}
			);
		} catch ( \Throwable $thrown ) {
			Keys::forget_cache();
			throw $thrown;
		}
	}

	/** @param Companion $judge */
	public static function is_silent( array $judge, int $now_ms ): bool {
		return $now_ms - ( $judge['last_seen_ms'] ?? $judge['paired_at_ms'] ) > self::SILENT_MS;
	}

	private static function may_take_over( string $companion_id, int $now_ms ): bool {
		$companion = Companions::find( $companion_id );
		if ( null === $companion || ! $companion['is_standby'] || null !== $companion['revoked_at_ms'] ) {
			return false;
		}
		$judge = Companions::current();
		return null === $judge || self::is_silent( $judge, $now_ms );
	}

	private static function hand_over( string $companion_id, string $action, int $now_ms ): void {
		JudgeEpoch::raise();
		Companions::make_judge( $companion_id );
		Audit::note( $action, $companion_id, $now_ms );
	}

	/** @return Companion */
	private static function paired( string $companion_id ): array {
		$companion = Companions::find( $companion_id );
		if ( null === $companion || null !== $companion['revoked_at_ms'] ) {
			throw new RollcallError( 'not_found', "No companion $companion_id is paired." );
		}
		return $companion;
	}
}
