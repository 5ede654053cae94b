<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Matching;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Contract;
use Rollcall\Database\Runs;
use Rollcall\Database\Sql;
use Rollcall\Matching\Report;
use Rollcall\Matching\RunProgress;
use Rollcall\Settings;
use Rollcall\Tests\Database\SecondConnection;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class PastedAndBrowserTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		Planted::company( '5' );
		self::log_in( self::ada() );
	}

	public function test_a_pasted_list_comes_in_pages_that_may_be_sent_twice(): void {
		$run_id = self::start( array( 'paste' ), 'browser' );
		self::assertSame( 'hosts', self::advance( $run_id )['waits_for'] );
		$rows = array( array( 'host' => 'acme.example', 'user_count' => 3 ), array( 'host' => 'b%C3%BCcher.example', 'user_count' => 1 ) );
		self::assertSame( 200, self::hosts( $run_id, 1, false, $rows )->get_status() );
		self::assertSame( 200, self::hosts( $run_id, 1, false, $rows )->get_status() );
		self::assertSame( array( 400, 'bad_request' ), self::outcome( self::hosts( $run_id, 3, true, $rows ) ) );
		self::assertSame( 4, self::advance( $run_id )['users_read'] );
		$last = self::hosts( $run_id, 2, true, array( array( 'host' => 'acme.example', 'user_count' => 2 ) ), array( array( 'reason' => 'no_at', 'user_count' => 7 ) ) );
		self::assertTrue( Contract::check( 'run', $last->get_data() ) );
		self::assertSame( 200, self::hosts( $run_id, 2, true, $rows )->get_status() );
		$run = self::advance( $run_id );
		self::assertSame( array( 'labelling', 'browser', 13, 2 ), array( $run['state'], $run['waits_for'], $run['users_read'], $run['domains_total'] ) );
		self::assertSame( 200, self::hosts( $run_id, 2, true, $rows )->get_status(), 'An answer that was lost.' );
		$done = self::label_in_browser( $run_id, array( 'acme.example' => '5' ) );
		self::assertSame( array( 'done', 5, 1 ), array( $done['state'], $done['matched_users'], $done['matched_companies'] ) );
		$totals = Report::summary( Planted::NOW_MS, 'paste' )['totals'];
		self::assertSame( array( 13, 7 ), array( $totals['users_read'], $totals['no_usable_address'] ) );
	}

	#[Group( 'mariadb' )]
	public function test_a_page_that_meets_a_cancelled_run_adds_nobody_to_it(): void {
		$run_id = self::start( array( 'paste' ), 'browser' );
		$second = new SecondConnection();
		add_filter(
			'query',
			static function ( string $query ) use ( $second, $run_id ): string {
				if ( str_contains( $query, 'rollcall_runs' ) && str_contains( $query, 'FOR UPDATE' ) ) {
					$second->run( "UPDATE {runs} SET state = 5 WHERE run_id = $run_id" );
				}
				return $query;
			}
		);
		self::assertSame( 5, Contract::number( 'RUN_STATES', 'cancelled' ) );
		self::assertSame( array( 409, 'run_elsewhere' ), self::outcome( self::hosts( $run_id, 1, false, array( array( 'host' => 'acme.example', 'user_count' => 3 ) ) ) ) );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {run_domains} WHERE run_id = %d', $run_id ) );
	}

	public function test_what_is_no_host_is_counted_and_nothing_of_it_is_kept(): void {
		$run_id = self::start( array( 'paste' ), 'browser' );
		$bad    = array( 'canary@acme.example', 'Canary.example', 'canary example', '[1.2.3.4]', '%63anary.example', "canary\u{200B}.example", '' );
		self::hosts( $run_id, 1, true, array_map( static fn ( string $host ): array => array( 'host' => $host, 'user_count' => 2 ), $bad ) );
		self::assertSame( 14, self::advance( $run_id )['users_read'] );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {run_domains} WHERE run_id = %d', $run_id ) );
		self::assertStringNotContainsStringIgnoringCase( 'canary', wp_json_encode( Sql::rows( 'SELECT * FROM {domains}' ) ) . wp_json_encode( Sql::rows( 'SELECT * FROM {runs}' ) ) );
		self::assertSame( 14, Report::summary( Planted::NOW_MS, 'paste' )['totals']['no_usable_address'] );
	}

	public function test_a_run_in_the_browser_needs_neither_companion_nor_consent_and_the_companion_hears_nothing_of_it(): void {
		$this->make_users( array( 'a@acme.example', 'b@other.example' ) );
		$companion = PairedCompanion::pair();
		$run_id    = self::start( array(), 'browser' );
		self::assertSame( 'browser', self::advance( $run_id )['waits_for'] );
		self::assertNull( self::rest( 'GET', '/rollcall/v1/runs/preview' )->get_data()['agreed_at'] );
		self::assertNull( $companion->exchange()['work']['domains'] );
		$page = self::rest( 'GET', "/rollcall/v1/runs/$run_id/domains" )->get_data();
		self::assertTrue( Contract::check( 'domain_page', $page ) );
		self::assertContains( 'acme.example', array_column( $page['rows'], 'host' ) );
		self::assertSame( array(), self::rest( 'GET', "/rollcall/v1/runs/$run_id/domains", array(), array( 'after' => 1_000_000 ) )->get_data()['rows'] );
		self::assertSame( 'done', self::label_in_browser( $run_id, array( 'acme.example' => '5' ) )['state'] );
		self::assertSame( array(), self::rest( 'GET', "/rollcall/v1/runs/$run_id/domains" )->get_data()['rows'] );
		self::assertSame( array( 409, 'run_elsewhere' ), self::outcome( self::labels( $run_id, array() ) ) );
	}

	/** The same verdicts give the same report, whoever made them. */
	public function test_the_report_of_a_run_in_the_browser_is_that_of_the_companions(): void {
		$this->make_users( array( 'a@acme.example', 'b@acme.example', 'c@other.example', 'broken' ) );
		$reports = array();
		foreach ( array( 'browser', 'companion' ) as $place ) {
			Sql::run( 'UPDATE {domains} SET label = NULL, data_version = 0' );
			Sql::run( 'DELETE FROM {domain_companies}' );
			$run_id = self::start( array( 'users' ), $place );
			self::advance( $run_id );
			if ( 'browser' === $place ) {
				self::label_in_browser( $run_id, array( 'acme.example' => '5' ) );
			} else {
				$companion = PairedCompanion::pair();
				self::rest( 'POST', "/rollcall/v1/runs/$run_id/agree", array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) );
				$work = $companion->exchange()['work']['domains'];
				$companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'labels' => self::verdicts( $work, array( 'acme.example' => '5' ) ) ) ) ) );
				self::advance( $run_id );
			}
			$run = Runs::find( $run_id ) ?? array();
			self::assertSame( array( 'done', $place ), array( $run['state'], $run['ran_in'] ) );
			$reports[] = array(
				$run['totals'],
				self::rest( 'GET', '/rollcall/v1/report/domains', array(), array( 'per_page' => 100 ) )->get_data(),
				self::rest( 'GET', '/rollcall/v1/report/companies' )->get_data(),
				array_diff_key( Report::summary( Planted::NOW_MS ), array( 'newest_run' => 1 ) ),
			);
		}
		self::assertSame( $reports[0], $reports[1] );
	}

	public function test_a_run_whose_page_was_closed_does_not_hold_others_for_ever(): void {
		foreach ( array( array( 'paste' ), array( 'users' ) ) as $sources ) {
			$run_id = self::start( $sources, 'browser' );
			self::advance( $run_id );
			$started_at_ms = ( Runs::find( $run_id ) ?? array() )['started_at_ms'];
			RunProgress::advance( $started_at_ms + 86_400_000 );
			self::assertNull( ( Runs::find( $run_id ) ?? array() )['error_code'] );
			RunProgress::advance( $started_at_ms + 86_400_001 );
			$run = Runs::find( $run_id ) ?? array();
			self::assertSame( array( 'failed', 'run_failed' ), array( $run['state'], $run['error_code'] ) );
			self::assertNull( Runs::open() );
		}
	}

	public function test_nor_does_one_that_has_no_list_to_label_by(): void {
		Sql::run( 'UPDATE {lists} SET enabled = 0' );
		$this->make_users( array( 'a@acme.example' ) );
		$run_id = self::start( array( 'users' ), 'browser' );
		self::assertSame( 'list', self::advance( $run_id )['waits_for'] );
		RunProgress::advance( ( Runs::find( $run_id ) ?? array() )['started_at_ms'] + 86_400_001 );
		self::assertNull( Runs::open() );
	}

	public function test_labels_of_a_run_are_made_where_it_was_started(): void {
		$run_id = self::start( array(), 'companion' );
		self::advance( $run_id );
		self::assertSame( array( 409, 'run_elsewhere' ), self::outcome( self::labels( $run_id, array() ) ) );
		self::assertSame( array( 409, 'run_elsewhere' ), self::outcome( self::rest( 'GET', "/rollcall/v1/runs/$run_id/domains" ) ) );
		self::assertSame( array( 409, 'run_elsewhere' ), self::outcome( self::hosts( $run_id, 1, true, array() ) ) );
		self::assertSame( 404, self::hosts( 4711, 1, true, array() )->get_status() );
	}

	public function test_verdicts_on_older_lists_are_left_out_and_the_domain_comes_again(): void {
		$this->make_user( 'a@acme.example' );
		$run_id = self::start( array(), 'browser' );
		self::advance( $run_id );
		$page = self::rest( 'GET', "/rollcall/v1/runs/$run_id/domains" )->get_data();
		\Rollcall\Database\DataVersion::raise();
		self::assertSame( 'labelling', self::labels( $run_id, self::verdicts( $page, array() ) )->get_data()['state'] );
		$again = self::rest( 'GET', "/rollcall/v1/runs/$run_id/domains" )->get_data();
		self::assertSame( $page['rows'], $again['rows'] );
		self::assertSame( $page['data_version'] + 1, $again['data_version'] );
	}

	public function test_hosts_below_the_threshold_stay_here_and_are_one_line_of_the_totals(): void {
		Settings::update( array( 'threshold' => 3 ) + Settings::get() );
		$this->make_users( array( 'a@acme.example', 'b@acme.example', 'c@rare.example', 'd@rare.example', 'e@once.example' ) );
		$companion = PairedCompanion::pair();
		$run_id    = self::start( array( 'users', 'paste' ), 'companion' );
		self::hosts( $run_id, 1, true, array( array( 'host' => 'acme.example', 'user_count' => 1 ), array( 'host' => 'pasted.example', 'user_count' => 2 ) ) );
		self::assertSame( 'consent', self::advance( $run_id )['waits_for'] );
		self::assertNull( $companion->exchange()['work']['domains'] );
		$preview = self::rest( 'GET', '/rollcall/v1/runs/preview' )->get_data();
		self::assertTrue( Contract::check( 'send_preview', $preview ) );
		self::assertTrue( $preview['counted'] );
		self::rest( 'POST', "/rollcall/v1/runs/$run_id/agree", array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) );
		$work = $companion->exchange()['work']['domains'];
		$sent = array_column( $work['rows'], 'host' );
		sort( $sent );
		self::assertSame( $preview['hosts'], $sent, 'What was shown is what is sent.' );
		self::assertSame( count( $sent ), $preview['host_count'] );
		self::assertContains( 'acme.example', $sent, 'Two users and one of the pasted list.' );
		self::assertSame( array(), array_intersect( array( 'rare.example', 'once.example', 'pasted.example' ), $sent ) );
		$companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'labels' => self::verdicts( $work, array( 'acme.example' => '5' ) ) ) ) ) );
		self::advance( $run_id );
		$run = Runs::find( $run_id ) ?? array();
		self::assertSame( 'done', $run['state'] );
		self::assertSame( 3, $run['matched_users'] );
		self::assertSame( 5, $run['totals']['below_threshold'] );
		self::assertSame( 0, $run['totals']['waiting'] );
		$hidden = self::rest( 'GET', '/rollcall/v1/report/domains', array(), array( 'label' => array( 'below_threshold' ) ) )->get_data();
		self::assertEquals( array( 'once.example' => null, 'rare.example' => null ), array_filter( array_column( $hidden, 'label', 'domain' ), static fn ( string $domain ): bool => in_array( $domain, array( 'once.example', 'rare.example' ), true ), ARRAY_FILTER_USE_KEY ) );
		$users = self::rest( 'GET', '/rollcall/v1/report/users', array(), array( 'label' => array( 'below_threshold' ), 'per_page' => 100 ) );
		self::assertSame( Report::figures()['totals']['below_threshold'], (int) $users->get_headers()['X-WP-Total'] );
	}

	public function test_hosts_below_the_threshold_are_matched_here(): void {
		Settings::update( array( 'threshold' => 2 ) + Settings::get() );
		Planted::company( '6', array(), array( 'rare.example' ) );
		$this->make_users( array( 'c@rare.example', 'e@once.example', 'f@mail.rare.example' ) );
		$run_id = self::start( array( 'users' ), 'companion' );
		self::advance( $run_id );
		foreach ( \Rollcall\Database\Domains::stale_page( \Rollcall\Database\DataVersion::current(), 0, 100 ) as $row ) {
			self::assertStringNotContainsString( 'rare', $row['host'] );
			Planted::label( $row['host'] );
		}
		self::advance( $run_id );
		$run = Runs::find( $run_id ) ?? array();
		self::assertSame( array( 'done', 2 ), array( $run['state'], $run['matched_users'] ) );
		self::assertSame( 1, $run['totals']['below_threshold'], 'once.example' );
	}

	/** @param list<string> $sources */
	private static function start( array $sources, string $ran_in ): int {
		$started = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => 'companion' === $ran_in && array( 'users', 'paste' ) !== $sources, 'sources' => $sources, 'ran_in' => $ran_in ) ) );
		self::assertSame( 201, $started->get_status(), (string) wp_json_encode( $started->get_data() ) );
		return $started->get_data()['run_id'];
	}

	/** @return array<string, mixed> */
	private static function advance( int $run_id ): array {
		return self::rest( 'POST', "/rollcall/v1/runs/$run_id/advance" )->get_data();
	}

	/**
	 * @param list<array{host: string, user_count: int}>   $rows
	 * @param list<array{reason: string, user_count: int}> $reasons
	 */
	private static function hosts( int $run_id, int $page, bool $last, array $rows, array $reasons = array() ): \WP_REST_Response {
		return self::rest( 'POST', "/rollcall/v1/runs/$run_id/hosts", array( 'hosts' => array( 'page' => $page, 'last' => $last, 'rows' => $rows, 'reasons' => $reasons ) ) );
	}

	/** @param list<array<string, mixed>> $rows */
	private static function labels( int $run_id, array $rows ): \WP_REST_Response {
		return self::rest( 'POST', "/rollcall/v1/runs/$run_id/labels", array( 'labels' => array( 'rows' => $rows ) ) );
	}

	/**
	 * @param array<string, string> $companies
	 * @return array<string, mixed>
	 */
	private static function label_in_browser( int $run_id, array $companies ): array {
		$labelled = self::labels( $run_id, self::verdicts( self::rest( 'GET', "/rollcall/v1/runs/$run_id/domains" )->get_data(), $companies ) );
		self::assertSame( 200, $labelled->get_status(), (string) wp_json_encode( $labelled->get_data() ) );
		return $labelled->get_data();
	}

	/**
	 * @param array{data_version: int, rows: list<array{domain_id: int, host: string}>} $page
	 * @param array<string, string>                                                     $companies
	 * @return list<array<string, mixed>>
	 */
	private static function verdicts( array $page, array $companies ): array {
		return array_map(
			static fn ( array $row ): array => array(
				'domain_id'    => $row['domain_id'],
				'data_version' => $page['data_version'],
				'verdict'      => Planted::verdict(
					strtolower( $row['host'] ),
					isset( $companies[ $row['host'] ] ) ? array( 'label' => 'company', 'rule' => 'company_domain', 'companies' => array( array( 'list_uid' => 'yc', 'source_id' => $companies[ $row['host'] ], 'kind' => 'current' ) ) ) : array()
				),
			),
			$page['rows']
		);
	}

	/** @return array{int, string} */
	private static function outcome( \WP_REST_Response $response ): array {
		return array( $response->get_status(), $response->get_data()['code'] ?? '' );
	}
}
