<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Migrations;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Contract;
use Rollcall\Database\Migrator;
use Rollcall\Database\Schema;
use Rollcall\Database\Sql;
use Rollcall\Tests\TestCase;

/** F64: code of each release goes on working on the present schema, on SQLite and MariaDB. */
#[Group( 'single-site' )]
final class UpgradeTest extends TestCase {
	/** @var array{snapshot: Snapshot, schema: array<string, array<string, mixed>>, outcomes: array<int, string>}|null The oldest release, before any forbidden change. */
	private static ?array $unchanged = null;

	protected function tearDown(): void {
		Schema::drop_all();
		Migrator::migrate( 1 );
		parent::tearDown();
	}

	/** @return array<string, array{string}> */
	public static function versions(): array {
		$versions = Snapshot::versions();
		return array_combine( $versions, array_map( static fn ( string $version ): array => array( $version ), $versions ) );
	}

	#[DataProvider( 'versions' )]
	public function test_every_statement_of_the_release_works_on_its_own_schema( string $version ): void {
		$snapshot = new Snapshot( $version );
		$snapshot->restore();
		$outcomes = $snapshot->send();
		self::assertSame( array(), array_diff( $outcomes, array( 'ok', 'duplicate' ) ) );
		self::assertGreaterThan( 20, count( array_keys( $outcomes, 'ok', true ) ) );
		foreach ( array( 'SELECT', 'INSERT', 'UPDATE', 'DELETE' ) as $verb ) {
			self::assertNotSame( array(), preg_grep( "/^\s*$verb/", $snapshot->statements ), $verb );
		}
	}

	#[DataProvider( 'versions' )]
	public function test_old_code_sends_the_same_with_the_same_outcome_after_the_migration( string $version ): void {
		$snapshot = new Snapshot( $version );
		$before   = self::replayed( $snapshot, static fn () => null );
		$after    = self::replayed( $snapshot, static fn () => self::assertTrue( Migrator::migrate( 2 ) ) );
		self::assertSame( $before, $after );
	}

	#[DataProvider( 'versions' )]
	public function test_an_upgraded_schema_is_a_fresh_one_and_a_second_run_changes_nothing( string $version ): void {
		$fresh = Compatibility::now();
		( new Snapshot( $version ) )->restore();
		$old = Compatibility::now();
		self::assertTrue( Migrator::migrate( 2 ) );
		$upgraded = Compatibility::now();
		self::assertSame( self::without_order( $fresh ), self::without_order( $upgraded ) );
		self::assertSame( array(), Compatibility::faults( $old, $upgraded ) );
		self::assertTrue( Migrator::migrate( 3 ) );
		self::assertSame( $upgraded, Compatibility::now() );
	}

	#[DataProvider( 'versions' )]
	public function test_planted_rows_are_all_there_after_the_migration( string $version ): void {
		$snapshot = new Snapshot( $version );
		$snapshot->restore();
		$snapshot->send();
		$tables = array_keys( Compatibility::now() );
		$before = self::counts( $tables );
		Migrator::migrate( 2 );
		self::assertSame( $before, self::counts( $tables ) );
		self::assertGreaterThan( 5, count( array_filter( $before ) ) );
	}

	/** @return array<string, array{string, bool, bool}> Change; whether the replay turns red on SQLite, on MariaDB. */
	public static function forbidden(): array {
		return array(
			'a dropped column'                   => array( 'ALTER TABLE {domains} DROP COLUMN evidence', true, true ),
			'a dropped table'                    => array( 'DROP TABLE {run_companies}', true, true ),
			'a renamed column'                   => array( 'ALTER TABLE {lists} CHANGE COLUMN title name VARCHAR(200) NOT NULL', true, true ),
			'a narrower type'                    => array( 'ALTER TABLE {kv} MODIFY COLUMN value VARCHAR(1) NOT NULL', false, true ),
			'a required column without default'  => array( 'ALTER TABLE {user_domains} ADD COLUMN blog_id BIGINT NOT NULL', false, true ),
			'a new unique key'                   => array( 'ALTER TABLE {audit} ADD UNIQUE KEY one (user_id)', true, true ),
			'a dropped unique key'               => array( 'ALTER TABLE {domains} DROP INDEX host', false, false ),
			'a dropped index'                    => array( 'ALTER TABLE {jobs} DROP INDEX state', false, false ),
		);
	}

	/** The schemas alone show every kind; the replay shows those that the database answers differently. */
	#[DataProvider( 'forbidden' )]
	public function test_a_forbidden_change_turns_red( string $sql, bool $on_sqlite, bool $on_mariadb ): void {
		$unchanged = self::unchanged();
		$after     = self::replayed(
			$unchanged['snapshot'],
			static function () use ( $sql ): void {
				// The databases refuse these two changes on tables whose rows contradict them.
				Sql::run( 'DELETE FROM {user_domains}' );
				Sql::run( 'DELETE FROM {audit}' );
				Sql::run( $sql );
			}
		);
		self::assertNotSame( array(), Compatibility::faults( $unchanged['schema'], Compatibility::now() ) );
		if ( defined( 'DB_ENGINE' ) && 'sqlite' === DB_ENGINE ? $on_sqlite : $on_mariadb ) {
			self::assertNotSame( $unchanged['outcomes'], $after );
		}
	}

	/** @return array{snapshot: Snapshot, schema: array<string, array<string, mixed>>, outcomes: array<int, string>} */
	private static function unchanged(): array {
		if ( null === self::$unchanged ) {
			$two_rows = "INSERT INTO `{prefix}rollcall_audit` (at_ms, user_id, action, detail) VALUES (1, 1, 'one', ''), (2, 1, 'two', '')";
			$snapshot = new Snapshot( Snapshot::versions()[0], array( $two_rows ) );
			$outcomes = self::replayed( $snapshot, static fn () => null );
			self::$unchanged = array( 'snapshot' => $snapshot, 'schema' => Compatibility::now(), 'outcomes' => $outcomes );
		}
		return self::$unchanged;
	}

	public function test_a_safe_change_stays_green(): void {
		$snapshot = new Snapshot( Snapshot::versions()[0] );
		$before   = self::replayed( $snapshot, static fn () => null );
		$old      = Compatibility::now();
		$after    = self::replayed(
			$snapshot,
			static function (): void {
				$schema = new Schema();
				$schema->add_column( 'domains', 'colour', \Rollcall\Database\Column::text( 20, default: 'grey' ) );
				$schema->add_index( 'domains', 'colour', array( 'colour' ) );
			}
		);
		self::assertSame( array(), Compatibility::faults( $old, Compatibility::now() ) );
		self::assertSame( $before, $after );
	}

	#[DataProvider( 'versions' )]
	public function test_words_of_the_release_keep_their_numbers( string $version ): void {
		$old = json_decode( (string) file_get_contents( __DIR__ . "/snapshots/$version/vocabulary.json" ), true );
		foreach ( $old as $vocabulary => $numbers ) {
			self::assertSame( $numbers, array_intersect_key( Contract::numbers( $vocabulary ), $numbers ), $vocabulary );
			self::assertCount( count( Contract::words( $vocabulary ) ), array_unique( Contract::numbers( $vocabulary ) ) );
		}
	}

	public function test_the_present_version_has_a_snapshot(): void {
		self::assertContains( ROLLCALL_VERSION, Snapshot::versions() );
	}

	/**
	 * Plants rows by the old statements, changes the schema, and sends the old statements again.
	 *
	 * @return array<int, string>
	 */
	private static function replayed( Snapshot $snapshot, callable $change ): array {
		$snapshot->restore();
		$snapshot->send();
		$change();
		return Snapshot::strictly( array( $snapshot, 'send' ) );
	}

	/**
	 * Rows by table; how many migrations ran does not count.
	 *
	 * @param list<string> $tables
	 * @return array<string, int>
	 */
	private static function counts( array $tables ): array {
		$counts = array();
		foreach ( array_diff( $tables, array( 'migrations' ) ) as $table ) {
			$counts[ $table ] = (int) Sql::value( "SELECT COUNT(*) FROM {{$table}}" );
		}
		return $counts;
	}

	/**
	 * Added columns are last in an upgraded table and may be elsewhere in a fresh one.
	 *
	 * @param array<string, array<string, mixed>> $tables
	 * @return array<string, array<string, mixed>>
	 */
	private static function without_order( array $tables ): array {
		return array_map(
			static function ( array $table ): array {
				ksort( $table['columns'] );
				return $table;
			},
			$tables
		);
	}
}
