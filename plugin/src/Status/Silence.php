<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

use Rollcall\Database\Companions;

/**
 * Whether the companion calls in time. While it does not, nothing is known of the monitors: "no data since".
 *
 * @phpstan-import-type Companion from Companions
 */
final class Silence {
	/** Silent is who did not call for twice the time that it was given, and at least for so long. */
	private const LEAST_MS = 180_000;

	/**
	 * Since when the companion is silent: its last call, or its pairing when it never called. Null while it calls in time,
	 * and without a companion, since nobody is expected to call.
	 *
	 * @param Companion|null $companion
	 */
	public static function since_ms( ?array $companion, int $now_ms ): ?int {
		if ( null === $companion ) {
			return null;
		}
		$heard_ms = $companion['last_seen_ms'] ?? $companion['paired_at_ms'];
		$given_ms = max( 0, ( $companion['next_expected_ms'] ?? $heard_ms ) - $heard_ms );
		return $now_ms - $heard_ms >= max( self::LEAST_MS, 2 * $given_ms ) ? $heard_ms : null;
	}

	/**
	 * Whether nothing is known of now: no companion, or a silent one.
	 *
	 * @param Companion|null $companion
	 */
	public static function holds( ?array $companion, int $now_ms ): bool {
		return null === $companion || null !== self::since_ms( $companion, $now_ms );
	}
}
