<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Capabilities;
use Rollcall\Database\Migrator;
use Rollcall\Database\Schema;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Plugin;
use Rollcall\Tests\TestCase;

final class MigratorTest extends TestCase {
	private const NOW_MS = 1_800_000_000_000;

	/** The tables are dropped and made here: they are put back for the tests that follow. */
	protected function tearDown(): void {
		remove_all_filters( 'query' );
		self::drop();
		self::assertTrue( Migrator::migrate( self::NOW_MS ) );
		parent::tearDown();
	}

	public function test_makes_every_table_and_says_so(): void {
		self::drop();
		self::assertFalse( Migrator::is_current() );
		Plugin::create_tables();
		self::assertTrue( Migrator::is_current() );
		foreach ( Schema::tables() as $table ) {
			self::assertGreaterThan( 1, count( Schema::column_names( $table ) ), $table );
		}
		self::assertSame( (string) count( Migrator::files() ), Sql::value( 'SELECT COUNT(*) FROM {migrations}' ) );
	}

	public function test_a_second_run_changes_nothing(): void {
		$before = self::schema();
		$sent   = self::statements( static fn () => Migrator::migrate( self::NOW_MS ) );
		self::assertSame( $before, self::schema() );
		self::assertSame( array(), preg_grep( '/^\s*(?:ALTER|DROP)/i', $sent ) );
		self::assertCount( 1, (array) preg_grep( '/^\s*CREATE TABLE IF NOT EXISTS/i', $sent ) );
	}

	public function test_the_quick_check_sends_no_statement(): void {
		wp_load_alloptions();
		self::assertSame( array(), self::statements( static fn () => Migrator::ensure() ) );
	}

	/** F64: interrupted at each statement; for old and new code on each other's tables see UpgradeTest. */
	#[Group( 'single-site' )]
	public function test_killed_at_any_statement_the_next_run_finishes(): void {
		$whole = self::schema();
		self::drop();
		$statements = self::statements( static fn () => Migrator::migrate( self::NOW_MS ) );
		// Killed before a statement that only follows reads, it leaves what it left before these: such numbers prove nothing more.
		$writes = array_keys( preg_grep( '/^\s*(?:SELECT|SHOW|DESCRIBE)\b/i', array_slice( $statements, 0, -1 ), PREG_GREP_INVERT ) );
		self::assertGreaterThan( 2 * count( Migrator::files() ), count( $writes ) );
		foreach ( array( 1, ...array_map( static fn ( int $before ): int => $before + 2, $writes ) ) as $number ) {
			self::drop();
			self::killed_at( $number );
			$later = self::NOW_MS + 120_001;
			self::assertTrue( Migrator::migrate( $later ), "after a kill at statement $number" );
			self::assertSame( $whole, self::schema(), "after a kill at statement $number" );
			self::assertTrue( Migrator::is_current() );
			self::assertTrue( get_role( 'administrator' )?->has_cap( Capabilities::SETTINGS ), "after a kill at statement $number" );
		}
	}

	public function test_only_one_process_migrates_at_a_time(): void {
		self::drop();
		self::killed_at( 12 );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {migrations} WHERE number = 0' ) );
		self::assertFalse( Migrator::migrate( self::NOW_MS + 119_000 ) );
		self::assertFalse( Migrator::is_current() );
		self::assertTrue( Migrator::migrate( self::NOW_MS + 120_001 ) );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {migrations} WHERE number = 0' ) );
	}

	public function test_a_failure_is_kept_for_the_screens_and_forgotten_when_it_is_gone(): void {
		self::drop();
		$refuse = static fn ( string $query ): string => str_contains( $query, 'rollcall_jobs' ) ? 'CREATE TABLE' : $query;
		add_filter( 'query', $refuse );
		Table::db()->suppress_errors( true );
		self::assertFalse( Migrator::ensure() );
		self::assertStringContainsString( 'CREATE TABLE IF NOT EXISTS {jobs}', (string) get_option( Migrator::ERROR_OPTION ) );
		remove_filter( 'query', $refuse );
		Sql::run( 'DELETE FROM {migrations} WHERE number = 0' );
		self::assertTrue( Migrator::ensure() );
		self::assertFalse( get_option( Migrator::ERROR_OPTION ) );
	}

	public function test_grants_the_rights_once_so_that_an_admin_may_take_them_away(): void {
		$role = get_role( 'administrator' );
		$role?->remove_cap( Capabilities::VIEW );
		update_option( Migrator::OPTION, 3, true );
		Migrator::migrate( self::NOW_MS );
		self::assertFalse( get_role( 'administrator' )?->has_cap( Capabilities::VIEW ) );
		self::assertFalse( get_role( 'editor' )?->has_cap( Capabilities::MANAGE ) );
	}

	public function test_adds_columns_and_indexes_once_and_only_of_the_safe_kinds(): void {
		$schema = new Schema();
		foreach ( array( 1, 2 ) as $ignored ) {
			$schema->add_column( 'audit', 'colour', \Rollcall\Database\Column::text( 20, nullable: true ) );
			$schema->add_index( 'audit', 'colour', array( 'colour', 'at_ms' ) );
		}
		self::assertContains( 'colour', Schema::column_names( 'audit' ) );
		$keys = Sql::rows( 'SHOW INDEX FROM {audit}' );
		self::assertCount( 2, array_keys( array_column( $keys, 'Key_name' ), 'colour', true ) );
		$this->expectException( \LogicException::class );
		$schema->add_column( 'audit', 'size', \Rollcall\Database\Column::int() );
	}

	public function test_files_are_numbered_without_gaps_and_named_by_what_they_do(): void {
		self::assertSame( range( 1, count( Migrator::files() ) ), array_keys( Migrator::files() ) );
		foreach ( Migrator::files() as $name ) {
			self::assertMatchesRegularExpression( '/^\d{4}_[a-z_]+_(create_table|add_[a-z_]+)$/', $name );
		}
	}

	#[Group( 'multisite' )]
	public function test_another_blog_gets_its_tables_when_it_first_needs_them_and_loses_them_with_the_blog(): void {
		$blog_id = wp_insert_site( array( 'domain' => 'rollcall.test', 'path' => '/second/', 'title' => 'Second', 'user_id' => self::ada() ) );
		self::assertIsInt( $blog_id );
		switch_to_blog( $blog_id );
		self::assertFalse( Migrator::is_current() );
		self::assertFalse( self::has_table( 'kv' ) );
		$GLOBALS['wp_rest_server'] = null;
		rest_get_server();
		self::assertTrue( Migrator::is_current() );
		self::assertTrue( self::has_table( 'kv' ) );
		self::assertTrue( get_role( 'administrator' )?->has_cap( Capabilities::VIEW ) );
		restore_current_blog();
		wp_delete_site( $blog_id );
		switch_to_blog( $blog_id );
		self::assertFalse( self::has_table( 'kv' ) );
		restore_current_blog();
	}

	/** Runs the migrator as a process that dies before its statement of this number: nothing of it runs after that. */
	private static function killed_at( int $number ): void {
		$sent = 0;
		$kill = static function ( string $query ) use ( $number, &$sent ): string {
			return ++$sent >= $number ? throw new \DomainException( 'killed' ) : $query;
		};
		add_filter( 'query', $kill );
		try {
			Migrator::migrate( self::NOW_MS );
			self::fail( "There was no statement $number." );
		} catch ( \DomainException $killed ) {
			remove_filter( 'query', $kill );
			wp_cache_flush();
			wp_roles()->for_site();
		}
	}

	private static function drop(): void {
		Schema::drop_all();
		Capabilities::revoke();
		delete_option( Migrator::OPTION );
	}

	/** @return list<string> Statements that the work sent. */
	private static function statements( callable $work ): array {
		$sent = array();
		$note = static function ( string $query ) use ( &$sent ): string {
			$sent[] = $query;
			return $query;
		};
		add_filter( 'query', $note );
		$work();
		remove_filter( 'query', $note );
		return $sent;
	}

	/** @return array<string, string> CREATE TABLE by table. */
	private static function schema(): array {
		$schema = array();
		foreach ( Schema::tables() as $table ) {
			$row              = Sql::row( "SHOW CREATE TABLE {{$table}}" );
			$schema[ $table ] = (string) preg_replace( '/ AUTO_INCREMENT=\d+/', '', (string) ( $row['Create Table'] ?? '' ) );
			self::assertNotSame( '', $schema[ $table ] );
		}
		return $schema;
	}

	private static function has_table( string $table ): bool {
		return null !== Sql::value( 'SHOW TABLES LIKE %s', Sql::like( Table::name( $table ) ) );
	}
}
