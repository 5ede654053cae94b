<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Migrations;

use Rollcall\Database\Migrator;
use Rollcall\Database\Schema;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;

/** A frozen release: makes its database and sends what its code sent. */
final class Snapshot {
	/** @var array{number: int, files: array<int, string>, creation: list<string>} */
	private readonly array $schema;

	/** @var list<string> Statements of the release's code, with `{prefix}`. */
	public readonly array $statements;

	/** @param list<string> $further Statements to send after those of the release. */
	public function __construct( public readonly string $version, array $further = array() ) {
		$this->schema     = self::file( "$version/schema.json" );
		$this->statements = array_merge( self::file( "$version/statements.json" ), $further );
	}

	/**
	 * Every release, oldest first.
	 *
	 * @return non-empty-list<string>
	 */
	public static function versions(): array {
		$versions = array_map( 'basename', (array) glob( __DIR__ . '/snapshots/*', GLOB_ONLYDIR ) );
		usort( $versions, 'version_compare' );
		return array() === $versions ? throw new \LogicException( 'There is no snapshot.' ) : $versions;
	}

	/** Makes the database of the release in the place of the present one. */
	public function restore(): void {
		Schema::drop_all();
		foreach ( $this->schema['creation'] as $sql ) {
			Sql::run( $this->named( $sql ) );
		}
		foreach ( $this->schema['files'] as $number => $name ) {
			Sql::insert( 'migrations', array( array( 'number' => (int) $number, 'name' => $name, 'applied_at_ms' => 1 ) ) );
		}
		update_option( Migrator::OPTION, $this->schema['number'], true );
	}

	/**
	 * Sends every statement of the release, in strict mode on MariaDB.
	 *
	 * @return array<int, string> Outcome by number: `ok`, `duplicate` or the error.
	 */
	public function send(): array {
		return array_map( array( $this, 'outcome' ), $this->statements );
	}

	/** Statements that make and change tables while the present migrations run on nothing, with `{prefix}`. @return list<string> */
	public static function creation(): array {
		$creation = array();
		$note     = static function ( string $query ) use ( &$creation ): string {
			if ( 1 === preg_match( '/^\s*(?:CREATE|ALTER)\s/i', $query ) ) {
				$creation[] = str_replace( '`' . Table::db()->prefix, '`{prefix}', $query );
			}
			return $query;
		};
		Schema::drop_all();
		add_filter( 'query', $note );
		Migrator::migrate( 1 );
		remove_filter( 'query', $note );
		return array_values( array_unique( $creation ) );
	}

	/** Runs the work with the strictness that MariaDB has outside WordPress: it refuses what it would cut. */
	public static function strictly( callable $work ): mixed {
		$mode = (string) Sql::value( 'SELECT @@SESSION.sql_mode' );
		Sql::run( "SET SESSION sql_mode = 'STRICT_ALL_TABLES'" );
		try {
			return $work();
		} finally {
			Sql::run( 'SET SESSION sql_mode = %s', $mode );
		}
	}

	private function outcome( string $sql ): string {
		$db     = Table::db();
		$silent = $db->suppress_errors( true );
		$db->query( $this->named( $sql ) );
		$db->suppress_errors( $silent );
		if ( '' === $db->last_error ) {
			return 'ok';
		}
		$is_duplicate = 1062 === Sql::error_number() || str_contains( $db->last_error, 'UNIQUE constraint failed' );
		return $is_duplicate ? 'duplicate' : Sql::failure()->getMessage();
	}

	private function named( string $sql ): string {
		return str_replace( '{prefix}', Table::db()->prefix, $sql );
	}

	private static function file( string $name ): mixed {
		return json_decode( (string) file_get_contents( __DIR__ . "/snapshots/$name" ), true, 32, JSON_THROW_ON_ERROR );
	}
}
