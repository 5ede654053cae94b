<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Matching;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\DomainVerdicts;
use Rollcall\Database\Lists;
use Rollcall\Database\ListVersions;
use Rollcall\Database\Rules;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\Matching\ListKeeping;
use Rollcall\Matching\SuffixWalk;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

/** Companies over two versions of a list, from the pages that came to what a host is matched with. */
final class HistoryTest extends TestCase {
	private const LATER_MS = Planted::NOW_MS + 86_400_000;

	public function test_every_domain_ever_seen_stays_with_its_instants_and_how_it_belongs(): void {
		self::two_versions();
		$domains = array_column( self::company( 'moved' )['domains'], null, 'domain' );
		self::assertSame( array( 'new.example' => 'current', 'old.example' => 'former' ), array_map( static fn ( array $row ): string => $row['kind'], $domains ) );
		$first = Clock::iso( Planted::NOW_MS );
		$later = Clock::iso( self::LATER_MS );
		self::assertSame( array( $first, $first ), array( $domains['old.example']['first_seen'], $domains['old.example']['last_seen'] ) );
		self::assertSame( array( $later, $later ), array( $domains['new.example']['first_seen'], $domains['new.example']['last_seen'] ) );
		$kept = self::company( 'kept' )['domains'][0];
		self::assertSame( array( $first, $later, 'current' ), array( $kept['first_seen'], $kept['last_seen'], $kept['kind'] ) );
		$gone = self::company( 'removed' );
		self::assertSame( array( $later, 'former' ), array( $gone['removed_at'], $gone['domains'][0]['kind'] ) );
	}

	public function test_a_moved_company_matches_by_its_former_domain_and_a_removed_one_as_removed(): void {
		self::two_versions();
		self::assertSame( array( 'moved' => 'current' ), self::matched( 'new.example' ) );
		self::assertSame( array( 'moved' => 'former' ), self::matched( 'old.example' ) );
		self::assertSame( array( 'moved' => 'former' ), self::matched( 'mail.old.example' ) );
		self::assertSame( array( 'removed' => 'former' ), self::matched( 'removed.example' ) );
		self::assertSame( array( 'renamed' => 'current' ), self::matched( 'renamed.example' ) );
		self::assertSame( array( 'Before' ), self::company( 'renamed' )['former_names'] );
		$verdict = self::verdict_of( Planted::label( 'old.example' ) );
		self::assertSame( array( 'company', 'old.example' ), array( $verdict['label'], $verdict['evidence'] ), 'Also when the companion has lost its memory.' );
	}

	public function test_a_removed_company_that_comes_back_has_its_domain_again(): void {
		self::two_versions();
		self::store( 'v3', array( 'kept' => 'kept.example', 'removed' => 'removed.example' ), self::LATER_MS + 1 );
		self::assertSame( array( 'removed' => 'current' ), self::matched( 'removed.example' ) );
		self::assertNull( self::company( 'removed' )['removed_at'] );
		self::assertSame( array( 'moved' => 'former' ), self::matched( 'new.example' ) );
		self::assertSame( array( 'moved' => 'former' ), self::matched( 'old.example' ), 'History is longer than the two versions that are kept.' );
	}

	public function test_another_list_at_another_address_takes_nothing_over_under_the_same_ids(): void {
		self::store( 'v1', array( '1' => 'one.example', '2' => 'two.example', '3' => 'three.example' ), Planted::NOW_MS );
		$domain_id = Planted::label( 'one.example', array(), array( '1' ) );
		Rules::put( 'alias', array( 'alias.example' ), 'yc', '1', '', 1, Planted::NOW_MS );
		self::move( 'https://other.example/list.json' );
		self::assertSame( array( '1' => 'current' ), self::matched( 'one.example' ), 'The version in use stays until another one is there.' );
		self::store( 'other', array( '1' => 'uno.example', '2' => 'due.example' ), self::LATER_MS );
		self::assertSame( array( array(), array(), array(), array( '1' => 'current' ) ), array_map( array( self::class, 'matched' ), array( 'one.example', 'three.example', 'alias.example', 'uno.example' ) ) );
		self::assertSame( array(), Sql::rows( 'SELECT * FROM {domain_companies}' ) );
		self::assertNull( DomainVerdicts::read( $domain_id ), 'Its users wait instead of belonging to a stranger.' );
		self::assertSame( array( '1', '2' ), Sql::column( 'SELECT source_id FROM {companies} ORDER BY source_id' ), 'No tombstone, no version before.' );
		self::assertSame( array( self::LATER_MS ), array_map( 'intval', Sql::column( 'SELECT DISTINCT first_seen_ms FROM {company_domains}' ) ) );
	}

	public function test_the_same_list_at_another_address_keeps_its_history(): void {
		self::store( 'v1', array( '1' => 'one.example', '2' => 'two.example', '3' => 'three.example' ), Planted::NOW_MS );
		self::move( 'https://mirror.example/list.json' );
		self::store( 'v2', array( '1' => 'one.example', '2' => 'two.example', '4' => 'four.example' ), self::LATER_MS );
		self::assertSame( array( array( '3' => 'former' ), array( '1' => 'current' ) ), array( self::matched( 'three.example' ), self::matched( 'one.example' ) ) );
	}

	public function test_an_address_that_was_tried_and_taken_back_changes_nothing(): void {
		self::store( 'v1', array( '1' => 'one.example' ), Planted::NOW_MS );
		$url = Lists::find( 'yc' )['url'];
		self::move( 'https://other.example/list.json' );
		self::move( $url );
		self::store( 'v2', array( '1' => 'new-one.example' ), self::LATER_MS );
		self::assertSame( array( '1' => 'former' ), self::matched( 'one.example' ) );
	}

	/** @return iterable<string, array{string, string|null, string|null, bool}> Host, company, kind, ambiguous. */
	public static function golden(): iterable {
		yield 'moved to'                       => array( 'openbenchmarks.com', 'open', 'current', false );
		yield 'moved from'                     => array( 'openfunnel.dev', 'open', 'former', false );
		yield 'below'                          => array( 'mail.airbnb.com', 'airbnb', 'subdomain', false );
		yield 'never RecordBook'               => array( 'google.com', null, null, false );
		yield 'never TypeLess'                 => array( 'apple.com', null, null, false );
		yield 'never Vidpresso'                => array( 'facebook.com', null, null, false );
		yield 'Y Combinator, not Uiflow'       => array( 'ycombinator.com', 'yc', 'current', false );
		yield 'Product Hunt, not Storyline'    => array( 'producthunt.com', 'hunt', 'current', false );
		yield 'a tie: Active wins'             => array( 'trycardinal.ai', 'cardinal', 'current', true );
		yield 'no mail provider'               => array( 'easypost.com', 'easypost', 'current', false );
		yield 'not disposable'                 => array( 'ubicloud.com', 'ubicloud', 'current', false );
		yield 'second of two websites'         => array( 'ostronaut.com', '22738', 'current', false );
		yield 'spaces behind the website'      => array( 'delee.co', 'delee', 'current', false );
		yield 'private suffix'                 => array( 'lakonia.us.com', 'lakonia', 'current', false );
		yield 'another on the private suffix'  => array( 'other.us.com', null, null, false );
		yield 'page on a host of many'         => array( 'sorted-lp.webflow.io', null, null, false );
		yield 'mail provider'                  => array( 'gmail.com', null, null, false );
		yield 'typo of one'                    => array( 'gmial.com', null, null, false );
		yield 'university'                     => array( 'stanford.edu', null, null, false );
		yield 'public suffix'                  => array( 'co.uk', null, null, false );
		yield 'IDN'                            => array( 'xn--bcher-kva.de', 'buecher', 'current', false );
		yield 'trailing dot'                   => array( 'stripe.com.', 'stripe', 'current', false );
	}

	#[DataProvider( 'golden' )]
	public function test_the_golden_list_through_the_walk_of_wordpress( string $host, ?string $source_id, ?string $kind, bool $ambiguous ): void {
		$inactive = array( 'status' => 'inactive', 'batch_sort' => 8095 );
		self::store( 'v1', array( 'open' => 'openfunnel.dev' ), Planted::NOW_MS );
		$domains = array( 'open' => 'openbenchmarks.com', 'airbnb' => 'airbnb.com', 'yc' => 'ycombinator.com', 'hunt' => 'producthunt.com', 'cardinal' => 'trycardinal.ai', 'leafpress' => 'trycardinal.ai', 'easypost' => 'easypost.com', 'ubicloud' => 'ubicloud.com', '22738' => 'ostronaut.com', 'delee' => 'delee.co', 'lakonia' => 'lakonia.us.com', 'buecher' => 'xn--bcher-kva.de', 'stripe' => 'stripe.com' );
		// Claims on shared hosts are dropped at import: these companies come without a domain.
		self::store( 'v2', $domains + array_fill_keys( array( 'recordbook', 'typeless', 'vidpresso', 'uiflow', 'storyline', 'sorted' ), null ), self::LATER_MS, array( 'leafpress' => $inactive ) );
		$verdict = SuffixWalk::verdicts( array( $host ) )[ $host ] ?? null;
		self::assertSame( array( $source_id, $kind, $ambiguous ), array( $verdict['companies'][0]['source_id'] ?? null, $verdict['companies'][0]['kind'] ?? null, $verdict['ambiguous'] ?? false ) );
		if ( null !== $verdict ) {
			self::assertTrue( Contract::check( 'verdict', $verdict ) );
		}
	}

	private static function two_versions(): void {
		self::store( 'v1', array( 'kept' => 'kept.example', 'moved' => 'old.example', 'removed' => 'removed.example', 'renamed' => 'renamed.example' ), Planted::NOW_MS );
		self::store( 'v2', array( 'kept' => 'kept.example', 'moved' => 'new.example', 'renamed' => 'renamed.example' ), self::LATER_MS, array( 'renamed' => array( 'name' => 'After', 'former_names' => array( 'Before' ) ) ) );
	}

	/**
	 * @param array<string, string|null>          $domains Domain by source_id.
	 * @param array<string, array<string, mixed>> $changes Of companies, by source_id.
	 */
	private static function store( string $version, array $domains, int $now_ms, array $changes = array() ): void {
		$companies = array_map( static fn ( int|string $id ): array => ListFactory::company( (string) $id, $changes[ $id ] ?? array() ), array_keys( $domains ) );
		$rows      = array();
		foreach ( array_filter( $domains ) as $id => $domain ) {
			$rows[] = ListFactory::domain( $domain, (string) $id );
		}
		Transaction::run( static fn () => ListVersions::store_page( ListFactory::page( $version, $companies, $rows ), $now_ms ) );
	}

	private static function move( string $url ): void {
		$list = Lists::find( 'yc' );
		Transaction::run( static fn () => ListKeeping::change( $list, array( 'url' => $url ) + $list, self::LATER_MS ) );
	}

	/** @return array<int|string, string> Kind by source_id. */
	private static function matched( string $host ): array {
		return array_column( SuffixWalk::verdicts( array( $host ) )[ $host ]['companies'] ?? array(), 'kind', 'source_id' );
	}

	/** @return array<string, mixed> */
	private static function company( string $source_id ): array {
		self::log_in( self::ada() );
		return self::rest( 'GET', "/rollcall/v1/companies/yc/$source_id" )->get_data();
	}

	/** @return array<string, mixed> */
	private static function verdict_of( int $domain_id ): array {
		self::assertSame( DataVersion::current(), DomainVerdicts::read( $domain_id )['data_version'] ?? null );
		return DomainVerdicts::read( $domain_id )['verdict'] ?? array();
	}
}
