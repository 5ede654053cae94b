<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Users;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

final class UsersReportTest extends TestCase {
	#[Group( 'multisite' )]
	public function test_a_page_of_users_takes_no_query_a_user_on_a_network(): void {
		$this->make_users( array_map( static fn ( int $number ): string => "u$number@acme.example", range( 1, 60 ) ) );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		self::log_in( self::ada() );
		$queries = 0;
		add_filter(
			'query',
			static function ( string $query ) use ( &$queries ): string {
				++$queries;
				return $query;
			}
		);
		self::assertCount( 60, self::rest( 'GET', '/rollcall/v1/report/users', array(), array( 'per_page' => 100, 'search' => 'acme' ) )->get_data() );
		self::assertLessThan( 30, $queries );
	}
}
