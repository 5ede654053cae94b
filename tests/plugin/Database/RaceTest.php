<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use Rollcall\Companion\Ingest;
use Rollcall\Database\Signups;
use Rollcall\Database\Sql;
use Rollcall\Database\StoreGeneration;
use Rollcall\Settings;
use Rollcall\Status\MonitorRequest;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

/** Several PHP processes do the same thing at the same instant. */
final class RaceTest extends TestCase {
	private const PROCESSES = 4;

	protected function setUp(): void {
		parent::setUp();
		// The processes write behind Baseline's back: these writes have it put the tables back.
		foreach ( array( 'nonces', 'batches', 'rate_limits', 'lists', 'companies', 'company_domains', 'kv', 'signups', 'monitors', 'audit' ) as $table ) {
			Sql::run( "DELETE FROM {{$table}} WHERE 1 = 0" );
		}
	}

	public function test_a_nonce_is_taken_by_one_process_only(): void {
		$answers = self::race( 'nonce', array( 'kid' => 'a1b2c3d4e5f60718-1', 'nonce' => str_repeat( 'ab', 16 ) ) );
		sort( $answers );
		$this->assertSame( array( 'false', 'false', 'false', 'true' ), $answers );
	}

	public function test_the_same_batch_at_once_is_stored_once_and_answered_alike(): void {
		$companies = array_map( static fn( int $id ): array => ListFactory::company( (string) $id ), range( 1, 300 ) );
		$batch     = PairedCompanion::batch( array( 'list_pages' => array( ListFactory::page( 'one', $companies ) ) ) );
		$before    = StoreGeneration::current()['counter'];
		$answers   = self::race( 'batch', $batch );
		$this->assertSame( array( wp_json_encode( array( 'batch_id' => $batch['id'], 'stored' => 1, 'refused' => array() ) ) ), array_values( array_unique( $answers ) ) );
		$this->assertSame( array( '300', '1' ), array( Sql::value( 'SELECT COUNT(*) FROM {companies}' ), Sql::value( 'SELECT last_version FROM {lists}' ) ) );
		$this->assertSame( $before + 1, StoreGeneration::current()['counter'] );
	}

	/** They work out the same hours: one that does not see the checks of another would write them off. */
	public function test_batches_of_the_same_hours_at_once_lose_nothing(): void {
		$noon_ms = 1_774_785_600_000;
		$now_ms  = $noon_ms + 50 * 3_600_000;
		$uids    = MonitorFactory::monitors( 3 );
		$batch   = static fn ( int $slot_ms ): array => PairedCompanion::batch( array( 'checks' => array_map( static fn ( string $uid ): array => MonitorFactory::checks( $uid, array( MonitorFactory::row( $slot_ms ) ) ), $uids ) ) );
		Ingest::store( $batch( $now_ms ), 'companion-1', $now_ms );
		$batches = array_map(
			static fn ( int $process ): array => array_map( static fn ( int $hour ): array => $batch( $noon_ms + $hour * 3_600_000 + $process * 60_000 ), range( 0, 29 ) ),
			range( 0, self::PROCESSES - 1 )
		);
		$this->assertSame( array_fill( 0, self::PROCESSES, '30' ), self::race( 'batches', array( 'batches' => $batches, 'now_ms' => $now_ms ) ) );
		$this->assertSame( array_fill( 0, 90, (string) self::PROCESSES ), Sql::column( 'SELECT check_count FROM {uptime_hourly} WHERE bucket_ms < %d', $now_ms - 3_600_000 ) );
		$this->assertSame( (string) ( 3 * 30 * self::PROCESSES ), Sql::value( 'SELECT SUM(check_count) FROM {uptime_daily}' ) );
	}

	public function test_a_limit_holds_over_processes(): void {
		$answers = self::race( 'limit', array( 'name' => str_repeat( 'ab', 32 ), 'limit' => 2, 'now_ms' => 1_795_000_000_000 ) );
		$this->assertCount( 2, array_keys( $answers, '0', true ), implode( ', ', $answers ) );
	}

	public function test_workers_at_once_tell_of_each_sign_up_once(): void {
		Planted::list();
		Planted::company( '5' );
		Settings::update( array( 'signup_notices' => 'immediate' ) + Settings::get() );
		for ( $user_id = 1; $user_id <= 30; $user_id++ ) {
			Signups::add( $user_id, 0, 'yc', '5', 1, null );
		}
		$answers = array_map( 'intval', self::race( 'mail', array( 'now_ms' => 1_795_000_000_000 ) ) );
		$this->assertSame( 30, array_sum( $answers ), implode( ', ', $answers ) );
	}

	public function test_the_sites_of_companies_are_monitored_once_though_all_press_the_button(): void {
		Planted::list();
		for ( $number = 1; $number <= 50; $number++ ) {
			Planted::company( (string) $number, array( 'website_origin' => "https://c$number.example", 'website_raw' => "https://c$number.example" ), array( "c$number.example" ) );
			Planted::label( "c$number.example", array(), array( (string) $number ) );
			UserDomains::registered( $this->make_user( "one@c$number.example" ) );
		}
		$answers = array_map( static fn ( string $text ): array => (array) json_decode( $text, true ), self::race( 'sites', array() ) );
		$this->assertSame( 50, array_sum( array_column( $answers, 'added' ) ), (string) wp_json_encode( $answers ) );
		$this->assertSame( 150, array_sum( array_column( $answers, 'known' ) ), (string) wp_json_encode( $answers ) );
		$this->assertSame( array( '50', '50', '50' ), array_values( Sql::row( 'SELECT COUNT(*) AS a, COUNT(DISTINCT url) AS b, COUNT(DISTINCT revision) AS c FROM {monitors}' ) ?? array() ) );
	}

	public function test_a_pasted_list_is_added_once_though_it_is_sent_at_once(): void {
		$monitors = array_map(
			static fn ( int $number ): array => array( 'name' => '', 'type' => 'http', 'url' => "https://p$number.example/", 'active' => true, 'is_public' => false, 'interval_seconds' => 60, 'options' => MonitorRequest::PLAIN ),
			range( 1, 50 )
		);
		$answers  = array_map( static fn ( string $text ): array => (array) json_decode( $text, true ), self::race( 'many', $monitors ) );
		$this->assertSame( 50, array_sum( array_column( $answers, 'added' ) ), (string) wp_json_encode( $answers ) );
		$this->assertSame( '50', Sql::value( 'SELECT COUNT(*) FROM {monitors}' ) );
	}

	/**
	 * @param array<array-key, mixed> $input
	 * @return list<string> What each process printed.
	 */
	private static function race( string $what, array $input ): array {
		$at_ms     = (string) (int) ( microtime( true ) * 1000 + 4000 );
		$processes = array();
		for ( $number = 0; $number < self::PROCESSES; $number++ ) {
			$pipes   = array();
			$process = proc_open( array( PHP_BINARY, dirname( __DIR__ ) . '/race.php', $at_ms, $what, (string) wp_json_encode( $input ), (string) $number ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
			$processes[] = array( $process, $pipes[1] );
		}
		$answers = array();
		foreach ( $processes as [ $process, $pipe ] ) {
			$answers[] = (string) stream_get_contents( $pipe );
			proc_close( $process );
		}
		return $answers;
	}
}
