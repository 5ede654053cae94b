<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

/** F17: a database that has no room left, by SQLite's own limit of pages. */
#[Group( 'sqlite' )]
final class FullDatabaseTest extends TestCase {
	/** 2026-03-29T12:00:00Z. */
	private const NOON_MS = 1_774_785_600_000;

	private const COUNTS = 'SELECT (SELECT COUNT(*) FROM {checks}) AS checks, (SELECT COUNT(*) FROM {companies}) AS companies, (SELECT COUNT(*) FROM {company_domains}) AS domains, (SELECT COUNT(*) FROM {batches}) AS batches, (SELECT active_version FROM {lists} WHERE list_uid = \'yc\') AS version, (SELECT COUNT(*) FROM {kv} WHERE name LIKE \'transaction:%\') AS open';

	protected function tearDown(): void {
		self::reconnect();
		parent::tearDown();
	}

	public function test_wherever_a_batch_runs_out_of_room_nothing_of_it_is_stored_and_the_list_in_use_stays(): void {
		$companion = PairedCompanion::pair();
		$companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'list_pages' => array( self::page( 'first', 3 ) ) ) ) ) );
		$uid    = MonitorFactory::monitor();
		$batch  = PairedCompanion::batch(
			array(
				'checks'     => array( MonitorFactory::checks( $uid, array_map( static fn ( int $number ): string => MonitorFactory::row( self::NOON_MS + $number * 30_000 ), range( 0, 59 ) ) ) ),
				'readings'   => array( MonitorFactory::reading( $uid, self::NOON_MS + 1_800_000 ) ),
				'list_pages' => array( self::page( 'second', 120 ) ),
			)
		);
		self::log_in( self::ada() );
		$before  = Sql::row( self::COUNTS );
		$shown   = self::rest( 'GET', '/rollcall/v1/companies.json' )->get_data();
		$answers = array();
		// Each time there is room for a little more of it.
		for ( $room = 0; ; $room += 7 ) {
			self::reconnect();
			self::limit_pages( self::pages() + $room );
			[ $status, $payload ] = $companion->answer( $companion->request( PairedCompanion::body( array( 'batch' => $batch ) ) ) );
			self::reconnect();
			if ( 200 === $status ) {
				break;
			}
			$answers[] = $payload['error_code'] ?? null;
			self::assertSame( array( 507, 'database_full', $before ), array( $status, $payload['error_code'] ?? null, Sql::row( self::COUNTS ) ), "with $room pages" );
			self::assertSame( $shown, self::rest( 'GET', '/rollcall/v1/companies.json' )->get_data() );
		}
		self::assertGreaterThan( 3, count( $answers ) );
		self::assertSame( array( 60 + 1 + 1, array() ), array( $payload['accepted']['stored'], $payload['accepted']['refused'] ) );
		$after = Sql::row( self::COUNTS ) ?? array();
		self::assertSame( array( '60', '2', '0' ), array( $after['checks'], $after['version'], $after['open'] ) );
		self::assertCount( 120, (array) self::rest( 'GET', '/rollcall/v1/companies.json' )->get_data() );
	}

	/** @return array<string, mixed> */
	private static function page( string $version, int $count ): array {
		$ids = array_map( 'strval', range( 1, $count ) );
		return ListFactory::page(
			$version,
			array_map( static fn ( string $id ): array => ListFactory::company( $id, array( 'one_liner' => str_repeat( 'long ', 60 ) ) ), $ids ),
			array_map( static fn ( string $id ): array => ListFactory::domain( "c$id.example", $id ), $ids )
		);
	}

	/** Each call is a request of its own: SQLite has ended the transaction of a full one, and its layer believes that it goes on. */
	private static function reconnect(): void {
		Table::db()->dbh = null;
		Table::db()->db_connect( false );
	}

	private static function pdo(): \PDO {
		return Table::db()->dbh->get_connection()->get_pdo();
	}

	private static function pages(): int {
		return (int) self::pdo()->query( 'PRAGMA page_count' )->fetchColumn();
	}

	/** A limit of the connection alone. */
	private static function limit_pages( int $pages ): void {
		self::pdo()->query( "PRAGMA max_page_count = $pages" );
	}
}
