<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Database\AffectedDomains;
use Rollcall\Database\CompaniesWall;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\DomainClaims;
use Rollcall\Database\Pruning;
use Rollcall\Database\ReportCompanies;
use Rollcall\Database\ReportPeople;
use Rollcall\Database\ReportTotals;
use Rollcall\Database\RunChanges;
use Rollcall\Database\Runs;
use Rollcall\Database\Rules;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Database\Transaction;
use Rollcall\Database\UserDomains;
use Rollcall\Matching\Comparison;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

/** Every large table is reached by the index that its migration names; a full scan of 1,000,000 users would show. */
#[Group( 'mariadb' )]
final class IndexUseTest extends TestCase {
	/** @param callable(): mixed $read */
	#[DataProvider( 'reads' )]
	public function test_a_hot_query_uses_its_index( callable $read, string $alias, string $key ): void {
		self::plant();
		$queries = array();
		$listen  = static function ( string $query ) use ( &$queries ): string {
			if ( str_starts_with( ltrim( $query ), 'SELECT' ) && ( str_contains( $query, 'rollcall_' ) || str_contains( $query, 'user_email' ) ) ) {
				$queries[] = $query;
			}
			return $query;
		};
		add_filter( 'query', $listen );
		$read();
		remove_filter( 'query', $listen );
		$keys = array();
		foreach ( $queries as $query ) {
			foreach ( Sql::rows( 'EXPLAIN ' . $query ) as $step ) {
				$keys[ str_replace( Table::name( '' ), '', (string) $step['table'] ) ][] = (string) $step['key'];
			}
		}
		self::assertContains( $key, $keys[ $alias ] ?? array(), (string) wp_json_encode( $keys ) );
		self::assertNotContains( '', $keys[ $alias ] );
	}

	/** @return array<string, array{callable(): mixed, string, string}> */
	public static function reads(): array {
		return array(
			'users by host, from the index alone'    => array( static fn () => ReportTotals::by_label(), 'user_domains', 'domain' ),
			'users without an address'               => array( static fn () => UserDomains::reasons(), 'user_domains', 'domain' ),
			'a page of stale domains has its users'  => array( static fn () => Domains::stale_page( DataVersion::current(), 0, 10 ), 'u', 'domain' ),
			'numbers of hosts'                       => array( static fn () => Domains::ids( array( 'h1.example', 'h2.example' ), 1 ), 'domains', 'host' ),
			'who claims a domain'                    => array( static fn () => DomainClaims::of( array( 'c1.example', 'c2.example' ) ), 'cd', 'domain' ),
			'hosts that rules are about'             => array( static fn () => AffectedDomains::at_or_below( array( 'h1.example', 'mail.h2.example' ) ), 'd', 'registrable' ),
			'users at a domain'                      => array( static fn () => AffectedDomains::user_count( 'h1.example' ), 'd', 'ascii_host' ),
			'active rules of domains'                => array( static fn () => Rules::active( array( 'c1.example', 'c2.example' ) ), 'domain_rules', 'PRIMARY' ),
			'what is known to be registrable'        => array( static fn () => AffectedDomains::registrable( array( 'h1.example' ) ), 'domains', 'registrable' ),
			'names of the companies of domains'      => array( static fn () => ReportCompanies::names( array( 1, 2, 3 ) ), 'dc', 'PRIMARY' ),
			'a page of what another source waits for' => array( static fn () => self::in_a_run_of( array( 'comments' ) ), 'r', 'PRIMARY' ),
			'figures of a run' => array( static fn () => ReportTotals::by_label( ReportPeople::of_run( Runs::find( 7 ) ?? throw new \LogicException() ) ), 'run_domains', 'PRIMARY' ),
			'companies that differ between two runs' => array( static fn () => RunChanges::counts( 'companies', 1, 2, Comparison::EVERYTHING ), 'r', 'PRIMARY' ),
			'domains that differ between two runs' => array( static fn () => RunChanges::counts( 'domains', 1, 2, Comparison::EVERYTHING ), 'r', 'PRIMARY' ),
			'the companies wall'                     => array( static fn () => CompaniesWall::newest( 1, 10 ), 'rc', 'PRIMARY' ),
			'a chunk of users'                       => array( static fn () => UserDomains::addresses( 'user_email', 100, 50 ), 'u', 'PRIMARY' ),
			'what is stored of a chunk'              => array( static fn () => UserDomains::stored( 100, 150 ), 'user_domains', 'PRIMARY' ),
		);
	}

	/** A DELETE locks each row that it looks at: those of the run that counts are looked at by nobody else. */
	public function test_hashes_of_the_run_that_counts_are_not_looked_through_at_each_exchange(): void {
		Transaction::run( static fn (): int => Runs::start( 1, 0, 1, array( 'comments' ) ) );
		$run_id = Runs::open()['run_id'] ?? 0;
		Sql::insert( 'run_addresses', array_map( static fn ( int $number ): array => array( 'run_id' => $run_id, 'address_hash' => md5( (string) $number ) ), range( 1, 2000 ) ) );
		Sql::rows( 'ANALYZE TABLE {run_addresses}' );
		$asked = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$asked ): string {
				$asked = str_contains( $query, 'run_addresses' ) ? array( ...$asked, $query ) : $asked;
				return $query;
			}
		);
		Pruning::step( Planted::NOW_MS );
		self::assertCount( 1, $asked );
		self::assertLessThan( 10, (int) array_column( Sql::rows( 'EXPLAIN ' . $asked[0] ), 'rows' )[0] );
	}

	/** An index may also be read from end to end: of a million users that took a second for each rule on a page. */
	public function test_users_at_a_domain_are_reached_from_its_hosts(): void {
		self::plant();
		$asked = '';
		add_filter(
			'query',
			static function ( string $query ) use ( &$asked ): string {
				$asked = $query;
				return $query;
			}
		);
		AffectedDomains::user_count( 'h1.example' );
		self::assertSame( 'ref', array_column( Sql::rows( 'EXPLAIN ' . $asked ), 'type', 'table' )['u'] ?? '' );
	}

	/** @param non-empty-list<string> $sources */
	private static function in_a_run_of( array $sources ): void {
		Transaction::run( static fn (): int => Runs::start( 1, 0, 1, $sources ) );
		Domains::stale_page( DataVersion::current(), 0, 10 );
	}

	private static function plant(): void {
		Planted::list();
		$users   = array();
		$domains = array();
		$claims  = array();
		$matches = array();
		$figures = array();
		$counts  = array();
		for ( $number = 1; $number <= 1000; $number++ ) {
			$users[]   = array( 'user_id' => 10_000 + $number, 'domain_id' => 0 === $number % 50 ? 0 : $number, 'reason' => 0 === $number % 50 ? 1 : 0 );
			$domains[] = array( 'domain_id' => $number, 'host' => "h$number.example", 'created_at_ms' => 1, 'data_version' => $number % 2 );
			$claims[]  = array( 'list_uid' => 'yc', 'domain' => "c$number.example", 'source_id' => (string) $number, 'kind' => 1, 'first_version' => 1, 'last_version' => 5, 'first_seen_ms' => 1, 'last_seen_ms' => 1 );
			Planted::company( (string) $number );
			$matches[] = array( 'domain_id' => $number, 'list_uid' => 'yc', 'source_id' => (string) $number, 'kind' => 1, 'position' => 0 );
			$counts[]  = array( 'run_id' => $number % 100, 'source' => 2, 'domain_id' => $number, 'users' => 1 );
			$figures[] = array( 'run_id' => $number % 10, 'list_uid' => 'yc', 'source_id' => (string) $number, 'users' => 1, 'domains' => 1, 'status' => 1, 'batch' => '', 'kind' => 1 );
		}
		Sql::rows( 'ANALYZE TABLE {companies}' );
		foreach ( array( 'user_domains' => $users, 'domains' => $domains, 'company_domains' => $claims, 'domain_companies' => $matches, 'run_companies' => $figures, 'run_domains' => $counts ) as $table => $rows ) {
			Sql::run( "DELETE FROM {{$table}}" );
			Sql::insert( $table, $rows );
			Sql::rows( "ANALYZE TABLE {{$table}}" );
		}
		Sql::insert( 'runs', array( array( 'run_id' => 7, 'state' => 4, 'source' => 1, 'ran_in' => 1, 'started_by' => 1, 'started_at_ms' => 1, 'finished_at_ms' => 1 ) ) );
	}
}
