<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Matching;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Kv;
use Rollcall\Database\Runs;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Database\Transaction;
use Rollcall\Matching\Consent;
use Rollcall\Matching\Counting;
use Rollcall\Matching\Report;
use Rollcall\Matching\RunProgress;
use Rollcall\RollcallError;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class RunProgressTest extends TestCase {
	public function test_goes_from_counting_over_labelling_to_a_frozen_report(): void {
		Planted::list();
		Planted::company( '5' );
		$this->make_users( array( 'a@acme.example', 'b@acme.example', 'c@other.example', 'broken' ) );
		$run_id = $this->start();

		RunProgress::advance( Planted::NOW_MS );
		$run = self::run_row( $run_id );
		self::assertSame( 'labelling', $run['state'] );
		self::assertSame( self::user_count(), $run['users_read'] );
		self::assertGreaterThanOrEqual( 2, $run['domains_total'] );

		$this->label_all( array( 'acme.example' => '5' ) );
		RunProgress::advance( Planted::NOW_MS + 5 );
		$run = self::run_row( $run_id );
		self::assertSame( 'done', $run['state'] );
		self::assertSame( 2, $run['matched_users'] );
		self::assertSame( 1, $run['matched_companies'] );
		self::assertSame( $run['domains_total'], $run['domains_labelled'] );
		self::assertSame( Planted::NOW_MS + 5, $run['finished_at_ms'] );
		self::assertSame( self::user_count(), $run['totals']['users_read'] );
		self::assertNull( Runs::open() );
		self::assertSame( '2', Sql::value( 'SELECT users FROM {run_companies} WHERE run_id = %d AND source_id = %s', $run_id, '5' ) );
		self::assertSame(
			self::user_count() - $run['totals']['no_usable_address'],
			(int) Sql::value( 'SELECT SUM(users) FROM {run_domains} WHERE run_id = %d', $run_id )
		);
	}

	public function test_nothing_leaves_before_someone_agreed_and_only_while_a_run_labels(): void {
		Planted::list();
		$this->make_user( 'a@acme.example' );
		self::assertFalse( RunProgress::sends_domains() );
		try {
			RunProgress::start( self::ada(), false, Planted::NOW_MS );
			self::fail( 'It started.' );
		} catch ( RollcallError $error ) {
			self::assertSame( 'consent_missing', $error->error_code );
		}
		self::assertNull( Runs::open() );
		$this->start();
		self::assertFalse( RunProgress::sends_domains() );
		RunProgress::advance( Planted::NOW_MS );
		self::assertTrue( RunProgress::sends_domains() );
		$this->label_all();
		RunProgress::advance( Planted::NOW_MS );
		self::assertFalse( RunProgress::sends_domains() );
		RunProgress::start( self::ada(), false, Planted::NOW_MS );
		self::assertNotNull( Runs::open() );
	}

	public function test_another_companion_gets_nothing_until_someone_agrees_again(): void {
		Planted::list();
		$this->make_user( 'a@acme.example' );
		Companions::pair( str_repeat( 'a', 16 ), str_repeat( 'a', 16 ) . '-1', '0.1.0', 1, 'https://first.example', Planted::NOW_MS );
		$run_id = $this->start();
		RunProgress::advance( Planted::NOW_MS );
		self::assertTrue( RunProgress::sends_domains() );
		self::assertSame( 'nothing', RunProgress::item( self::run_row( $run_id ), Planted::NOW_MS )['waits_for'] );

		Companions::pair( str_repeat( 'b', 16 ), str_repeat( 'b', 16 ) . '-1', '0.1.0', 1, 'https://second.example', Planted::NOW_MS + 1 );
		self::assertFalse( RunProgress::sends_domains() );
		RunProgress::advance( Planted::NOW_MS + 1 );
		$run = RunProgress::item( self::run_row( $run_id ), Planted::NOW_MS + 1 );
		self::assertSame( array( 'labelling', 'consent' ), array( $run['state'], $run['waits_for'] ) );
		self::assertTrue( Contract::check( 'run', $run ) );
		$preview = Counting::preview( 1 );
		self::assertSame( array( null, 'second.example' ), array( $preview['agreed_at'], $preview['companion_name'] ) );

		Consent::agree( self::ada(), Planted::NOW_MS + 2 );
		self::assertTrue( RunProgress::sends_domains() );
		self::assertSame( 'nothing', RunProgress::item( self::run_row( $run_id ), Planted::NOW_MS + 2 )['waits_for'] );
		self::assertSame( array( str_repeat( 'b', 16 ), 'second.example' ), array( Kv::get( 'sending_agreed' )['companion_id'], Kv::get( 'sending_agreed' )['companion_name'] ) );
		Companions::revoke_all( Planted::NOW_MS + 3 );
		self::assertSame( 'companion', RunProgress::item( self::run_row( $run_id ), Planted::NOW_MS + 600_000 )['waits_for'] );
	}

	public function test_between_runs_another_companion_needs_an_agreement_of_its_own(): void {
		Companions::pair( str_repeat( 'a', 16 ), str_repeat( 'a', 16 ) . '-1', '0.1.0', 1, null, Planted::NOW_MS );
		RunProgress::cancel( $this->start(), Planted::NOW_MS );
		Companions::pair( str_repeat( 'b', 16 ), str_repeat( 'b', 16 ) . '-1', '0.1.0', 1, null, Planted::NOW_MS + 1 );
		$this->expectExceptionObject( new RollcallError( 'consent_missing', 'Nobody has agreed yet to send the domains to this companion.' ) );
		RunProgress::start( self::ada(), false, Planted::NOW_MS );
	}

	public function test_an_agreement_from_before_the_companion_was_known_is_none(): void {
		Kv::set( 'sending_agreed', array( 'at_ms' => Planted::NOW_MS, 'user_id' => self::ada() ) );
		self::pair( Planted::NOW_MS );
		self::assertNull( Consent::agreed_at_ms() );
	}

	public function test_only_one_run_is_open(): void {
		$this->start();
		$this->expectExceptionObject( new RollcallError( 'run_open', 'A run is already under way.' ) );
		$this->start();
	}

	#[DataProvider( 'moments' )]
	public function test_a_cancelled_run_stays_cancelled_and_another_one_may_start( bool $after_counting ): void {
		Planted::list();
		$this->make_user( 'a@acme.example' );
		$run_id = $this->start();
		if ( $after_counting ) {
			RunProgress::advance( Planted::NOW_MS );
		}
		RunProgress::cancel( $run_id, Planted::NOW_MS + 1 );
		RunProgress::advance( Planted::NOW_MS + 2 );
		self::assertSame( 'cancelled', self::run_row( $run_id )['state'] );
		self::assertSame( Planted::NOW_MS + 1, self::run_row( $run_id )['finished_at_ms'] );
		self::assertGreaterThan( $run_id, $this->start() );
	}

	/** @return array<string, array{bool}> */
	public static function moments(): array {
		return array( 'while counting' => array( false ), 'while labelling' => array( true ) );
	}

	public function test_cancelling_an_ended_run_does_not_touch_the_open_one(): void {
		$first = $this->start();
		RunProgress::cancel( $first, Planted::NOW_MS );
		$second = $this->start();
		RunProgress::cancel( $first, Planted::NOW_MS );
		self::assertSame( $second, Runs::open()['run_id'] ?? null );
	}

	public function test_without_a_list_the_run_waits_and_a_list_that_comes_makes_all_domains_due(): void {
		$this->make_user( 'a@acme.example' );
		$run_id = $this->start();
		RunProgress::advance( Planted::NOW_MS );
		self::assertSame( 'companion', RunProgress::item( self::run_row( $run_id ), Planted::NOW_MS )['waits_for'] );
		self::pair( Planted::NOW_MS );
		Consent::agree( self::ada(), Planted::NOW_MS );
		self::assertSame( 'list', RunProgress::item( self::run_row( $run_id ), Planted::NOW_MS )['waits_for'] );
		self::assertFalse( RunProgress::sends_domains() );

		Planted::list();
		DataVersion::raise();
		RunProgress::advance( Planted::NOW_MS );
		$run = self::run_row( $run_id );
		self::assertSame( 'nothing', RunProgress::item( $run, Planted::NOW_MS )['waits_for'] );
		self::assertSame( DataVersion::current(), $run['data_version'] );
		self::assertSame( 0, $run['domains_labelled'] );
		self::assertSame( 'companion', RunProgress::item( $run, Planted::NOW_MS + 600_000 )['waits_for'] );
	}

	public function test_a_site_without_a_usable_address_comes_to_its_end(): void {
		Table::db()->query( 'UPDATE ' . Table::db()->users . " SET user_email = 'broken'" );
		$run_id = $this->start();
		RunProgress::advance( Planted::NOW_MS );
		$run = self::run_row( $run_id );
		self::assertSame( 'done', $run['state'] );
		self::assertSame( self::user_count(), $run['totals']['no_usable_address'] );
	}

	/** A kill rolls the transaction back: whatever statement it hits, the next step repeats it and nobody counts twice. */
	public function test_a_kill_at_any_statement_costs_a_repeat_only(): void {
		Planted::list();
		Planted::company( '5' );
		$this->make_users( array( 'a@acme.example', 'b@acme.example', 'c@other.example', 'broken' ) );
		$statement = 0;
		$killed    = 0;
		for ( $kill_at = 1; $kill_at < 60; $kill_at++ ) {
			$run_id    = $this->start();
			$statement = 0;
			$kill      = static function ( string $query ) use ( &$statement, $kill_at ): string {
				if ( str_contains( $query, 'rollcall_' ) && 1 !== preg_match( '/^\s*SELECT/i', $query ) && ++$statement === $kill_at ) {
					throw new RollcallError( 'database_busy', 'Killed.' );
				}
				return $query;
			};
			add_filter( 'query', $kill );
			$killed += self::advance_or_die() ? 0 : 1;
			remove_filter( 'query', $kill );
			$this->label_all( array( 'acme.example' => '5' ) );
			add_filter( 'query', $kill );
			$killed += self::advance_or_die() ? 0 : 1;
			remove_filter( 'query', $kill );
			RunProgress::advance( Planted::NOW_MS );
			$this->label_all( array( 'acme.example' => '5' ) );
			RunProgress::advance( Planted::NOW_MS );

			$run = self::run_row( $run_id );
			self::assertSame( 'done', $run['state'], "killed at statement $kill_at" );
			self::assertSame( self::user_count(), $run['users_read'] );
			self::assertSame( self::user_count(), $run['totals']['users_read'] );
			self::assertSame( 2, $run['matched_users'] );
			if ( $statement < $kill_at ) {
				break;
			}
			DataVersion::raise();
		}
		self::assertGreaterThan( 5, $killed );
	}

	public function test_totals_add_up_to_the_users_read_at_every_moment(): void {
		Planted::list();
		Planted::company( '5' );
		$this->make_users( array_map( static fn ( int $number ): string => "u$number@host" . $number % 5 . '.example', range( 1, 30 ) ) );
		$this->make_users( array( 'x', '@y.example', 'z@' ) );
		$this->start();
		for ( $step = 0; $step < 8; $step++ ) {
			RunProgress::advance( Planted::NOW_MS );
			$totals = Report::figures()['totals'];
			self::assertSame(
				$totals['users_read'],
				$totals['no_usable_address'] + $totals['below_threshold'] + $totals['waiting'] + array_sum( array_column( $totals['labels'], 'user_count' ) )
			);
			self::assertSame( self::user_count(), $totals['users_read'] );
			$page = Domains::stale_page( DataVersion::current(), 0, 1 );
			if ( array() !== $page ) {
				Planted::label( $page[0]['host'], array(), 0 === $step % 2 ? array( '5' ) : array() );
			}
		}
	}

	public function test_a_user_who_signs_up_in_mid_run_is_in_the_totals(): void {
		Planted::list();
		$this->make_user( 'a@acme.example' );
		$this->start();
		RunProgress::advance( Planted::NOW_MS );
		$this->label_all();
		wp_insert_user( array( 'user_login' => 'late', 'user_pass' => 'secret-word-1', 'user_email' => 'late@late.example' ) );
		RunProgress::advance( Planted::NOW_MS );
		$run = Runs::open();
		self::assertNotNull( $run );
		$this->label_all();
		RunProgress::advance( Planted::NOW_MS );
		self::assertSame( self::user_count(), self::run_row( $run['run_id'] )['totals']['users_read'] ?? null );
	}

	public function test_wp_cron_goes_on_with_the_run_and_stops_with_it(): void {
		wp_unschedule_hook( RunProgress::TICK_EVENT );
		Planted::list();
		$this->make_user( 'a@acme.example' );
		$run_id = $this->start();
		self::assertNotFalse( wp_next_scheduled( RunProgress::TICK_EVENT ) );
		wp_unschedule_hook( RunProgress::TICK_EVENT );
		do_action( RunProgress::TICK_EVENT );
		self::assertSame( 'labelling', self::run_row( $run_id )['state'] );
		self::assertNotFalse( wp_next_scheduled( RunProgress::TICK_EVENT ) );
		wp_unschedule_hook( RunProgress::TICK_EVENT );
		$this->label_all();
		do_action( RunProgress::TICK_EVENT );
		self::assertSame( 'done', self::run_row( $run_id )['state'] );
		self::assertFalse( wp_next_scheduled( RunProgress::TICK_EVENT ) );
	}

	public function test_the_preview_counts_first_and_then_shows_exactly_the_hosts_of_the_next_page_of_work(): void {
		$this->make_users( array( 'a@b.example', 'c@a.example', 'd@a.example', 'broken' ) );
		self::assertFalse( Counting::preview( 1 )['counted'] );
		Counting::step( Planted::NOW_MS );
		$preview = Counting::preview( 1 );
		self::assertTrue( $preview['counted'] );
		self::assertTrue( Contract::check( 'send_preview', $preview ) );
		self::assertSame( self::user_count(), $preview['users_read'] );
		$sent = array_column( Domains::stale_page( DataVersion::current(), 0, 100 ), 'host' );
		sort( $sent );
		self::assertSame( $sent, $preview['hosts'] );
		self::assertSame( count( $sent ), $preview['host_count'] );
		self::assertSame( array(), Counting::preview( 2 )['hosts'] );
	}

	public function test_the_sites_own_hosts_make_verdicts_stale_when_they_change(): void {
		DataVersion::note_own_hosts( array( 'one.example' ) );
		$before = DataVersion::current();
		DataVersion::note_own_hosts( array( 'one.example' ) );
		self::assertSame( $before, DataVersion::current() );
		DataVersion::note_own_hosts( array( 'two.example' ) );
		self::assertSame( $before + 1, DataVersion::current() );
	}

	private function start(): int {
		return RunProgress::start( self::ada(), true, Planted::NOW_MS );
	}

	private static function advance_or_die(): bool {
		try {
			RunProgress::advance( Planted::NOW_MS );
			return true;
		} catch ( RollcallError $error ) {
			self::assertSame( 'database_busy', $error->error_code );
			return false;
		}
	}

	/** @param array<string, string> $companies Company by host. */
	private function label_all( array $companies = array() ): void {
		foreach ( Domains::stale_page( DataVersion::current(), 0, 1000 ) as $row ) {
			Planted::label( $row['host'], array(), isset( $companies[ $row['host'] ] ) ? array( $companies[ $row['host'] ] ) : array() );
		}
	}

	private static function user_count(): int {
		return \Rollcall\Database\UserDomains::user_count();
	}

	/** @return array<string, mixed> */
	private static function run_row( int $run_id ): array {
		return Runs::find( $run_id ) ?? array();
	}

	private static function pair( int $now_ms ): void {
		Sql::insert(
			'companions',
			array(
				array(
					'companion_id'      => 'aaaaaaaaaaaaaaaa',
					'kid'               => 'aaaaaaaaaaaaaaaa-1',
					'paired_at_ms'      => $now_ms,
					'last_seen_ms'      => $now_ms,
					'next_expected_ms'  => $now_ms,
					'companion_version' => '0.1.0',
					'contract_version'  => 1,
				),
			)
		);
	}
}
