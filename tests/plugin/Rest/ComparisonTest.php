<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use Rollcall\Contract;
use Rollcall\Database\Sql;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class ComparisonTest extends TestCase {
	private int $before;
	private int $after;

	protected function setUp(): void {
		parent::setUp();
		self::log_in( self::ada() );
		Planted::list();
		$this->before = self::finished( array( 'users' ) );
		$this->after  = self::finished( array( 'users' ) );
	}

	public function test_tells_new_gone_and_changed_companies_with_their_signs_of_churn(): void {
		$this->company( 'same', array(), array() );
		$this->company( 'new', null, array() );
		$this->company( 'gone', array(), null );
		$this->company( 'more', array(), array( 'users' => 9 ) );
		$this->company( 'inactive', array(), array( 'status' => 2 ) );
		$this->company( 'acquired', array(), array( 'status' => 3 ) );
		$this->company( 'moved', array( 'kind' => 1 ), array( 'kind' => 2 ) );
		$this->company( 'was-former', array( 'kind' => 2 ), array( 'kind' => 2, 'users' => 4 ) );
		$this->company( 'left', array(), null );
		Planted::company_domain( 'left.example', 'left', 'current', 1, 3 );
		$this->company( 'stayed', array(), null );
		Planted::company_domain( 'stayed.example', 'stayed', 'current', 1, 5 );
		$this->company( 'back', array( 'status' => 2 ), array( 'status' => 1 ) );

		$both = self::get( $this->path() );
		self::assertTrue( Contract::check( 'run_comparison', $both ), (string) wp_json_encode( $both ) );
		self::assertSame( array( 'new' => 1, 'gone' => 3, 'changed' => 6 ), $both['companies'] );
		self::assertSame( 4, $both['churn_count'] );
		$rows = self::get( $this->path() . '/companies', array( 'per_page' => 100 ) );
		foreach ( $rows as $row ) {
			self::assertTrue( Contract::check( 'run_company_change', $row ), (string) wp_json_encode( $row ) );
		}
		self::assertEquals(
			array(
				'new' => 'new',
				'gone' => 'gone',
				'left' => 'gone',
				'stayed' => 'gone',
				'more' => 'changed',
				'inactive' => 'changed',
				'acquired' => 'changed',
				'moved' => 'changed',
				'was-former' => 'changed',
				'back' => 'changed',
			),
			array_column( $rows, 'change', 'source_id' )
		);
		self::assertEquals(
			array( 'inactive' => 'turned_inactive', 'acquired' => 'turned_acquired', 'moved' => 'domain_gone', 'left' => 'domain_gone' ),
			array_filter( array_column( $rows, 'churn', 'source_id' ) )
		);
		$more = array_column( $rows, null, 'source_id' )['more'];
		self::assertSame( array( 3, 9 ), array( $more['before']['user_count'], $more['after']['user_count'] ) );
		self::assertNull( array_column( $rows, null, 'source_id' )['new']['before'] );

		self::assertCount( 3, self::get( $this->path() . '/companies', array( 'change' => array( 'gone' ) ) ) );
		$churn = self::rest( 'GET', '/rollcall/v1/runs/churn' );
		self::assertSame( '4', $churn->get_headers()['X-WP-Total'] );
		self::assertEquals( self::get( $this->path() . '/companies', array( 'churn' => '1' ) ), $churn->get_data() );
		self::assertSame( array( 'moved' ), array_column( self::get( $this->path() . '/companies', array( 'search' => 'Mov' ) ), 'source_id' ) );
	}

	public function test_tells_registrable_domains_that_differ(): void {
		foreach ( array( 'a.same.example' => array( 2, 2 ), 'b.same.example' => array( 1, 1 ), 'new.example' => array( null, 4 ), 'gone.example' => array( 5, null ), 'more.example' => array( 1, 6 ) ) as $host => list( $was, $is ) ) {
			$domain_id = Planted::label( $host, array( 'registrable' => str_ends_with( $host, 'same.example' ) ? 'same.example' : $host ) );
			foreach ( array( $this->before => $was, $this->after => $is ) as $run_id => $users ) {
				if ( null !== $users ) {
					Sql::insert( 'run_domains', array( array( 'run_id' => $run_id, 'source' => 1, 'domain_id' => $domain_id, 'users' => $users, 'label' => 12 ) ) );
				}
			}
		}
		$rows = self::get( $this->path() . '/domains' );
		foreach ( $rows as $row ) {
			self::assertTrue( Contract::check( 'run_domain_change', $row ) );
		}
		self::assertSame( array( 'more.example' => 'changed', 'gone.example' => 'gone', 'new.example' => 'new' ), array_column( $rows, 'change', 'domain' ), 'Most users first.' );
		self::assertSame( array( 'new' => 1, 'gone' => 1, 'changed' => 1 ), self::get( $this->path() )['domains'] );
		self::assertSame( array( null, 'unmatched' ), array( $rows[2]['before_label'], $rows[2]['after_label'] ) );
	}

	public function test_churn_is_told_against_the_run_before_of_the_same_sources(): void {
		$this->company( 'inactive', array(), array( 'status' => 2 ) );
		$other = self::finished( array( 'users', 'comments' ) );
		self::assertSame( array(), self::get( '/runs/churn' ) );
		Sql::run( 'DELETE FROM {runs} WHERE run_id = %d', $other );
		self::assertSame( array( 'inactive' ), array_column( self::get( '/runs/churn' ), 'source_id' ) );
	}

	public function test_only_finished_runs_are_compared(): void {
		Sql::run( 'UPDATE {runs} SET state = 5 WHERE run_id = %d', $this->after );
		foreach ( array( '', '/companies', '/domains' ) as $of ) {
			self::assertSame( 404, self::rest( 'GET', '/rollcall/v1' . $this->path() . $of )->get_status() );
		}
	}

	private function path(): string {
		return "/runs/{$this->before}/compare/{$this->after}";
	}

	/**
	 * @param array<string, int>|null $before Columns that differ; null when it was not in that run.
	 * @param array<string, int>|null $after
	 */
	private function company( string $source_id, ?array $before, ?array $after ): void {
		foreach ( array( $this->before => $before, $this->after => $after ) as $run_id => $figures ) {
			if ( null !== $figures ) {
				Sql::insert( 'run_companies', array( array_merge( array( 'run_id' => $run_id, 'list_uid' => 'yc', 'source_id' => $source_id, 'users' => 3, 'domains' => 1, 'status' => 1, 'batch' => 'Winter 2020', 'kind' => 1, 'name' => ucfirst( $source_id ) ), $figures ) ) );
			}
		}
	}

	/** @param list<string> $sources */
	private static function finished( array $sources ): int {
		Sql::insert( 'runs', array( array( 'state' => 4, 'source' => 1, 'sources' => (string) wp_json_encode( $sources ), 'ran_in' => 1, 'started_by' => 1, 'started_at_ms' => Planted::NOW_MS, 'finished_at_ms' => Planted::NOW_MS ) ) );
		return Sql::insert_id();
	}

	/**
	 * @param array<string, mixed> $query
	 * @return array<mixed>
	 */
	private static function get( string $route, array $query = array() ): array {
		$response = self::rest( 'GET', "/rollcall/v1$route", array(), $query );
		self::assertSame( 200, $response->get_status(), (string) wp_json_encode( $response->get_data() ) );
		return $response->get_data();
	}
}
