<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\Settings;

/**
 * Which hosts a run wants a verdict on: those of its sources that have as many people as the threshold says. Without an
 * open run those of the users, as the next run would. In the browser nothing leaves, and no host is hidden.
 *
 * @phpstan-import-type StoredRun from Runs
 */
final class DueHosts {
	private const OF_USERS = '{user_domains} u WHERE u.domain_id = d.domain_id';
	private const OF_RUN   = '{run_domains} r WHERE r.domain_id = d.domain_id AND r.run_id = %d';

	/**
	 * Condition on domains d, and its values.
	 *
	 * @return array{string, list<int>}
	 */
	public static function condition(): array {
		return self::of( Runs::open() );
	}

	/**
	 * The same for hosts that only the threshold hides; null when it hides none.
	 *
	 * @param StoredRun|null $run
	 * @return array{string, list<int>}|null
	 */
	public static function hidden( ?array $run ): ?array {
		$threshold = self::threshold( $run );
		if ( 1 === $threshold ) {
			return null;
		}
		[ $people, $values ] = self::people( $run );
		return array( "$people BETWEEN 1 AND %d", array( ...$values, $threshold - 1 ) );
	}

	/**
	 * Whether a host has as many people as the threshold says: users, and those of the other sources of the newest run.
	 */
	public static function has_enough_people( int $domain_id ): bool {
		$threshold = Settings::get()['threshold'];
		if ( 1 === $threshold ) {
			return true;
		}
		$run = Runs::open() ?? Runs::newest_done();
		return $threshold <= (int) Sql::value(
			'SELECT (SELECT COUNT(*) FROM {user_domains} u WHERE u.domain_id = %d)
				+ (SELECT COALESCE(SUM(r.users), 0) FROM {run_domains} r WHERE r.domain_id = %d AND r.run_id = %d AND r.source <> %d)',
			$domain_id,
			$domain_id,
			$run['run_id'] ?? 0,
			Contract::number( 'USER_SOURCES', 'users' )
		);
	}

	/**
	 * @param StoredRun|null $run
	 * @return array{string, list<int>}
	 */
	private static function of( ?array $run ): array {
		$threshold = self::threshold( $run );
		if ( $threshold > 1 ) {
			[ $people, $values ] = self::people( $run );
			return array( "$people >= %d", array( ...$values, $threshold ) );
		}
		$either = self::with_users( $run ) ? array( 'EXISTS (SELECT 1 FROM ' . self::OF_USERS . ')' ) : array();
		$values = array();
		if ( self::with_others( $run ) ) {
			$either[] = 'EXISTS (SELECT 1 FROM ' . self::OF_RUN . ')';
			$values[] = $run['run_id'] ?? 0;
		}
		return array( '(' . implode( ' OR ', $either ) . ')', $values );
	}

	/**
	 * People at a host over all sources of the run.
	 *
	 * @param StoredRun|null $run
	 * @return array{string, list<int>}
	 */
	private static function people( ?array $run ): array {
		$sum    = self::with_users( $run ) ? array( '(SELECT COUNT(*) FROM ' . self::OF_USERS . ')' ) : array();
		$values = array();
		if ( self::with_others( $run ) ) {
			$sum[]    = '(SELECT COALESCE(SUM(r.users), 0) FROM ' . self::OF_RUN . ')';
			$values[] = $run['run_id'] ?? 0;
		}
		return array( '(' . implode( ' + ', $sum ) . ')', $values );
	}

	/** @param StoredRun|null $run */
	private static function threshold( ?array $run ): int {
		return 'browser' === ( $run['ran_in'] ?? '' ) ? 1 : Settings::get()['threshold'];
	}

	/** @param StoredRun|null $run */
	private static function with_users( ?array $run ): bool {
		return null === $run || in_array( 'users', $run['sources'], true );
	}

	/** @param StoredRun|null $run */
	private static function with_others( ?array $run ): bool {
		return null !== $run && array() !== array_diff( $run['sources'], array( 'users' ) );
	}
}
