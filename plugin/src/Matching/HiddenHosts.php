<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Clock;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\DomainVerdicts;
use Rollcall\Database\Kv;
use Rollcall\Database\Transaction;

/**
 * Matches the hosts that the threshold keeps from the companion against the lists in the tables, as a sign-up is. What no
 * company has stays below the threshold.
 *
 * @phpstan-import-type StoredRun from \Rollcall\Database\Runs
 */
final class HiddenHosts {
	private const CURSOR = 'run:hidden';

	/**
	 * Goes on for a second or two.
	 *
	 * @param StoredRun $run
	 * @return bool Whether all were looked at.
	 */
	public static function match( array $run, int $now_ms ): bool {
		$ended = false;
		Counting::in_chunks(
			static function ( int $limit ) use ( $run, $now_ms, &$ended ): bool {
				$ended = ! Transaction::run( static fn (): bool => self::some( $run, $limit, $now_ms ) );
				return ! $ended;
			}
		);
		return $ended;
	}

	/** @param StoredRun $run */
	private static function some( array $run, int $limit, int $now_ms ): bool {
		$version = DataVersion::current();
		$stored  = Kv::get( self::CURSOR );
		$after   = is_array( $stored ) && array( $run['run_id'], $version ) === array( $stored['run_id'] ?? 0, $stored['data_version'] ?? 0 ) && is_int( $stored['after'] ?? null ) ? $stored['after'] : 0;
		$hosts   = array_column( Domains::hidden_page( $run, $version, $after, $limit ), 'host', 'domain_id' );
		if ( array() === $hosts ) {
			Kv::delete( self::CURSOR );
			return false;
		}
		$found    = SuffixWalk::verdicts( array_values( array_unique( $hosts ) ) );
		$verdicts = array();
		foreach ( $hosts as $domain_id => $host ) {
			if ( isset( $found[ $host ] ) ) {
				$verdicts[ $domain_id ] = $found[ $host ];
			}
		}
		DomainVerdicts::write( $verdicts, $hosts, $version, $now_ms );
		Kv::set(
			self::CURSOR,
			array(
				'run_id'       => $run['run_id'],
				'data_version' => $version,
				'after'        => array_key_last( $hosts ),
			),
			Clock::now_ms() + 86_400_000
		);
		return true;
	}
}
