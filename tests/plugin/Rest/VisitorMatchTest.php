<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Database\Rules;
use Rollcall\Database\Sql;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class VisitorMatchTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		Planted::company( '5', array( 'name' => 'Stripe', 'website_origin' => 'https://stripe.example' ), array( 'stripe.example' ) );
		Planted::company( '6', array( 'name' => 'Loops' ), array( 'loops.example' ) );
		Planted::company_domain( 'old-loops.example', '6', 'current', 1, 4 );
	}

	public function test_answers_a_stranger_with_the_companies_of_the_domains(): void {
		$response = self::ask( array( 'mail.stripe.example', 'old-loops.example', 'nobody.example' ) );
		self::assertSame( 200, $response->get_status() );
		$answer = $response->get_data();
		self::assertTrue( Contract::check( 'visitor_match_answer', $answer ) );
		self::assertSame( 3, $answer['checked'] );
		self::assertSame(
			array( array( 'mail.stripe.example', 'Stripe', 'subdomain' ), array( 'old-loops.example', 'Loops', 'former' ) ),
			array_map( static fn ( array $match ): array => array( $match['domain'], $match['name'], $match['kind'] ), $answer['matches'] )
		);
		self::assertSame( 'Companies', $answer['list_title'] );
		self::assertMatchesRegularExpression( '/^"default";r=99;t=\d+$/', $response->get_headers()['RateLimit'] );
		self::assertSame( 'no-store', $response->get_headers()['Cache-Control'] );
	}

	public function test_a_list_that_is_switched_off_or_not_for_visitors_does_not_answer(): void {
		Planted::list( 'own' );
		Planted::company( '9', array( 'name' => 'Own' ), array( 'own.example', 'stripe.example' ), 'own' );
		Sql::run( 'UPDATE {lists} SET visible_to_visitors = 0 WHERE list_uid = %s', 'own' );
		self::assertSame( array( 'Stripe' ), array_column( self::ask( array( 'own.example', 'stripe.example' ) )->get_data()['matches'], 'name' ) );
		Sql::run( 'UPDATE {lists} SET visible_to_visitors = 1, enabled = 0 WHERE list_uid = %s', 'own' );
		self::assertSame( array( 'Stripe' ), array_column( self::ask( array( 'own.example', 'stripe.example' ) )->get_data()['matches'], 'name' ) );
		Sql::run( 'UPDATE {lists} SET visible_to_visitors = 0' );
		self::assertSame( 503, self::ask( array( 'stripe.example' ) )->get_status() );
	}

	public function test_the_answer_does_not_depend_on_users_of_the_site(): void {
		$before = self::ask( array( 'stripe.example', 'nobody.example' ) )->get_data();
		$this->make_users( array( 'a@stripe.example', 'b@nobody.example' ) );
		\Rollcall\Users\UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		Planted::label( 'nobody.example', array(), array( '5' ) );
		self::assertSame( $before, self::ask( array( 'stripe.example', 'nobody.example' ) )->get_data() );
	}

	public function test_below_a_rule_the_answer_does_not_depend_on_users_of_the_site_either(): void {
		Rules::put( 'alias', array( 'stripe-old.example' ), 'yc', '5', '', 0, Planted::NOW_MS );
		$asked  = array( 'stripe-old.example', 'mail.stripe-old.example' );
		$before = self::ask( $asked )->get_data();
		Planted::label( 'stripe-old.example', array( 'rule' => 'no_rule' ) );
		self::assertSame( $before, self::ask( $asked )->get_data() );
		self::assertContains( 'stripe-old.example', array_column( $before['matches'], 'domain' ) );
	}

	public function test_the_sites_own_host_is_no_company(): void {
		$own = (string) wp_parse_url( home_url(), PHP_URL_HOST );
		Planted::company_domain( $own, '5' );
		self::assertSame( array(), self::ask( array( $own ) )->get_data()['matches'] );
	}

	/** @return iterable<string, array{mixed, int}> */
	public static function bodies(): iterable {
		yield 'nothing'           => array( array(), 200 );
		yield 'no hosts'          => array( array( 'ann', '', ' stripe.example', "stripe.example\n", 'a@stripe.example', 'STRIPE.example', "x' OR 1=1 --" ), 200 );
		yield 'too many'          => array( array_map( static fn ( int $number ): string => "d$number.example", range( 1, 501 ) ), 400 );
		yield 'too long'          => array( array( str_repeat( 'a', 254 ) ), 400 );
		yield 'a number'          => array( array( array( 5 ) ), 400 );
		yield 'an object'         => array( array( 'a' => array( 'b' => 'c' ) ), 400 );
		yield 'a word'            => array( 'stripe.example,loops.example', 200 );
	}

	#[DataProvider( 'bodies' )]
	public function test_what_is_no_host_finds_nothing( mixed $domains, int $status ): void {
		$response = self::rest( 'POST', '/rollcall/v1/visitor-match', array( 'match' => array( 'domains' => $domains ) ) );
		self::assertSame( $status, $response->get_status() );
		if ( 200 === $status && is_array( $domains ) ) {
			self::assertSame( array( 0, array() ), array( $response->get_data()['checked'], $response->get_data()['matches'] ) );
		}
	}

	public function test_the_101st_request_of_a_visitor_gets_429_and_so_does_an_editor(): void {
		for ( $asked = 0; $asked < 100; $asked++ ) {
			self::assertSame( 200, self::ask( array( 'stripe.example' ) )->get_status() );
		}
		self::log_in( self::ed() );
		$response = self::ask( array( 'stripe.example' ) );
		self::assertSame( array( 429, 'rate_limited' ), array( $response->get_status(), $response->get_data()['code'] ) );
		self::assertGreaterThan( 0, (int) $response->get_headers()['Retry-After'] );
		self::assertSame( '"default";q=100;w=3600', $response->get_headers()['RateLimit-Policy'] );
	}

	public function test_hosts_with_very_many_labels_cost_no_more(): void {
		$count = 0;
		add_filter(
			'query',
			static function ( string $query ) use ( &$count ): string {
				$count += (int) str_contains( $query, 'rollcall_company_domains' );
				return $query;
			}
		);
		$hosts = array_map( static fn ( int $number ): string => str_repeat( 'a.', 100 ) . "h$number.stripe.example", range( 1, 500 ) );
		self::assertCount( 500, self::ask( $hosts )->get_data()['matches'] );
		self::assertLessThanOrEqual( 6, $count );
	}

	/** @param list<string> $domains */
	private static function ask( array $domains ): \WP_REST_Response {
		return self::rest( 'POST', '/rollcall/v1/visitor-match', array( 'match' => array( 'domains' => $domains ) ) );
	}
}
