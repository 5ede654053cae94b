<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

/**
 * What was lost in the last 24 hours. The companion counts since its folder was made: of that nobody could tell whether it
 * is over.
 *
 * @phpstan-type Lost array{dropped_count: int, dead_letter_count: int}
 * @phpstan-type Loss array{at_ms: int, dropped_count: int, dead_letter_count: int}
 */
final class Losses {
	/** @var Lost */
	public const NONE = array(
		'dropped_count'     => 0,
		'dead_letter_count' => 0,
	);

	private const HOUR_MS = 3_600_000;

	private const DAY_MS = 24 * self::HOUR_MS;

	/**
	 * Losses with what the counters have grown by, those of an hour as one; older ones than a day are left out.
	 *
	 * @param list<Loss> $losses Oldest first.
	 * @param Lost       $before Counters as they were told before.
	 * @param Lost       $now    The same as they are told now.
	 * @return list<Loss> At most 25.
	 */
	public static function with( array $losses, array $before, array $now, int $now_ms ): array {
		$losses = self::recent( $losses, $now_ms );
		$loss   = array(
			'at_ms'             => $now_ms,
			'dropped_count'     => self::growth( $before['dropped_count'], $now['dropped_count'] ),
			'dead_letter_count' => self::growth( $before['dead_letter_count'], $now['dead_letter_count'] ),
		);
		if ( 0 === $loss['dropped_count'] + $loss['dead_letter_count'] ) {
			return $losses;
		}
		$newest = array_key_last( $losses );
		if ( null !== $newest && intdiv( $losses[ $newest ]['at_ms'], self::HOUR_MS ) === intdiv( $now_ms, self::HOUR_MS ) ) {
			$loss['dropped_count']     += $losses[ $newest ]['dropped_count'];
			$loss['dead_letter_count'] += $losses[ $newest ]['dead_letter_count'];
			array_pop( $losses );
		}
		$losses[] = $loss;
		return $losses;
	}

	/**
	 * How many were lost in the last 24 hours.
	 *
	 * @param list<Loss> $losses
	 * @return Lost
	 */
	public static function of_last_day( array $losses, int $now_ms ): array {
		$recent = self::recent( $losses, $now_ms );
		return array(
			'dropped_count'     => array_sum( array_column( $recent, 'dropped_count' ) ),
			'dead_letter_count' => array_sum( array_column( $recent, 'dead_letter_count' ) ),
		);
	}

	/**
	 * @param list<Loss> $losses
	 * @return list<Loss>
	 */
	private static function recent( array $losses, int $now_ms ): array {
		return array_values( array_filter( $losses, static fn ( array $loss ): bool => $loss['at_ms'] > $now_ms - self::DAY_MS ) );
	}

	/** A count that is lower than before is that of a new folder. */
	private static function growth( int $before, int $now ): int {
		return $now < $before ? $now : $now - $before;
	}
}
