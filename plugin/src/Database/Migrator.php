<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\RollcallError;

/**
 * Brings the tables of one blog up to date with the numbered files of `migrations/`. One process at a
 * time, under a row of the migrations table; killed at any statement, the next one goes on from there.
 */
final class Migrator {
	/** Autoloaded: number of the newest migration of this blog. */
	public const OPTION = 'rollcall_schema';

	/** Why the newest attempt failed; deleted when one succeeds. */
	public const ERROR_OPTION = 'rollcall_schema_error';

	/** A lock older than this belongs to a process that was killed. */
	private const LOCK_MS = 120_000;

	/** @var array<int, string>|null */
	private static ?array $files = null;

	/** Migrates when the quick check says that it is needed. Failures are kept for the screens, not thrown. */
	public static function ensure(): bool {
		if ( self::is_current() ) {
			return true;
		}
		try {
			return self::migrate( Clock::now_ms() );
		} catch ( RollcallError $error ) {
			update_option( self::ERROR_OPTION, mb_substr( $error->getMessage(), 0, 500 ), false );
			return false;
		}
	}

	/** Whether the tables are at least as new as this code. */
	public static function is_current(): bool {
		return self::number() >= array_key_last( self::files() );
	}

	/** Number of the newest migration that this blog has; 0 for none. */
	public static function number(): int {
		$number = get_option( self::OPTION, 0 );
		return is_numeric( $number ) ? (int) $number : 0;
	}

	/**
	 * Names of the migrations by number, ascending.
	 *
	 * @return non-empty-array<int, string>
	 */
	public static function files(): array {
		if ( null === self::$files ) {
			$files = array();
			foreach ( (array) scandir( __DIR__ . '/migrations' ) as $file ) {
				if ( 1 === preg_match( '/^(\d{4})_[a-z0-9_]+(?=\.php$)/', (string) $file, $found ) ) {
					$files[ (int) $found[1] ] = $found[0];
				}
			}
			ksort( $files );
			self::$files = $files;
		}
		return array() === self::$files ? throw new \LogicException( 'There are no migrations.' ) : self::$files;
	}

	/**
	 * Runs what is missing.
	 *
	 * @return bool False when another process is at it.
	 * @throws RollcallError `migration_failed`.
	 */
	public static function migrate( int $now_ms ): bool {
		$files = self::files();
		$first = (int) array_key_first( $files );
		self::apply( $files[ $first ] );
		$token = self::lock( $now_ms );
		if ( null === $token ) {
			return false;
		}
		$applied = array_map( 'intval', Sql::column( 'SELECT number FROM {migrations} WHERE number > 0' ) );
		foreach ( array_diff_key( $files, array_flip( $applied ) ) as $number => $name ) {
			self::apply( $name );
			Sql::insert( 'migrations', array( array( 'number' => $number, 'name' => $name, 'applied_at_ms' => $now_ms ) ), ignore: true );
		}
		if ( 0 === self::number() ) {
			Capabilities::grant();
		}
		delete_option( self::ERROR_OPTION );
		update_option( self::OPTION, array_key_last( $files ), true );
		Sql::run( 'DELETE FROM {migrations} WHERE number = 0 AND name = %s', $token );
		return true;
	}

	private static function apply( string $name ): void {
		$migration = require __DIR__ . "/migrations/$name.php";
		if ( ! $migration instanceof \Closure ) {
			throw new \LogicException( "$name returns no function." );
		}
		$migration( new Schema() );
	}

	/** Takes the lock: row number 0, whose name is the holder's token. Null when another process has it. */
	private static function lock( int $now_ms ): ?string {
		$token = 'lock ' . bin2hex( random_bytes( 8 ) );
		Sql::run( 'DELETE FROM {migrations} WHERE number = 0 AND applied_at_ms < %d', $now_ms - self::LOCK_MS );
		$row = array( 'number' => 0, 'name' => $token, 'applied_at_ms' => $now_ms );
		return 1 === Sql::insert( 'migrations', array( $row ), ignore: true ) ? $token : null;
	}
}
