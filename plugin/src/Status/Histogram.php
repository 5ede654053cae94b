<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

/**
 * Histograms of response times as companion/src/monitor/histogram.ts makes them; both run tests/fixtures/histogram.json.
 * Counts by the number of their bucket, buckets without any are absent. The database has them as `bucket:count,...`, ascending.
 *
 * @phpstan-type Counts array<int, int>
 */
final class Histogram {
	/** Each power of two is cut into 32 buckets of equal width; below 64 ms a bucket is one millisecond. */
	private const SUB_BUCKETS = 32;

	/** About 131 s; what lasted longer counts as this. */
	private const MAX_MS = 131_071;

	/** The bucket of a time: rounded to whole milliseconds, halves up. */
	public static function bucket_of( int|float $value_ms ): int {
		$whole = min( self::MAX_MS, max( 0, (int) floor( $value_ms + 0.5 ) ) );
		$shift = 0;
		while ( $whole >> $shift >= 2 * self::SUB_BUCKETS ) {
			++$shift;
		}
		return self::SUB_BUCKETS * $shift + ( $whole >> $shift );
	}

	/**
	 * The histogram of whole milliseconds as the database joins them, by comma.
	 *
	 * @return Counts
	 */
	public static function of_times( string $times ): array {
		$histogram = array();
		foreach ( '' === $times ? array() : explode( ',', $times ) as $time ) {
			$bucket               = self::bucket_of( (int) $time );
			$histogram[ $bucket ] = ( $histogram[ $bucket ] ?? 0 ) + 1;
		}
		return $histogram;
	}

	/**
	 * The least and the greatest time of a bucket, both included.
	 *
	 * @return array{from_ms: int, to_ms: int}
	 */
	public static function bounds_of( int $bucket ): array {
		$shift   = max( 0, intdiv( $bucket, self::SUB_BUCKETS ) - 1 );
		$from_ms = ( $bucket - self::SUB_BUCKETS * $shift ) << $shift;
		return array(
			'from_ms' => $from_ms,
			'to_ms'   => $from_ms + ( 1 << $shift ) - 1,
		);
	}

	/**
	 * The histogram of all values of several. In which order they are merged, and in which parts, does not matter.
	 *
	 * @param iterable<Counts> $histograms
	 * @return Counts
	 */
	public static function merge( iterable $histograms ): array {
		$sum = array();
		foreach ( $histograms as $histogram ) {
			foreach ( $histogram as $bucket => $count ) {
				$sum[ $bucket ] = ( $sum[ $bucket ] ?? 0 ) + $count;
			}
		}
		return $sum;
	}

	/**
	 * The time that a share of the values does not exceed, by nearest rank, within 1/64 of it; null when there are no values.
	 *
	 * @param Counts $histogram
	 * @param int    $percent A whole number from 1 to 100.
	 */
	public static function percentile( array $histogram, int $percent ): ?int {
		ksort( $histogram );
		$total = array_sum( $histogram );
		$left  = intdiv( $total * $percent + 99, 100 );
		foreach ( $histogram as $bucket => $count ) {
			$left -= $count;
			if ( $left <= 0 && $total > 0 ) {
				$bounds = self::bounds_of( $bucket );
				return intdiv( $bounds['from_ms'] + $bounds['to_ms'], 2 );
			}
		}
		return null;
	}

	/**
	 * As the database has it.
	 *
	 * @param Counts $histogram
	 */
	public static function text( array $histogram ): string {
		ksort( $histogram );
		$pairs = array();
		foreach ( $histogram as $bucket => $count ) {
			$pairs[] = "$bucket:$count";
		}
		return implode( ',', $pairs );
	}

	/**
	 * What the database has. Of several texts that were joined by comma it is the histogram of all their values.
	 *
	 * @return Counts
	 */
	public static function parse( string $text ): array {
		$histogram = array();
		$numbers   = '' === $text ? array() : explode( ':', strtr( $text, ',', ':' ) );
		for ( $at = 0; isset( $numbers[ $at + 1 ] ); $at += 2 ) {
			$bucket               = (int) $numbers[ $at ];
			$histogram[ $bucket ] = ( $histogram[ $bucket ] ?? 0 ) + (int) $numbers[ $at + 1 ];
		}
		return $histogram;
	}
}
