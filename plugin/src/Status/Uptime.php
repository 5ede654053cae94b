<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

/**
 * Uptime as companion/src/monitor/uptime.ts works it out, to the millisecond; both run tests/fixtures/uptime.json.
 * The order and repetition of changes and spans do not matter. Of changes at one instant the last written (epoch, then seq) holds.
 *
 * @phpstan-type Change array{at_ms: int, epoch: int, seq: int, state: string}
 * @phpstan-type Span array{from_ms: int, to_ms: int}
 * @phpstan-type UptimeSource array{changes: list<Change>, maintenance: list<Span>, known_until_ms: int}
 * @phpstan-type UptimeParts array{up_ms: int, degraded_ms: int, down_ms: int, unknown_ms: int, maintenance_ms: int}
 */
final class Uptime {
	public const HOUR_MS = 3_600_000;
	public const DAY_MS  = 86_400_000;

	public const NOTHING = array(
		'up_ms'          => 0,
		'degraded_ms'    => 0,
		'down_ms'        => 0,
		'unknown_ms'     => 0,
		'maintenance_ms' => 0,
	);

	/**
	 * The parts of a window; their sum is the window. What came after the last stored slot is unknown.
	 *
	 * @param UptimeSource $source
	 * @return UptimeParts
	 */
	public static function of( array $source, int $from_ms, int $to_ms ): array {
		$sum = self::NOTHING;
		foreach ( self::pieces( $source, $from_ms, $to_ms ) as [ $piece_from_ms, $piece_to_ms, $part ] ) {
			$sum[ $part ] += $piece_to_ms - $piece_from_ms;
		}
		/** @var UptimeParts $sum */
		return $sum;
	}

	/**
	 * The parts of each hour or day of UTC that the window touches, by the instant at which it begins; the first and the last may be cut.
	 *
	 * @param UptimeSource $source
	 * @param int          $length_ms HOUR_MS or DAY_MS.
	 * @return array<int, UptimeParts> Oldest first.
	 */
	public static function by( int $length_ms, array $source, int $from_ms, int $to_ms ): array {
		$buckets = array();
		foreach ( self::pieces( $source, $from_ms, $to_ms ) as [ $piece_from_ms, $piece_to_ms, $part ] ) {
			while ( $piece_from_ms < $piece_to_ms ) {
				$start_ms                       = self::start_ms( $piece_from_ms, $length_ms );
				$end_ms                         = min( $piece_to_ms, $start_ms + $length_ms );
				$buckets[ $start_ms ]         ??= self::NOTHING;
				$buckets[ $start_ms ][ $part ] += $end_ms - $piece_from_ms;
				$piece_from_ms                  = $end_ms;
			}
		}
		/** @var array<int, UptimeParts> $buckets */
		return $buckets;
	}

	/**
	 * The same as by() of hours that the window has whole, when the state holds from its beginning on.
	 *
	 * @return array<int, UptimeParts> Oldest first.
	 */
	public static function unchanged( string $state, int $known_until_ms, int $from_ms, int $to_ms ): array {
		$hours = array();
		for ( $hour_ms = $from_ms; $hour_ms < $to_ms; $hour_ms += self::HOUR_MS ) {
			$known_ms               = max( 0, min( self::HOUR_MS, $known_until_ms - $hour_ms ) );
			$parts                  = self::NOTHING;
			$parts[ "{$state}_ms" ] = $known_ms;
			$parts['unknown_ms']   += self::HOUR_MS - $known_ms;
			$hours[ $hour_ms ]      = $parts;
		}
		/** @var array<int, UptimeParts> $hours */
		return $hours;
	}

	/**
	 * The sum of parts of windows that follow one another.
	 *
	 * @param iterable<UptimeParts> $parts
	 * @return UptimeParts
	 */
	public static function add( iterable $parts ): array {
		$sum = self::NOTHING;
		foreach ( $parts as $one ) {
			foreach ( $sum as $name => $part_ms ) {
				$sum[ $name ] = $part_ms + $one[ $name ];
			}
		}
		return $sum;
	}

	/**
	 * The time in which it was reachable (up or degraded) as a share of the time in which anything is known, 0..1; null when
	 * nothing is. Maintenance counts in neither.
	 *
	 * @param UptimeParts $parts
	 */
	public static function ratio( array $parts ): ?float {
		$reachable_ms = $parts['up_ms'] + $parts['degraded_ms'];
		$known_ms     = $reachable_ms + $parts['down_ms'];
		return 0 === $known_ms ? null : (float) ( $reachable_ms / $known_ms );
	}

	/** When the bucket of an instant begins; also before 1970. */
	public static function start_ms( int $instant_ms, int $length_ms ): int {
		return $instant_ms - ( ( $instant_ms % $length_ms ) + $length_ms ) % $length_ms;
	}

	/**
	 * The window cut wherever something begins or ends, oldest first and without holes: from, to, name of the part.
	 *
	 * @param UptimeSource $source
	 * @return list<array{int, int, string}>
	 */
	private static function pieces( array $source, int $from_ms, int $to_ms ): array {
		$changes = $source['changes'];
		usort( $changes, static fn ( array $one, array $other ): int => array( $one['at_ms'], $one['epoch'], $one['seq'] ) <=> array( $other['at_ms'], $other['epoch'], $other['seq'] ) );
		$closed      = self::merged( $source['maintenance'] );
		$edges       = self::edges( $source, $closed, $from_ms, $to_ms );
		$state       = 'unknown';
		$next_change = 0;
		$next_span   = 0;
		$pieces      = array();
		for ( $index = 0; $index < count( $edges ) - 1; $index++ ) {
			$at_ms = $edges[ $index ];
			for ( ; isset( $changes[ $next_change ] ) && $changes[ $next_change ]['at_ms'] <= $at_ms; $next_change++ ) {
				$state = $changes[ $next_change ]['state'];
			}
			while ( isset( $closed[ $next_span ] ) && $closed[ $next_span ]['to_ms'] <= $at_ms ) {
				++$next_span;
			}
			$in_maintenance = isset( $closed[ $next_span ] ) && $closed[ $next_span ]['from_ms'] <= $at_ms;
			$known          = $at_ms < $source['known_until_ms'] ? "{$state}_ms" : 'unknown_ms';
			$pieces[]       = array( $at_ms, $edges[ $index + 1 ], $in_maintenance ? 'maintenance_ms' : $known );
		}
		return $pieces;
	}

	/**
	 * Instants at which something begins or ends, ascending, each once.
	 *
	 * @param UptimeSource $source
	 * @param list<Span>   $closed
	 * @return list<int>
	 */
	private static function edges( array $source, array $closed, int $from_ms, int $to_ms ): array {
		$cuts  = array_merge( array( $from_ms, $to_ms, $source['known_until_ms'] ), array_column( $source['changes'], 'at_ms' ), array_column( $closed, 'from_ms' ), array_column( $closed, 'to_ms' ) );
		$edges = array();
		foreach ( $cuts as $cut_ms ) {
			if ( $cut_ms >= $from_ms && $cut_ms <= $to_ms ) {
				$edges[ $cut_ms ] = $cut_ms;
			}
		}
		sort( $edges );
		return $edges;
	}

	/**
	 * Spans that overlap or touch become one; empty ones vanish.
	 *
	 * @param list<Span> $spans
	 * @return list<Span>
	 */
	private static function merged( array $spans ): array {
		$spans = array_filter( $spans, static fn ( array $span ): bool => $span['to_ms'] > $span['from_ms'] );
		usort( $spans, static fn ( array $one, array $other ): int => $one['from_ms'] <=> $other['from_ms'] );
		$whole = array();
		foreach ( $spans as $span ) {
			/** @var Span|null $last */
			$last = array_pop( $whole );
			if ( null !== $last && $span['from_ms'] <= $last['to_ms'] ) {
				$span = array(
					'from_ms' => $last['from_ms'],
					'to_ms'   => max( $last['to_ms'], $span['to_ms'] ),
				);
			} elseif ( null !== $last ) {
				$whole[] = $last;
			}
			$whole[] = $span;
		}
		return $whole;
	}
}
