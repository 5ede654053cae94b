<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Matching;

use Rollcall\Database\Runs;
use Rollcall\Database\Sql;
use Rollcall\Database\UserDomains;
use Rollcall\Matching\RunProgress;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

/** The page, an exchange and WP-Cron go on with the same run at the same instant. */
final class RunRaceTest extends TestCase {
	private const PROCESSES = 4;

	protected function setUp(): void {
		parent::setUp();
		// The processes write behind Baseline's back: these writes have it put the tables back.
		foreach ( array( 'kv', 'runs', 'domains', 'user_domains', 'run_domains', 'run_companies' ) as $table ) {
			Sql::run( "DELETE FROM {{$table}} WHERE 1 = 0" );
		}
	}

	public function test_only_one_of_several_starts_opens_a_run(): void {
		$answers = self::race( 'run' );
		self::assertCount( 1, array_filter( $answers, 'is_numeric' ), implode( ' | ', $answers ) );
		self::assertSame( 1, Runs::count() );
	}

	public function test_each_user_is_read_once_whoever_goes_on(): void {
		$this->make_users( array_map( static fn ( int $number ): string => "u$number@host" . $number % 300 . '.example', range( 1, 4000 ) ) );
		$run_id = RunProgress::start( self::ada(), true, Planted::NOW_MS );
		for ( $round = 0; $round < 20 && 'counting' === ( Runs::find( $run_id )['state'] ?? '' ); $round++ ) {
			self::race( 'step' );
		}
		$run = Runs::find( $run_id );
		self::assertSame( 'labelling', $run['state'] ?? null );
		self::assertSame( UserDomains::user_count(), $run['users_read'] ?? null );
		self::assertSame( UserDomains::user_count(), UserDomains::counted() );
	}

	/** @return list<string> What each process printed. */
	private static function race( string $what ): array {
		$at_ms     = (string) (int) ( microtime( true ) * 1000 + 1000 );
		$processes = array();
		for ( $number = 0; $number < self::PROCESSES; $number++ ) {
			$pipes       = array();
			$process     = proc_open( array( PHP_BINARY, dirname( __DIR__ ) . '/race.php', $at_ms, $what, '{}' ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
			$processes[] = array( $process, $pipes[1] );
		}
		$answers = array();
		foreach ( $processes as list( $process, $pipe ) ) {
			$answers[] = (string) stream_get_contents( $pipe );
			proc_close( $process );
		}
		return $answers;
	}
}
