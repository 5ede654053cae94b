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
 * @phpstan-import-type Sums from UptimeSums
 * @phpstan-type Uptimes array{hours: Sums, days: Sums, p95_ms: int|null}
 */
final class PublicUptime {
	/** How old each may grow. */
	private const FRESH_MS = array(
		'recent'    => 30_000,
		'past_days' => 60_000,
		'p95_ms'    => 300_000,
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
		// Of other monitors, and of another today, all of it is another figure.
		$set   = md5( Uptime::start_ms( $now_ms, Uptime::DAY_MS ) . ':' . implode( ',', $monitor_ids ) );
		$kept  = Kv::list( self::PREFIX, $now_ms );
		$parts = array();
		$ages  = array();
		foreach ( self::FRESH_MS as $name => $fresh_ms ) {
			$part = $kept[ self::PREFIX . $name ] ?? null;
			if ( is_array( $part ) && ( $part['set'] ?? '' ) === $set && is_int( $part['made_at_ms'] ?? null ) ) {
				$parts[ $name ] = $part['made'] ?? null;
				$ages[ $name ]  = ( $now_ms - $part['made_at_ms'] ) / $fresh_ms;
			}
		}
		$old = array_keys( array_diff_key( self::FRESH_MS, $parts ) );
		arsort( $ages );
		$oldest = array_key_first( $ages );
		if ( null !== $oldest && $ages[ $oldest ] >= 1 ) {
			$old[] = $oldest;
		}
		$made = self::made( $old, $monitor_ids, $now_ms );
		foreach ( $made as $name => $part ) {
			$kept = array(
				'set'        => $set,
				'made_at_ms' => $now_ms,
				'made'       => $part,
			);
			VisitorReading::write( static fn () => Kv::set( self::PREFIX . $name, $kept, $now_ms + self::KEPT_MS, $now_ms ) );
		}
		/** @var array{recent: array{hours: Sums, today: Sums}, past_days: Sums, p95_ms: int|null} $parts As they were made. */
		$parts = $made + $parts;
		return array(
			'hours'  => $parts['recent']['hours'],
			'days'   => UptimeSums::added( $parts['past_days'], $parts['recent']['today'] ),
			'p95_ms' => $parts['p95_ms'],
		);
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
	 * Parts that are made anew: those that are asked for, and what comes with them.
	 *
	 * @param list<string> $names
	 * @param list<int>    $monitor_ids
	 * @return array<string, mixed>
	 */
	private static function made( array $names, array $monitor_ids, int $now_ms ): array {
		$made           = array();
		$with_histogram = in_array( 'p95_ms', $names, true );
		if ( $with_histogram || in_array( 'recent', $names, true ) ) {
			$recent         = UptimeSums::recent( $monitor_ids, $now_ms, $with_histogram );
			$made['recent'] = array(
				'hours' => $recent['hours'],
				'today' => $recent['today'],
			);
			if ( $with_histogram ) {
				$made['p95_ms'] = Histogram::percentile( $recent['histogram'], 95 );
			}
		}
		if ( in_array( 'past_days', $names, true ) ) {
			$made['past_days'] = UptimeSums::past_days( $monitor_ids, $now_ms );
		}
		return $made;
	}
}
