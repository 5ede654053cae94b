<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Companion\Origin;
use Rollcall\Tests\TestCase;

final class OriginTest extends TestCase {
	/** @return iterable<string, array{string|null, string|null}> */
	public static function urls(): iterable {
		yield 'loopback'          => array( 'http://127.0.0.1:8787', 'http://127.0.0.1:8787' );
		yield 'https'             => array( 'https://companion.example/', 'https://companion.example' );
		yield 'IPv6'              => array( 'http://[::1]:8787', 'http://[::1]:8787' );
		yield 'none'              => array( null, null );
		yield 'path'              => array( 'http://companion.example/path', null );
		yield 'user name'         => array( 'http://user@companion.example', null );
		yield 'other scheme'      => array( 'ftp://companion.example', null );
		yield 'backslash'         => array( 'http://127.0.0.1\\@companion.example', null );
		yield 'line break'        => array( "http://companion.example\n", null );
		yield 'metadata service'  => array( 'http://169.254.169.254', null );
		yield 'link-local'        => array( 'http://[fe80::1]', null );
		yield 'decimal'           => array( 'http://2852039166', null );
		yield 'hexadecimal'       => array( 'http://0xa9fea9fe', null );
		yield 'octal'             => array( 'http://0251.0376.0251.0376', null );
		yield 'short'             => array( 'http://169.16689662', null );
		yield 'mapped into IPv6'  => array( 'http://[::ffff:a9fe:a9fe]', null );
		yield 'translated'        => array( 'http://[64:ff9b::a9fe:a9fe]', null );
		yield 'name of the net'   => array( 'http://companion', 'http://companion' );
		yield 'metadata of AWS'   => array( 'http://[fd00:ec2::254]', null );
		yield 'metadata of Azure' => array( 'http://168.63.129.16', null );
		yield 'metadata by name'  => array( 'http://metadata.google.internal', null );
		yield 'with a last dot'   => array( 'http://169.254.169.254.', null );
		yield 'own IPv6'          => array( 'http://[fd12:3456::7]:8787', 'http://[fd12:3456::7]:8787' );
		yield 'no IPv6 at all'    => array( 'http://[::1::2]', null );
		yield 'digits in a name'  => array( 'http://10.example', 'http://10.example' );
	}

	#[DataProvider( 'urls' )]
	public function test_calls_origins_only( ?string $url, ?string $usable ): void {
		$this->assertSame( $usable, Origin::usable( $url ) );
	}

	/** @return iterable<string, array{string|null, string}> */
	public static function shown(): iterable {
		yield 'behind NAT'         => array( null, 'your companion' );
		yield 'loopback'           => array( 'http://127.0.0.1:8787', 'the companion on this server' );
		yield 'all of loopback'    => array( 'http://127.8.9.10', 'the companion on this server' );
		yield 'loopback of IPv6'   => array( 'http://[::1]:8787', 'the companion on this server' );
		yield 'loopback by name'   => array( 'http://LocalHost:8787', 'the companion on this server' );
		yield 'a name below it'    => array( 'http://companion.localhost', 'the companion on this server' );
		yield 'host of the site'   => array( 'https://Own.example.:8787', 'the companion on this server' );
		yield 'below that host'    => array( 'https://companion.own.example', 'companion.own.example' );
		yield 'another host'       => array( 'https://Companion.example:8787', 'companion.example' );
		yield 'a name like it'     => array( 'http://notlocalhost', 'notlocalhost' );
		yield 'another address'    => array( 'http://10.127.0.1', '10.127.0.1' );
		yield 'another IPv6'       => array( 'http://[7f00::1]', '[7f00::1]' );
	}

	#[DataProvider( 'shown' )]
	public function test_names_the_companion_as_people_do( ?string $url, string $name ): void {
		add_filter( 'home_url', static fn (): string => 'https://own.example/' );
		$this->assertSame( $name, Origin::shown( $url ) );
	}
}
