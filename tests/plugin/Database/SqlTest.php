<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

final class SqlTest extends TestCase {
	public function test_a_search_in_another_script_finds_hosts_as_they_were_cut(): void {
		Planted::list();
		Planted::company( '5', array( 'name' => 'Bücher 🦊' ) );
		$this->make_users( array( 'ann@Bücher.example' ) );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		Planted::label( 'b%C3%BCcher.example', array( 'registrable' => null, 'ascii_host' => null ), array( '5' ) );
		self::log_in( self::ada() );
		foreach ( array( 'bücher', 'Bücher', 'ücher.ex', 'B%C3%BCcher' ) as $search ) {
			foreach ( array( 'companies', 'domains', 'users' ) as $tab ) {
				$answer = self::rest( 'GET', "/rollcall/v1/report/$tab", array(), array( 'search' => $search ) );
				self::assertSame( array( 200, 1 ), array( $answer->get_status(), count( $answer->get_data() ) ), "$tab $search" );
			}
		}
		self::assertSame( array(), self::rest( 'GET', '/rollcall/v1/report/domains', array(), array( 'search' => '🦊' ) )->get_data() );
	}

	public function test_a_labelled_domain_is_found_by_the_letters_that_its_hosts_hold(): void {
		Planted::list();
		$this->make_users( array( 'ann@bücher.example', 'ben@other.example' ) );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		Planted::label( 'b%C3%BCcher.example', array( 'registrable' => 'xn--bcher-kva.example', 'ascii_host' => 'xn--bcher-kva.example' ) );
		self::log_in( self::ada() );
		foreach ( array( 'bücher', 'bcher-kva' ) as $search ) {
			$answer = self::rest( 'GET', '/rollcall/v1/report/domains', array(), array( 'search' => $search ) );
			self::assertSame( array( 'xn--bcher-kva.example' ), array_column( $answer->get_data(), 'domain' ), $search );
			self::assertSame( '1', (string) $answer->get_headers()['X-WP-Total'], $search );
		}
	}
}
