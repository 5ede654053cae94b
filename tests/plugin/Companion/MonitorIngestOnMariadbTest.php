<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Companion\Ingest;
use Rollcall\Database\Monitors;
use Rollcall\Database\Sql;
use Rollcall\RollcallError;
use Rollcall\Tests\Database\SecondConnection;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

/** F5, F6: a batch is stored all or not at all, whatever happens to the connection meanwhile. */
#[Group( 'mariadb' )]
final class MonitorIngestOnMariadbTest extends TestCase {
	/** 2026-03-29T12:00:00Z. */
	private const NOON_MS = 1_774_785_600_000;

	private const COUNTS = 'SELECT CONCAT_WS(",", (SELECT COUNT(*) FROM {checks}), (SELECT COUNT(*) FROM {state_changes}), (SELECT COUNT(*) FROM {incidents}), (SELECT COUNT(*) FROM {uptime_hourly}), (SELECT COUNT(*) FROM {uptime_daily}), (SELECT COUNT(*) FROM {batches}), (SELECT MAX(known_until_ms) FROM {monitors}), (SELECT COUNT(*) FROM {kv} WHERE name LIKE "transaction:%"))';

	private const NOTHING = '0,0,0,0,0,0,0,0';
	private const WHOLE   = '10,1,1,1,0,1,1774785900000,0';

	/** @return array<string, mixed> */
	private static function batch( string $uid ): array {
		return PairedCompanion::batch(
			array(
				'checks'        => array( MonitorFactory::checks( $uid, array_map( static fn ( int $number ): string => MonitorFactory::row( self::NOON_MS + $number * 30_000 ), range( 0, 9 ) ) ) ),
				'readings'      => array( MonitorFactory::reading( $uid, self::NOON_MS + 300_000 ) ),
				'state_changes' => array( MonitorFactory::change( $uid, 1, self::NOON_MS, 'down', array( 'judge_epoch' => 9 ) ) ),
				'incidents'     => array( MonitorFactory::incident( $uid, self::NOON_MS, array( 'judge_epoch' => 9 ) ) ),
			)
		);
	}

	/** @param array<string, mixed> $batch */
	private static function error_of( array $batch ): ?string {
		try {
			Ingest::store( $batch, 'companion-1', self::NOON_MS + 3_600_000 );
			return null;
		} catch ( RollcallError $error ) {
			return $error->error_code;
		}
	}

	public function test_killed_between_any_two_statements_all_of_it_is_there_or_nothing(): void {
		$second = new SecondConnection();
		$batch  = self::batch( MonitorFactory::monitor() );
		$number = 0;
		do {
			++$number;
			$sent = 0;
			$kill = static function ( mixed $query ) use ( $second, $number, &$sent ): mixed {
				if ( ++$sent === $number ) {
					$second->kill_wordpress();
				}
				return $query;
			};
			add_filter( 'query', $kill, 0 );
			$error = self::error_of( $batch );
			remove_filter( 'query', $kill, 0 );
			if ( null !== $error ) {
				self::assertSame( array( 'database_busy', self::NOTHING ), array( $error, $second->value( self::COUNTS ) ), "before statement $number" );
			} elseif ( 1 === $number ) {
				// Nothing was lost yet: wpdb reconnects. Taken back, so that the other statements come again.
				self::assertSame( self::WHOLE, $second->value( self::COUNTS ) );
				self::forget();
			}
		} while ( $sent >= $number );
		self::assertGreaterThan( 15, $number );
		self::assertSame( self::WHOLE, $second->value( self::COUNTS ), 'The same batch goes through when nobody kills it.' );
	}

	public function test_an_answer_that_was_lost_is_given_again_and_stores_nothing_twice(): void {
		$companion = PairedCompanion::pair();
		$batch     = self::batch( MonitorFactory::monitor() );
		$first     = $companion->exchange( array( 'batch' => $batch ) )['accepted'];
		$counts    = ( new SecondConnection() )->value( self::COUNTS );
		self::assertSame( $first, $companion->exchange( array( 'batch' => $batch ) )['accepted'] );
		self::assertSame( $counts, ( new SecondConnection() )->value( self::COUNTS ) );
	}

	public function test_a_held_row_is_answered_503_and_leaves_nothing(): void {
		$companion = PairedCompanion::pair();
		$uid       = MonitorFactory::monitor();
		$batch     = self::batch( $uid );
		$second    = new SecondConnection();
		Sql::run( 'SET SESSION innodb_lock_wait_timeout = 0' );
		$second->run( 'START TRANSACTION' );
		$second->run( "UPDATE {monitors} SET name = 'held' WHERE monitor_uid = '$uid'" );
		$request              = $companion->request( PairedCompanion::body( array( 'batch' => $batch ) ) );
		$after                = null;
		add_filter(
			'rest_pre_dispatch',
			static function ( mixed $answer ) use ( &$after ): mixed {
				$after = $answer instanceof \WP_REST_Response ? $answer->get_headers()['Retry-After'] ?? null : null;
				return $answer;
			},
			PHP_INT_MAX
		);
		[ $status, $payload ] = $companion->answer( $request );
		self::assertSame( '5', $after );
		self::assertSame( array( 503, 'database_busy', self::NOTHING ), array( $status, $payload['error_code'], $second->value( self::COUNTS ) ) );
		$second->run( 'ROLLBACK' );
		self::assertNull( self::error_of( $batch ) );
		self::assertSame( self::WHOLE, $second->value( self::COUNTS ) );
	}

	public function test_is_stored_once_the_lock_is_gone_within_three_tries(): void {
		$uid    = MonitorFactory::monitor();
		$second = new SecondConnection();
		Sql::run( 'SET SESSION innodb_lock_wait_timeout = 0' );
		$second->run( 'START TRANSACTION' );
		$second->run( "UPDATE {monitors} SET name = 'held' WHERE monitor_uid = '$uid'" );
		$tries = 0;
		add_filter(
			'query',
			static function ( mixed $query ) use ( $second, &$tries ): mixed {
				if ( 'START TRANSACTION' === $query && 3 === ++$tries ) {
					$second->run( 'COMMIT' );
				}
				return $query;
			},
			0
		);
		self::assertNull( self::error_of( self::batch( $uid ) ) );
		self::assertSame( array( 3, self::WHOLE, 'held' ), array( $tries, $second->value( self::COUNTS ), Monitors::find( $uid )['name'] ?? '' ) );
	}

	private static function forget(): void {
		foreach ( array( 'checks', 'state_changes', 'incidents', 'uptime_hourly', 'uptime_daily', 'batches' ) as $table ) {
			Sql::run( "DELETE FROM {{$table}}" );
		}
		Sql::run( 'UPDATE {monitors} SET known_until_ms = 0, last_slot_ms = NULL' );
	}
}
