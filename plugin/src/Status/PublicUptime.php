<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

use Rollcall\Database\Kv;
use Rollcall\Database\UptimeSums;
use Rollcall\Database\VisitorReading;

/**
 * Uptime and response times of public monitors, from the caches by hour and day; never from the checks. They are kept, since
 * pages of visitors are read much more often than they change, and of those that have grown old one page makes one anew.
 *
 * @phpstan-type Sums array<int, array{int, int}>
 * @phpstan-type Uptimes array{hours: Sums, days: Sums, p95_ms: int|null}
 */
final class PublicUptime {
	/** How old each may grow. */
	private const FRESH_MS = array(
		'hours'  => 30_000,
		'days'   => 60_000,
		'p95_ms' => 300_000,
	);

	/** What is older is not shown at all. */
	private const KEPT_MS = 600_000;

	/** Names of the values in Kv begin so. */
	private const PREFIX = 'public_uptime/';

	/**
	 * Reachable and known milliseconds of the last 24 hours and 30 days by monitor_id, and the time that 95 of 100 checks of
	 * the last 24 hours did not exceed, null without any.
	 *
	 * @param list<int> $monitor_ids
	 * @return Uptimes
	 */
	public static function of( array $monitor_ids, int $now_ms ): array {
		$set   = md5( implode( ',', $monitor_ids ) );
		$kept  = Kv::list( self::PREFIX, $now_ms );
		$parts = array();
		$ages  = array();
		foreach ( self::FRESH_MS as $name => $fresh_ms ) {
			$part = $kept[ self::PREFIX . $name ] ?? null;
			if ( is_array( $part ) && ( $part['set'] ?? '' ) === $set && is_int( $part['made_at_ms'] ?? null ) ) {
				$parts[ $name ] = $part['made'] ?? null;
				$ages[ $name ]  = ( $now_ms - $part['made_at_ms'] ) / $fresh_ms;
			} else {
				$parts[ $name ] = self::made( $name, $monitor_ids, $set, $now_ms );
			}
		}
		arsort( $ages );
		$oldest = array_key_first( $ages );
		if ( null !== $oldest && $ages[ $oldest ] >= 1 ) {
			$parts[ $oldest ] = self::made( $oldest, $monitor_ids, $set, $now_ms );
		}
		/** @var Uptimes $parts As they were made. */
		return $parts;
	}

	/**
	 * Percent of the known time in which it was reachable, to three digits and never rounded up; null when nothing is known.
	 *
	 * @param array{int, int} $parts Reachable and known milliseconds.
	 */
	public static function percent( array $parts ): ?float {
		list( $reachable_ms, $known_ms ) = $parts;
		if ( 0 === $known_ms ) {
			return null;
		}
		// The times of 35,000 monitors and 30 days by 100,000 are more than an integer holds: both lose as many digits.
		$times = 1 + intdiv( $known_ms, intdiv( PHP_INT_MAX, 100_000 ) );
		$share = intdiv( intdiv( $reachable_ms, $times ) * 100_000, intdiv( $known_ms, $times ) );
		return min( $share, $reachable_ms < $known_ms ? 99_999 : 100_000 ) / 1000;
	}

	/**
	 * Makes a part anew and keeps it.
	 *
	 * @param 'hours'|'days'|'p95_ms' $name
	 * @param list<int>               $monitor_ids
	 * @return Sums|int|null
	 */
	private static function made( string $name, array $monitor_ids, string $set, int $now_ms ): array|int|null {
		$made = match ( $name ) {
			'hours'  => UptimeSums::last_24h( $monitor_ids, $now_ms ),
			'days'   => UptimeSums::last_30d( $monitor_ids, $now_ms ),
			'p95_ms' => Histogram::percentile( Histogram::merge( self::histograms( $monitor_ids, $now_ms ) ), 95 ),
		};
		$kept = array( 'set' => $set, 'made_at_ms' => $now_ms, 'made' => $made );
		VisitorReading::write( static fn () => Kv::set( self::PREFIX . $name, $kept, $now_ms + self::KEPT_MS, $now_ms ) );
		return $made;
	}

	/**
	 * @param list<int> $monitor_ids
	 * @return \Generator<int, array<int, int>>
	 */
	private static function histograms( array $monitor_ids, int $now_ms ): \Generator {
		foreach ( UptimeSums::histograms_24h( $monitor_ids, $now_ms ) as $text ) {
			yield Histogram::parse( $text );
		}
	}
}
