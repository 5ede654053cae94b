<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Companion\Link;
use Rollcall\Companion\Work;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Jobs;
use Rollcall\Database\Lists;
use Rollcall\Database\Migrator;
use Rollcall\Database\Payloads;
use Rollcall\Database\Runs;
use Rollcall\Database\Sql;
use Rollcall\Database\StoreGeneration;
use Rollcall\Matching\RunProgress;
use Rollcall\Plugin;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class ExchangeTest extends TestCase {
	public function test_an_idle_answer_names_the_list_to_fetch_and_nothing_of_the_users(): void {
		$this->make_users( array( 'ann@canary-one.example' ) );
		$payload = PairedCompanion::pair()->exchange();
		$this->assertSame( array( 'yc' ), array_column( $payload['work']['lists'], 'list_uid' ) );
		$this->assertNull( $payload['work']['domains'], 'Domains leave only in a run that someone agreed to.' );
		$this->assertSame( 60, $payload['next_after_seconds'] );
		$this->assertStringNotContainsString( 'canary', (string) wp_json_encode( $payload ) );
	}

	public function test_a_run_goes_from_counting_to_its_report_over_exchanges(): void {
		$this->make_users( array( 'ann@acme.example', 'bob@acme.example', 'cy@other.example' ) );
		$companion = PairedCompanion::pair();
		$this->stage_list( $companion );
		RunProgress::start( self::ada(), true, Clock::now_ms() );
		$payload = $companion->exchange();
		$hosts   = array_column( $payload['work']['domains']['rows'], 'host' );
		$this->assertContains( 'acme.example', $hosts );
		$this->assertSame( 0, $payload['next_after_seconds'] );
		$this->assertSame( array( 'domain_id', 'host' ), array_keys( $payload['work']['domains']['rows'][0] ), 'Not even how many users a domain has.' );

		$again = $companion->exchange();
		$this->assertSame( 5, $again['next_after_seconds'], 'A companion that brings nothing is not asked to spin.' );
		$payload = $companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'labels' => self::labels( $payload['work']['domains'] ) ) ) ) );
		$this->assertSame( array(), $payload['accepted']['refused'] );
		$this->assertNull( $payload['work']['domains'] );
		self::log_in( self::ada() );
		$run = self::rest( 'GET', '/rollcall/v1/runs' )->get_data()[0];
		$this->assertSame( array( 'done', 2, 1 ), array( $run['state'], $run['matched_users'], $run['matched_companies'] ) );
	}

	public function test_a_domain_that_the_companion_gives_up_no_longer_holds_the_run_and_the_next_run_tries_it_again(): void {
		$this->make_users( array( 'ann@acme.example', 'cy@poison.example' ) );
		$companion = PairedCompanion::pair();
		$this->stage_list( $companion );
		RunProgress::start( self::ada(), true, Clock::now_ms() );
		$page   = $companion->exchange()['work']['domains'];
		$poison = array_values( array_filter( $page['rows'], static fn ( array $row ): bool => 'poison.example' === $row['host'] ) );
		$others = array( 'rows' => array_values( array_filter( $page['rows'], static fn ( array $row ): bool => 'poison.example' !== $row['host'] ) ) ) + $page;
		$acks   = static fn ( int $version ): array => array( 'rotation' => null, 'given_up' => array( array( 'domain_id' => $poison[0]['domain_id'], 'data_version' => $version ) ) );
		$left   = $companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'labels' => self::labels( $others ) ) ), 'acks' => $acks( $page['data_version'] + 1 ) ) );
		$this->assertSame( $poison, $left['work']['domains']['rows'], 'Of another version it says nothing.' );
		$this->assertNull( $companion->exchange( array( 'acks' => $acks( $page['data_version'] ) ) )['work']['domains'] );

		self::log_in( self::ada() );
		$run = self::rest( 'GET', '/rollcall/v1/runs' )->get_data()[0];
		$this->assertSame( array( 'done', 1 ), array( $run['state'], $run['domains_total'] - $run['domains_labelled'] ) );
		$this->assertSame( 1, Runs::find( $run['run_id'] )['totals']['waiting'] );
		$this->assertSame( array( 'poison.example' ), Domains::stale_hosts( DataVersion::current(), 0, 10 ), 'The preview of the next run shows it.' );
		$companion->exchange( array( 'acks' => $acks( $page['data_version'] ) ) );
		$this->assertSame( 1, Domains::stale_count( DataVersion::current() ), 'Without a run there is nothing to go on with.' );
		RunProgress::start( self::ada(), false, Clock::now_ms() );
		$this->assertSame( $poison, $companion->exchange()['work']['domains']['rows'] );
	}

	public function test_domains_that_were_given_up_are_due_again_on_new_lists_and_after_a_cancelled_run(): void {
		$this->make_users( array( 'cy@poison.example' ) );
		$companion = PairedCompanion::pair();
		$this->stage_list( $companion );
		$run_id  = RunProgress::start( self::ada(), true, Clock::now_ms() );
		$page    = $companion->exchange()['work']['domains'];
		$give_up = static fn () => RunProgress::give_up( array_map( static fn ( array $row ): array => array( 'domain_id' => $row['domain_id'], 'data_version' => DataVersion::current() ), $page['rows'] ) );
		$give_up();
		$this->assertSame( 0, Domains::stale_count( DataVersion::current() ) );
		DataVersion::raise();
		$this->assertSame( count( $page['rows'] ), Domains::stale_count( DataVersion::current() ) );
		$give_up();
		RunProgress::cancel( $run_id, Clock::now_ms() );
		$this->assertSame( count( $page['rows'] ), Domains::stale_count( DataVersion::current() ) );
	}

	public function test_the_same_batch_again_gets_the_stored_answer_and_changes_nothing(): void {
		$companion = PairedCompanion::pair();
		$batch     = PairedCompanion::batch( array( 'list_pages' => array( ListFactory::page( 'one', array( ListFactory::company( '1' ) ) ) ) ) );
		$first     = $companion->exchange( array( 'batch' => $batch ) );
		$before    = array( Sql::rows( 'SELECT * FROM {lists}' ), Sql::rows( 'SELECT * FROM {companies}' ), StoreGeneration::current(), DataVersion::current() );
		$again     = $companion->exchange( array( 'batch' => $batch ) );
		$this->assertSame( $first['accepted'], $again['accepted'] );
		$this->assertSame( $before, array( Sql::rows( 'SELECT * FROM {lists}' ), Sql::rows( 'SELECT * FROM {companies}' ), StoreGeneration::current(), DataVersion::current() ) );
	}

	public function test_refuses_another_batch_with_a_known_id(): void {
		$companion = PairedCompanion::pair();
		$id        = str_repeat( 'ab', 16 );
		$companion->exchange( array( 'batch' => PairedCompanion::batch( array(), $id ) ) );
		$other                = PairedCompanion::batch( array( 'digest' => str_repeat( '0', 64 ) ), $id );
		[ $status, $payload ] = $companion->answer( $companion->request( PairedCompanion::body( array( 'batch' => $other ) ) ) );
		$this->assertSame( array( 409, 'batch_conflict' ), array( $status, $payload['error_code'] ) );
	}

	public function test_rows_that_cannot_be_stored_are_named_and_the_others_stored(): void {
		$ids    = Domains::ids( array( 'acme.example', 'other.example' ), 1 );
		$label  = static fn( int $id, int $version, array $verdict = array() ): array => array(
			'domain_id'    => $id,
			'data_version' => $version,
			'verdict'      => ListFactory::verdict( $verdict ),
		);
		$now    = DataVersion::current();
		$batch  = PairedCompanion::batch(
			array(
				'labels'        => array(
					$label( $ids['acme.example'], $now ),
					$label( $ids['other.example'], $now + 1 ),
					$label( 999999, $now ),
					$label( $ids['other.example'], $now, array( 'registrable' => 'bücher.example' ) ),
				),
				'list_pages'    => array( ListFactory::page( 'one', array(), array(), array( 'page' => 2, 'page_count' => 2 ) ) ),
				'list_statuses' => array(
					array( 'list_uid' => 'none', 'checked_at_ms' => 1, 'error_code' => null, 'error_message' => null, 'rejected_count' => 0, 'rejections' => array() ),
					array( 'list_uid' => 'yc', 'checked_at_ms' => 5, 'error_code' => 'list_timeout', 'error_message' => 'GET answered nothing.', 'rejected_count' => 0, 'rejections' => array() ),
				),
				'jobs'          => array( array( 'job_uid' => str_repeat( 'a', 32 ), 'state' => 'done', 'done' => 1, 'total' => 1, 'error_code' => null, 'error_message' => null, 'verdict' => null, 'redirects' => array() ) ),
			)
		);
		$accepted = PairedCompanion::pair()->exchange( array( 'batch' => $batch ) )['accepted'];
		$refused  = array();
		foreach ( $accepted['refused'] as $row ) {
			$refused[ $row['kind'] . ' ' . $row['key'] ][] = $row['error_code'];
		}
		ksort( $refused );
		$this->assertSame(
			array(
				'jobs ' . str_repeat( 'a', 32 )         => array( 'not_found' ),
				'labels ' . $ids['other.example']       => array( 'stale_data_version', 'bad_request' ),
				'labels 999999'                         => array( 'not_found' ),
				'list_pages yc 2'                       => array( 'bad_request' ),
				'list_statuses none'                    => array( 'not_found' ),
			),
			$refused
		);
		$this->assertSame( 2, $accepted['stored'] );
		$this->assertSame( 'list_timeout', Lists::find( 'yc' )['error_code'] );
	}

	public function test_a_list_that_is_kept_here_is_not_the_companions_to_write(): void {
		$list_uid = Lists::create( array( 'title' => 'Customers', 'source' => 'upload', 'url' => '', 'schedule_hours' => 24 ), Clock::now_ms() );
		$batch    = PairedCompanion::batch(
			array(
				'list_pages'    => array( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), array(), array( 'list_uid' => $list_uid ) ) ),
				'list_statuses' => array( array( 'list_uid' => $list_uid, 'checked_at_ms' => 5, 'error_code' => 'list_timeout', 'error_message' => null, 'rejected_count' => 0, 'rejections' => array() ) ),
			)
		);
		$refused = PairedCompanion::pair()->exchange( array( 'batch' => $batch ) )['accepted']['refused'];
		$this->assertSame( array( 'list_not_yours', 'list_not_yours' ), array_column( $refused, 'error_code' ) );
		$list = Lists::find( $list_uid );
		$this->assertSame( array( 0, null ), array( $list['active_version'], $list['error_code'] ) );
	}

	public function test_an_older_content_of_a_list_is_refused_and_the_rest_of_its_batch_stored(): void {
		$companion = PairedCompanion::pair();
		$this->stage_list( $companion );
		$id    = Domains::ids( array( 'other.example' ), 1 )['other.example'];
		$label = array( 'domain_id' => $id, 'data_version' => DataVersion::current(), 'verdict' => ListFactory::verdict() );
		$older = ListFactory::page( 'older', array( ListFactory::company( '2' ) ), array(), array( 'fetched_at_ms' => 1 ) );
		Lists::set( 'yc', array( 'fetched_at_ms' => 2 ) );
		$accepted = $companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'list_pages' => array( $older ), 'labels' => array( $label ) ) ) ) )['accepted'];
		$this->assertSame( array( array( 'kind' => 'list_pages', 'key' => 'yc 1', 'error_code' => 'list_outdated' ) ), $accepted['refused'] );
		$this->assertSame( 1, $accepted['stored'] );
	}

	public function test_a_batch_that_fails_in_its_middle_leaves_nothing(): void {
		$companion = PairedCompanion::pair();
		$before    = StoreGeneration::current();
		$batch     = PairedCompanion::batch( array( 'list_pages' => array( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), array( ListFactory::domain( 'c1.example', '1' ) ) ) ) ) );
		$break     = static fn( string $query ): string => str_contains( $query, 'company_domains' ) && str_starts_with( $query, 'INSERT' ) ? 'INSERT INTO no_such_table VALUES (1)' : $query;
		add_filter( 'query', $break, 1 );
		[ $status ] = $companion->answer( $companion->request( PairedCompanion::body( array( 'batch' => $batch ) ) ) );
		remove_filter( 'query', $break, 1 );
		$this->assertSame( 503, $status, 'Signed, so that the companion knows to try again.' );
		$this->assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {companies}' ) );
		$this->assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {batches}' ) );
		$this->assertSame( $before, StoreGeneration::current() );
		$this->assertSame( 1, $companion->exchange( array( 'batch' => $batch ) )['accepted']['stored'], 'The same batch is stored the next time.' );
	}

	public function test_counts_each_stored_batch_and_tells_a_restored_backup(): void {
		$companion = PairedCompanion::pair();
		$first     = $companion->exchange( array( 'batch' => PairedCompanion::batch() ) )['store_generation'];
		$second    = $companion->exchange( array( 'batch' => PairedCompanion::batch() ) )['store_generation'];
		$this->assertSame( array( $first['id'], $first['counter'] + 1 ), array( $second['id'], $second['counter'] ) );
		$known = static fn( array $generation ): array => array_column( $companion->exchange( array( 'store_generation' => $generation ) )['commands'], 'kind' );
		$this->assertSame( array(), $known( $second ) );
		$this->assertSame( array( 'forget_cursors' ), $known( array( 'counter' => $second['counter'] + 1 ) + $second ) );
		$this->assertSame( array( 'forget_cursors' ), $known( array( 'id' => str_repeat( '0', 32 ) ) + $second ) );
	}

	public function test_jobs_go_out_come_back_and_are_cancelled(): void {
		$companion = PairedCompanion::pair();
		$job_uid   = Jobs::add( 'list_update', 'yc', null, Clock::now_ms() );
		$other     = Jobs::add( 'explain', null, 'acme.example', Clock::now_ms() );
		$payload   = $companion->exchange();
		$this->assertSame( 5, $payload['next_after_seconds'] );
		$this->assertEqualsCanonicalizing( array( $job_uid, $other ), array_column( $payload['work']['jobs'], 'job_uid' ) );
		$progress = array( 'job_uid' => $other, 'state' => 'done', 'done' => 1, 'total' => 1, 'error_code' => null, 'error_message' => null, 'verdict' => ListFactory::verdict(), 'redirects' => array() );
		$companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'jobs' => array( $progress ) ) ) ) );
		$this->assertSame( array( 'done', 'unmatched' ), array( Jobs::find( $other )['state'], Jobs::find( $other )['result']['label'] ) );

		Jobs::cancel( $job_uid, Clock::now_ms() );
		$payload = $companion->exchange();
		$this->assertSame( array( array( 'kind' => 'cancel_job', 'kid' => null, 'nonce' => null, 'job_uid' => $job_uid ) ), $payload['commands'] );
		$late = array( 'job_uid' => $job_uid, 'state' => 'running', 'verdict' => null ) + $progress;
		$this->assertSame( array(), $companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'jobs' => array( $late ) ) ) ) )['accepted']['refused'] );
		$this->assertSame( 'cancelled', Jobs::find( $job_uid )['state'], 'A job that has ended stays as it ended.' );
	}

	public function test_after_a_page_that_was_skipped_the_domains_begin_again(): void {
		$this->make_users( array( 'ann@acme.example', 'cy@other.example' ) );
		$companion = PairedCompanion::pair();
		$this->stage_list( $companion );
		RunProgress::start( self::ada(), true, Clock::now_ms() );
		$ids = array_column( $companion->exchange()['work']['domains']['rows'], 'domain_id' );
		$at  = static fn( int $after ): array => array_column( $companion->exchange( array( 'cursors' => array( 'domains_after' => $after, 'monitors_revision' => 0, 'beats_after_ms' => 0 ) ) )['work']['domains']['rows'], 'domain_id' );
		$this->assertSame( array_slice( $ids, 1 ), $at( $ids[0] ) );
		$this->assertSame( $ids, $at( (int) end( $ids ) ) );
	}

	public function test_says_when_to_call_again(): void {
		$this->assertSame( 0, Work::next_after_seconds( true, false, true ), 'Pages wait.' );
		$this->assertSame( 5, Work::next_after_seconds( true, true, true ), 'Pages wait, but the companion brought nothing twice in a row.' );
		$this->assertSame( 5, Work::next_after_seconds( false, false, true ), 'A job or run is open.' );
		$this->assertSame( 60, Work::next_after_seconds( false, true, false ) );
	}

	public function test_refuses_a_companion_that_is_too_far_apart_and_says_which_is_older(): void {
		$companion            = PairedCompanion::pair();
		$body                 = PairedCompanion::body( array( 'contract_version' => Contract::version() + 1, 'companion_version' => '9.8.7', 'new_field' => 1 ) );
		[ $status, $payload ] = $companion->answer( $companion->request( $body ) );
		$this->assertSame( array( 426, 'contract_unsupported', Contract::version() ), array( $status, $payload['error_code'], $payload['contract_version'] ) );
		$link = Link::describe( Clock::now_ms() );
		$this->assertSame( array( 'plugin_older', 'contract_unsupported', '9.8.7' ), array( $link['state'], $link['error_code'], $link['companion_version'] ) );
		$this->assertStringContainsString( '9.8.7', (string) $link['error_message'] );
		$companion->exchange();
		$this->assertSame( 'connected', Link::describe( Clock::now_ms() )['state'] );
	}

	public function test_keeps_what_left_the_site_word_for_word(): void {
		$companion = PairedCompanion::pair();
		$payload   = $companion->exchange();
		$newest    = Payloads::page( '', 'desc', 1, 0 )[0];
		$this->assertSame( 'POST /rollcall/v1/exchange', $newest['route'] );
		$this->assertSame( $payload, json_decode( (string) Payloads::find( $newest['payload_id'] )['body'], true ) );
		$companion->exchange();
		$companion->exchange();
		$this->assertSame( 2, Payloads::count( '' ), 'Idle answers that repeat push nothing out: pairing and one exchange.' );
	}

	public function test_never_calls_the_companion_inside_an_exchange(): void {
		$companion = PairedCompanion::pair( 'http://companion.example' );
		$called    = 0;
		$woken     = null;
		add_filter(
			'pre_http_request',
			static function () use ( &$called ): \WP_Error {
				++$called;
				return new \WP_Error( 'called', 'called' );
			}
		);
		add_filter(
			'query',
			static function ( string $query ) use ( &$woken ): string {
				if ( null === $woken && str_contains( $query, 'rollcall_payloads' ) ) {
					$woken = false;
					$woken = Client::wake();
				}
				return $query;
			}
		);
		$companion->exchange();
		$this->assertSame( array( false, 0 ), array( $woken, $called ) );
	}

	public function test_an_exchange_sees_to_it_that_wp_cron_prunes_when_no_other_one_follows(): void {
		wp_unschedule_hook( Plugin::PRUNE_EVENT );
		PairedCompanion::pair()->exchange();
		$this->assertNotFalse( wp_next_scheduled( Plugin::PRUNE_EVENT ), 'The blogs of a network are not activated one by one.' );
	}

	public function test_answers_signed_while_the_tables_are_not_ready(): void {
		$companion = PairedCompanion::pair();
		update_option( Migrator::OPTION, 1 );
		[ $status, $payload ] = $companion->answer( $companion->request( PairedCompanion::body() ) );
		$this->assertSame( array( 503, 'tables_missing' ), array( $status, $payload['error_code'] ) );
	}

	public function test_remembers_how_the_companion_called(): void {
		$companion = PairedCompanion::pair();
		$companion->exchange( array( 'companion_url' => 'http://169.254.169.254', 'companion_version' => "1.2.3 \u{1f98a}", 'clock_offset_ms' => -7200500 ) );
		$known = Companions::current();
		$this->assertSame( array( 'rest', null, '1.2.3', -7200500 ), array( $known['transport'], $known['companion_url'], $known['companion_version'], $known['clock_offset_ms'] ) );
		$this->assertSame( -7201, Link::describe( Clock::now_ms() )['clock_offset_seconds'] );
	}

	private function stage_list( PairedCompanion $companion ): void {
		$page = ListFactory::page( 'one', array( ListFactory::company( '1', array( 'name' => 'Acme' ) ) ), array( ListFactory::domain( 'acme.example', '1' ) ) );
		$companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'list_pages' => array( $page ) ) ) ) );
	}

	/**
	 * @param array{data_version: int, rows: list<array{domain_id: int, host: string}>} $page
	 * @return list<array<string, mixed>>
	 */
	private static function labels( array $page ): array {
		return array_map(
			static fn( array $row ): array => array(
				'domain_id'    => $row['domain_id'],
				'data_version' => $page['data_version'],
				'verdict'      => ListFactory::verdict(
					array(
						'ascii_host'  => $row['host'],
						'registrable' => $row['host'],
					) + ( 'acme.example' !== $row['host'] ? array() : array(
						'label'     => 'company',
						'companies' => array( array( 'list_uid' => 'yc', 'source_id' => '1', 'kind' => 'current' ) ),
					) )
				),
			),
			$page['rows']
		);
	}
}
