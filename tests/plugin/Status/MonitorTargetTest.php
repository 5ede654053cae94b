<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Status;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Status\MonitorTarget;
use Rollcall\Tests\TestCase;

/** The table is tests/fixtures/monitor-targets.json: a type, a target, and a part of what is wrong with it; null for nothing. */
final class MonitorTargetTest extends TestCase {
	/** @return iterable<string, array{string, string, string|null}> */
	public static function targets(): iterable {
		/** @var list<array{name: string, type: string, url: string, problem: string|null}> $rows */
		$rows = json_decode( (string) file_get_contents( dirname( __DIR__, 2 ) . '/fixtures/monitor-targets.json' ), true, 8, JSON_THROW_ON_ERROR );
		foreach ( $rows as $row ) {
			yield "$row[type]: $row[name]" => array( $row['type'], $row['url'], $row['problem'] );
		}
		yield 'http: 2,048 bytes'         => array( 'http', 'https://acme.example/' . str_repeat( 'a', 2027 ), null );
		yield 'http: 2,049 bytes'         => array( 'http', 'https://acme.example/' . str_repeat( 'a', 2028 ), 'has 2049 bytes' );
		yield 'http: two bytes a letter'  => array( 'http', 'https://acme.example/' . str_repeat( 'ä', 1014 ), 'has 2049 bytes' );
		yield 'http: no UTF-8'            => array( 'http', "https://acme.example/\xFF", 'not UTF-8' );
		yield 'http: a long host'         => array( 'http', 'https://' . str_repeat( 'a', 64 ) . '.example/', 'is no host' );
	}

	#[DataProvider( 'targets' )]
	public function test_a_target_is_written_as_its_type_wants_it( string $type, string $url, ?string $problem ): void {
		$found = MonitorTarget::problem( $type, $url );
		if ( null === $problem ) {
			self::assertNull( $found );
			return;
		}
		self::assertStringContainsString( $problem, (string) $found );
		self::assertStringEndsWith( '.', (string) $found );
		self::assertStringNotContainsString( 'secret', (string) $found, 'Messages do not repeat what may be secret.' );
		self::assertLessThanOrEqual( 500, strlen( (string) $found ) );
	}

	public function test_every_example_of_the_forms_is_a_target(): void {
		foreach ( \Rollcall\Contract::words( 'CHECK_TYPES' ) as $type ) {
			self::assertNull( MonitorTarget::problem( $type, MonitorTarget::form( $type )['example'] ), $type );
		}
	}

	public function test_what_is_shown_of_a_target_has_no_query_and_no_name(): void {
		self::assertSame( 'https://acme.example/a', MonitorTarget::shown( 'https://ada:secret@acme.example/a?token=secret#secret' ) );
	}
}
