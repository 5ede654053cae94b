<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Database\Jobs;
use Rollcall\Database\Lists;
use Rollcall\Tests\TestCase;

final class ListsTest extends TestCase {
	public function test_the_default_list_is_there_before_anything_was_fetched(): void {
		self::log_in( self::ada() );
		$lists = self::rest( 'GET', '/rollcall/v1/lists' )->get_data();
		$this->assertSame( array( 'yc', 0, null ), array( $lists[0]['list_uid'], $lists[0]['active_version'], $lists[0]['active_source'] ) );
		$this->assertTrue( Contract::check( 'company_list', $lists[0] ) );
	}

	public function test_updating_twice_is_one_job_that_can_be_cancelled(): void {
		self::log_in( self::ada() );
		$job = self::rest( 'POST', '/rollcall/v1/lists/yc/update' )->get_data();
		$this->assertTrue( Contract::check( 'job_row', $job ) );
		$this->assertSame( $job['job_uid'], self::rest( 'POST', '/rollcall/v1/lists/yc/update' )->get_data()['job_uid'] );
		$this->assertSame( $job['job_uid'], self::rest( 'GET', '/rollcall/v1/lists' )->get_data()[0]['open_job']['job_uid'] );
		$this->assertSame( 'cancelled', self::rest( 'POST', "/rollcall/v1/jobs/{$job['job_uid']}/cancel" )->get_data()['state'] );
		$this->assertNull( self::rest( 'GET', '/rollcall/v1/lists' )->get_data()[0]['open_job'] );
		$this->assertSame( 404, self::rest( 'POST', '/rollcall/v1/lists/none/update' )->get_status() );
		$this->assertSame( 404, self::rest( 'GET', '/rollcall/v1/jobs/' . str_repeat( '0', 32 ) )->get_status() );
	}

	/** @return iterable<string, array{string, int}> */
	public static function urls(): iterable {
		yield 'https'            => array( 'https://lists.example/all.json?x=1', 200 );
		yield 'sample'           => array( 'sample:', 200 );
		yield 'loopback: the companion judges addresses' => array( 'http://127.0.0.1:9000/all.json', 200 );
		yield 'empty'            => array( '', 400 );
		yield 'no scheme'        => array( 'lists.example/all.json', 400 );
		yield 'file'             => array( 'file:///etc/passwd', 400 );
		yield 'javascript'       => array( 'javascript:alert(1)', 400 );
		yield 'user name'        => array( 'https://user@lists.example/', 400 );
		yield 'backslash'        => array( 'http://127.0.0.1\\@lists.example/', 400 );
		yield 'line break'       => array( "https://lists.example/\r\nX: 1", 400 );
		yield 'blank'            => array( 'https://lists.example/a b', 400 );
		yield 'no host'          => array( 'https:///all.json', 400 );
		yield 'too long'         => array( 'https://lists.example/' . str_repeat( 'a', 2048 ), 400 );
	}

	#[DataProvider( 'urls' )]
	public function test_takes_full_urls_only( string $url, int $status ): void {
		self::log_in( self::ada() );
		$response = self::rest( 'PUT', '/rollcall/v1/lists/yc', array( 'list' => array( 'title' => 'YC', 'url' => $url, 'enabled' => true, 'visible_to_visitors' => true, 'schedule_hours' => 24 ) ) );
		$this->assertSame( $status, $response->get_status() );
		$this->assertSame( 200 === $status, Lists::find( 'yc' )['url'] === $url );
		$this->assertSame( 200 === $status, null !== Jobs::open_update( 'yc' ), 'A new address is fetched.' );
	}
}
