<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;

/** Version of what verdicts are made on: raised when a list version becomes active or the site's own hosts change. */
final class DataVersion {
	private const NAME      = 'data_version';
	private const OWN_HOSTS = 'own_hosts';

	/** The version; 1 at the start. A domain of another version is stale. */
	public static function current(): int {
		$version = Kv::get( self::NAME );
		return is_int( $version ) ? max( 1, $version ) : 1;
	}

	/** Makes every verdict stale. Goes into the transaction of what changed. */
	public static function raise(): int {
		$now_ms = Clock::now_ms();
		Sql::insert(
			'kv',
			array(
				array(
					'name'          => self::NAME,
					'value'         => '1',
					'updated_at_ms' => $now_ms,
				),
			),
			ignore: true
		);
		Sql::run( 'UPDATE {kv} SET value = CAST(value AS SIGNED) + 1, updated_at_ms = %d WHERE name = %s', $now_ms, self::NAME );
		return self::current();
	}

	/**
	 * Raises the version when the site's own hosts are not those of the last look.
	 *
	 * @param list<string> $hosts
	 */
	public static function note_own_hosts( array $hosts ): void {
		$known = Kv::get( self::OWN_HOSTS );
		if ( $known === $hosts ) {
			return;
		}
		Kv::set( self::OWN_HOSTS, $hosts );
		if ( null !== $known ) {
			self::raise();
		}
	}
}
