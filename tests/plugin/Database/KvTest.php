<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Database\Kv;
use Rollcall\Database\Migrator;
use Rollcall\Database\Sql;
use Rollcall\RollcallError;
use Rollcall\Tests\TestCase;

/** The scenarios that the companion's store runs too. */
final class KvTest extends TestCase {
	/** @return array<string, array{list<array<string, mixed>>}> */
	public static function scenarios(): array {
		$scenarios = json_decode( (string) file_get_contents( dirname( __DIR__, 2 ) . '/fixtures/kv-scenarios.json' ), true );
		return array_map( static fn ( array $scenario ): array => array( $scenario['steps'] ), array_column( $scenarios, null, 'name' ) );
	}

	/** @param list<array<string, mixed>> $steps */
	#[DataProvider( 'scenarios' )]
	public function test_does_as_the_companions_store( array $steps ): void {
		Sql::run( 'DELETE FROM {kv}' );
		foreach ( $steps as $number => $step ) {
			self::assertSame( $step['expected'] ?? $step['expected_error'] ?? null, self::answer( $step ), "step $number: {$step['op']}" );
		}
	}

	public function test_delete_says_whether_there_was_something(): void {
		Kv::set( 'here', 1, null, 1000 );
		Kv::set( 'gone', 1, 2000, 1000 );
		self::assertTrue( Kv::delete( 'here', 3000 ) );
		self::assertFalse( Kv::delete( 'here', 3000 ) );
		self::assertFalse( Kv::delete( 'gone', 3000 ) );
	}

	public function test_prune_removes_only_what_has_expired(): void {
		Sql::run( 'DELETE FROM {kv}' );
		Kv::set( 'ever', 1, null, 1000 );
		Kv::set( 'later', 1, 9000, 1000 );
		Kv::set( 'expired', 1, 2000, 1000 );
		self::assertSame( 1, Kv::prune( 3000 ) );
		self::assertSame( array( 'ever', 'later' ), Sql::column( 'SELECT name FROM {kv} ORDER BY name' ) );
	}

	/** @param array<string, mixed> $step */
	private static function answer( array $step ): mixed {
		try {
			return match ( $step['op'] ) {
				'init'   => Migrator::ensure() ? null : 'not made',
				'set'    => self::nothing( Kv::set( $step['name'], $step['value'], $step['expires_at_ms'], $step['now_ms'] ) ),
				'get'    => Kv::get( $step['name'], $step['now_ms'] ),
				'delete' => self::nothing( Kv::delete( $step['name'] ) ),
				'list'   => self::listed( Kv::list( $step['prefix'], $step['now_ms'] ) ),
			};
		} catch ( RollcallError $error ) {
			return $error->error_code;
		}
	}

	private static function nothing( mixed ...$ignored ): null {
		return null;
	}

	/**
	 * @param array<string, mixed> $values
	 * @return list<array{name: string, value: mixed}>
	 */
	private static function listed( array $values ): array {
		$list = array();
		foreach ( $values as $name => $value ) {
			$list[] = array( 'name' => (string) $name, 'value' => $value );
		}
		return $list;
	}
}
