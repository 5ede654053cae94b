<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

use Rollcall\Database\Kv;
use Rollcall\Database\UptimeSums;

/**
 * Uptime and response times of public monitors, from the caches by hour and day; never from the checks. Kept for half a
 * minute, and the times, which are the dearest, for five: pages of visitors are read much more often than they change.
 *
 * @phpstan-type Uptimes array<int, array{hours: array{int, int}, days: array{int, int}}>
 */
final class PublicUptime {
	private const KEPT_MS = 30_000;
	private const P95_MS  = 300_000;
	private const KEY     = 'public_uptime';
	private const P95_KEY = 'public_p95';

	/**
	 * Reachable and known milliseconds of the last 24 hours and 30 days by monitor_id.
	 *
	 * @param list<int> $monitor_ids
	 * @return Uptimes
	 */
	public static function of( array $monitor_ids, int $now_ms ): array {
		/** @var Uptimes $uptimes */
		$uptimes = self::kept( self::KEY, $monitor_ids, self::KEPT_MS, $now_ms, static fn(): array => self::read( $monitor_ids, $now_ms ) );
		return $uptimes;
	}

	/**
	 * The time that 95 of 100 checks of the last 24 hours did not exceed, in milliseconds; null without any.
	 *
	 * @param list<int> $monitor_ids
	 */
	public static function p95_ms( array $monitor_ids, int $now_ms ): ?int {
		/** @var int|null $p95_ms */
		$p95_ms = self::kept(
			self::P95_KEY,
			$monitor_ids,
			self::P95_MS,
			$now_ms,
			static fn(): ?int => Histogram::percentile( Histogram::merge( self::histograms( $monitor_ids, $now_ms ) ), 95 )
		);
		return $p95_ms;
	}

	/**
	 * Percent of the known time in which it was reachable, to three digits and never rounded up; null when nothing is known.
	 *
	 * @param array{int, int} $parts Reachable and known milliseconds.
	 */
	public static function percent( array $parts ): ?float {
		list( $reachable_ms, $known_ms ) = $parts;
		return 0 === $known_ms ? null : intdiv( $reachable_ms * 100_000, $known_ms ) / 1000;
	}

	/**
	 * @param list<int> $monitor_ids
	 * @return Uptimes
	 */
	private static function read( array $monitor_ids, int $now_ms ): array {
		$hours   = UptimeSums::last_24h( $monitor_ids, $now_ms );
		$days    = UptimeSums::last_30d( $monitor_ids, $now_ms );
		$uptimes = array();
		foreach ( $monitor_ids as $monitor_id ) {
			$uptimes[ $monitor_id ] = array(
				'hours' => $hours[ $monitor_id ] ?? array( 0, 0 ),
				'days'  => $days[ $monitor_id ] ?? array( 0, 0 ),
			);
		}
		return $uptimes;
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

	/**
	 * What was made for the same monitors a short while ago, or a new one.
	 *
	 * @param list<int>         $monitor_ids
	 * @param callable(): mixed $make
	 */
	private static function kept( string $name, array $monitor_ids, int $kept_ms, int $now_ms, callable $make ): mixed {
		$set  = md5( implode( ',', $monitor_ids ) );
		$kept = Kv::get( $name, $now_ms );
		if ( is_array( $kept ) && ( $kept['set'] ?? '' ) === $set ) {
			return $kept['made'] ?? null;
		}
		$made = $make();
		Kv::set( $name, array( 'set' => $set, 'made' => $made ), $now_ms + $kept_ms, $now_ms );
		return $made;
	}
}
