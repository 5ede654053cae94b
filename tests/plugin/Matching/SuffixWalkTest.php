<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Matching;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Matching\SuffixWalk;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class SuffixWalkTest extends TestCase {
	/** @param list<string> $matched */
	#[DataProvider( 'cases' )]
	public function test_walks_the_tables_as_the_companion_walks_its_index( string $host, bool $own_site, array $matched, ?string $kind, bool $ambiguous ): void {
		self::plant();
		$vectors = self::vectors();
		$urls    = $vectors['own_hosts'];
		add_filter( 'home_url', static fn (): string => 'https://' . $urls[0] . '/' );
		add_filter( 'site_url', static fn (): string => 'https://' . $urls[1] . '/wp' );

		$verdict = SuffixWalk::verdicts( array( $host ) )[ $host ] ?? null;

		self::assertSame( $own_site, 'own_site' === ( $verdict['label'] ?? null ) );
		self::assertSame( $matched, array_column( $verdict['companies'] ?? array(), 'source_id' ) );
		self::assertSame( $kind, $verdict['companies'][0]['kind'] ?? null );
		self::assertSame( $ambiguous, $verdict['ambiguous'] ?? false );
		if ( null !== $verdict ) {
			self::assertTrue( Contract::check( 'verdict', $verdict ) );
		}
	}

	/** @return iterable<string, array{string, bool, list<string>, string|null, bool}> */
	public static function cases(): iterable {
		foreach ( self::vectors()['cases'] as $case ) {
			yield 'host "' . $case['host'] . '"' => array( $case['host'], $case['own_site'], $case['matched'], $case['kind'], $case['ambiguous'] );
		}
	}

	#[DataProvider( 'own_site_cases' )]
	public function test_a_parent_of_the_sites_host_waits_until_the_companion_has_told_the_sites_domain( string $own_host, string $registrable, string $host, bool $own_site, bool $undecided ): void {
		self::plant();
		add_filter( 'home_url', static fn (): string => "https://$own_host/" );
		add_filter( 'site_url', static fn (): string => "https://$own_host/" );
		$label = static fn (): ?string => SuffixWalk::verdicts( array( $host ) )[ $host ]['label'] ?? null;

		self::assertSame( $undecided, null === $label() );
		self::assertSame( $own_site && ! $undecided, 'own_site' === $label() );
		Planted::label( $own_host, array( 'label' => 'own_site', 'rule' => 'own_host', 'registrable' => $own_host ) );
		self::assertSame( $undecided, null === $label(), 'A verdict of the walk itself tells nothing new.' );
		Planted::label( $own_host, array( 'label' => 'own_site', 'rule' => 'own_site', 'registrable' => $registrable ) );
		self::assertSame( $own_site, 'own_site' === $label() );
	}

	/** @return iterable<string, array{string, string, string, bool, bool}> */
	public static function own_site_cases(): iterable {
		foreach ( self::vectors()['own_site_cases'] as $case ) {
			yield "$case[host] on $case[own_host]" => array_values( $case );
		}
	}

	public function test_a_host_with_other_bytes_than_ascii_waits_for_its_a_label_form(): void {
		self::plant();
		self::assertSame( array(), SuffixWalk::verdicts( array( 'b%C3%BCcher.de', 'mail.b%C3%BCcher.stripe.com' ) ) );
	}

	/** @param list<string> $matched */
	#[DataProvider( 'several_lists' )]
	public function test_brings_the_lists_together( string $host, array $matched, ?string $kind, bool $ambiguous ): void {
		foreach ( self::vectors()['several_lists']['lists'] as $list ) {
			Planted::list( $list['list_uid'] );
			foreach ( $list['companies'] as $company ) {
				Planted::company( $company['source_id'], array( 'status' => Contract::number( 'COMPANY_STATUSES', $company['status'] ), 'batch_sort' => $company['batch_sort'] ), array(), $list['list_uid'] );
			}
			foreach ( $list['domains'] as $row ) {
				Planted::company_domain( $row['domain'], $row['source_id'], $row['kind'], 'former' === $row['kind'] ? 0 : 1, 'former' === $row['kind'] ? 0 : 5, $list['list_uid'] );
			}
		}
		$verdict = SuffixWalk::verdicts( array( $host ) )[ $host ] ?? null;
		$found   = array_map( static fn ( array $company ): string => "$company[list_uid] $company[source_id]", $verdict['companies'] ?? array() );
		self::assertSame( array( $matched, $kind, $ambiguous ), array( $found, $verdict['companies'][0]['kind'] ?? null, $verdict['ambiguous'] ?? false ) );
	}

	/** @return iterable<string, array{string, list<string>, string|null, bool}> */
	public static function several_lists(): iterable {
		foreach ( self::vectors()['several_lists']['cases'] as $case ) {
			yield $case['host'] => array_values( $case );
		}
	}

	public function test_one_look_up_answers_for_many_hosts(): void {
		self::plant();
		$hosts = array( 'stripe.com', 'nobody.example', 'eu.trycardinal.ai' );
		self::assertSame( array( 'stripe.com', 'eu.trycardinal.ai' ), array_keys( SuffixWalk::verdicts( $hosts ) ) );
	}

	public function test_a_list_that_is_switched_off_matches_nothing(): void {
		self::plant();
		\Rollcall\Database\Sql::run( 'UPDATE {lists} SET enabled = 0' );
		self::assertSame( array(), SuffixWalk::verdicts( array( 'stripe.com' ) ) );
	}

	private static function plant(): void {
		$vectors = self::vectors();
		Planted::list( 'yc', $vectors['active_version'] );
		foreach ( $vectors['companies'] as $company ) {
			Planted::company(
				$company['source_id'],
				array(
					'status'        => Contract::number( 'COMPANY_STATUSES', $company['status'] ),
					'batch_sort'    => $company['batch_sort'],
					'removed_at_ms' => $company['removed'] ? Planted::NOW_MS : null,
				)
			);
		}
		foreach ( $vectors['company_domains'] as $row ) {
			Planted::company_domain( $row['domain'], $row['source_id'], $row['kind'], $row['first_version'], $row['last_version'] );
		}
	}

	/** @return array<string, mixed> */
	private static function vectors(): array {
		return json_decode( (string) file_get_contents( dirname( __DIR__, 2 ) . '/fixtures/suffix-walk.json' ), true, 16, JSON_THROW_ON_ERROR );
	}
}
