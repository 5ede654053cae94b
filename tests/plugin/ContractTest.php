<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Errors;
use Rollcall\RollcallError;
use Rollcall\Settings;

/** Every shape against WordPress's own validator: a valid value passes, and each kind of wrong value is refused. */
final class ContractTest extends TestCase {
	private const PATTERN_SAMPLES = array( 'ok', 'clock_skew', '2026-01-02T03:04:05.678Z', '0123456789abcdef-1', '1700000000000,1,1,200,1,1,,1,1,4,1,0' );

	/** @return array<string, array{string}> */
	public static function shapes(): array {
		$names = array_keys( (array) Contract::read( 'shapes' )['shapes'] );
		return array_combine( $names, array_map( static fn ( string $name ): array => array( $name ), $names ) );
	}

	#[DataProvider( 'shapes' )]
	public function test_accepts_a_valid_value( string $shape ): void {
		self::assertTrue( Contract::check( $shape, self::sample( Contract::shape( $shape ) ) ) );
	}

	#[DataProvider( 'shapes' )]
	public function test_refuses_every_wrong_value( string $shape ): void {
		$schema = Contract::shape( $shape );
		$tried  = 0;
		foreach ( self::faults( $schema ) as $fault => $value ) {
			$answer = Contract::check( $shape, $value );
			self::assertInstanceOf( \WP_Error::class, $answer, "$shape: $fault passed" );
			self::assertSame( 'bad_request', $answer->get_error_code() );
			self::assertSame( 400, $answer->get_error_data()['status'] );
			++$tried;
		}
		self::assertGreaterThan( 2, $tried );
	}

	public function test_an_argument_of_a_route_is_one_named_property_with_the_whole_shape(): void {
		register_rest_route(
			'rollcall-test/v1',
			'/settings',
			array(
				'methods'             => 'PUT',
				'permission_callback' => '__return_true',
				'args'                => Contract::args( array( 'settings' => 'settings' ) ),
				'callback'            => static fn ( \WP_REST_Request $request ): array => $request->get_param( 'settings' ),
			)
		);
		$settings = array( 'delete_data_on_uninstall' => true ) + Settings::get();
		$put      = static fn ( array $body ): int => self::rest( 'PUT', '/rollcall-test/v1/settings', $body )->get_status();
		self::assertSame( 200, $put( array( 'settings' => $settings ) ) );
		self::assertSame( 400, $put( array() ) );
		self::assertSame( 400, $put( array( 'settings' => 'text' ) ) );
		self::assertSame( 400, $put( array( 'settings' => $settings + array( 'extra' => 1 ) ) ) );
		self::assertSame( 400, $put( array( 'settings' => array( 'companies_wall_minimum' => 0 ) + $settings ) ) );
		self::assertSame( 400, $put( array( 'settings' => array_diff_key( $settings, array( 'companies_public' => 1 ) ) ) ) );
	}

	public function test_words_and_numbers_are_each_others_inverse(): void {
		foreach ( array_keys( (array) Contract::read( 'vocabulary' )['vocabularies'] ) as $vocabulary ) {
			foreach ( Contract::words( $vocabulary ) as $word ) {
				self::assertSame( $word, Contract::word( $vocabulary, Contract::number( $vocabulary, $word ) ) );
			}
		}
		self::assertSame( 'company', Contract::word_or_null( 'LABELS', '6' ) );
		self::assertNull( Contract::word_or_null( 'REASONS', 0 ) );
		self::assertNull( Contract::word_or_null( 'LABELS', null ) );
	}

	public function test_an_unknown_word_is_a_bad_request(): void {
		$this->expectExceptionObject( new RollcallError( 'bad_request', 'LABELS has no word nonsense.' ) );
		Contract::number( 'LABELS', 'nonsense' );
	}

	public function test_each_error_carries_status_title_hint_and_whether_it_is_permanent(): void {
		foreach ( array_keys( (array) Contract::read( 'error-codes' )['error_codes'] ) as $code ) {
			$error = ( new RollcallError( $code, 'What happened.', array( 'retry_after_seconds' => 3 ) ) )->to_wp_error();
			$data  = $error->get_error_data();
			self::assertSame( array( $code, 'What happened.' ), array( $error->get_error_code(), $error->get_error_message() ) );
			self::assertGreaterThanOrEqual( 400, $data['status'] );
			self::assertNotSame( '', $data['title'] );
			self::assertNotSame( '', $data['hint'] );
			self::assertIsBool( $data['permanent'] );
			self::assertSame( 3, $data['retry_after_seconds'] );
		}
		self::assertSame( Errors::row( 'internal' ), Errors::row( 'no_such_code' ) );
	}

	/**
	 * A value that the schema accepts; every list has one item, so that its schema is tried too.
	 *
	 * @param array<string, mixed> $schema
	 */
	private static function sample( array $schema ): mixed {
		$type = is_array( $schema['type'] ) ? $schema['type'][0] : $schema['type'];
		if ( isset( $schema['enum'] ) ) {
			return $schema['enum'][0];
		}
		return match ( $type ) {
			'object'  => array_map( array( self::class, 'sample' ), $schema['properties'] ),
			'array'   => array( self::sample( $schema['items'] ) ),
			'integer' => max( 1, $schema['minimum'] ?? 0 ),
			'number'  => 0.5,
			'boolean' => true,
			'string'  => isset( $schema['pattern'] ) ? self::matching( $schema['pattern'] ) : 'a',
		};
	}

	/**
	 * Values with one fault each, by its name.
	 *
	 * @param array<string, mixed> $schema
	 * @return iterable<string, mixed>
	 */
	private static function faults( array $schema, string $path = '' ): iterable {
		$types  = (array) $schema['type'];
		$sample = self::sample( $schema );
		if ( ! in_array( 'null', $types, true ) ) {
			yield "$path null" => null;
		}
		if ( isset( $schema['enum'] ) ) {
			yield "$path not in the enum" => 'no such word';
		}
		if ( isset( $schema['pattern'] ) ) {
			yield "$path against the pattern" => '! ';
			yield "$path newline after the pattern" => "$sample\n";
		}
		if ( isset( $schema['maxLength'] ) ) {
			yield "$path too long" => str_repeat( 'é', $schema['maxLength'] + 1 );
		}
		if ( isset( $schema['minimum'] ) ) {
			yield "$path too small" => $schema['minimum'] - 1;
		}
		if ( isset( $schema['maximum'] ) ) {
			yield "$path too large" => $schema['maximum'] * 2 + 1;
		}
		yield from match ( $types[0] ) {
			'object' => self::object_faults( $schema, $sample, $path ),
			'array'  => self::list_faults( $schema, $sample, $path ),
			'string' => array( "$path list for text" => array( 'a' ) ),
			default  => array( "$path text for a number" => 'text', "$path list for a number" => array( 1 ) ),
		};
	}

	/**
	 * @param array<string, mixed> $schema
	 * @param array<string, mixed> $sample
	 * @return iterable<string, mixed>
	 */
	private static function object_faults( array $schema, array $sample, string $path ): iterable {
		yield "$path text for an object" => 'text';
		yield "$path extra property" => $sample + array( 'extra' => 1 );
		foreach ( $schema['properties'] as $name => $property ) {
			yield "$path/$name missing" => array_diff_key( $sample, array( $name => 1 ) );
			foreach ( self::faults( $property, "$path/$name" ) as $fault => $value ) {
				yield $fault => array( $name => $value ) + $sample;
			}
		}
	}

	/**
	 * @param array<string, mixed> $schema
	 * @param list<mixed>          $sample
	 * @return iterable<string, mixed>
	 */
	private static function list_faults( array $schema, array $sample, string $path ): iterable {
		yield "$path object for a list" => array( 'a' => 1 );
		yield "$path too many items" => array_fill( 0, $schema['maxItems'] + 1, $sample[0] );
		foreach ( self::faults( $schema['items'], "$path/0" ) as $fault => $value ) {
			yield $fault => array( $value );
		}
	}

	private static function matching( string $pattern ): string {
		$candidates = self::PATTERN_SAMPLES;
		foreach ( array( 10, 16, 20, 32, 40, 64 ) as $length ) {
			$candidates[] = str_repeat( 'a', $length );
			$candidates[] = 'v1=' . str_repeat( 'a', $length );
		}
		$candidates[] = str_repeat( 'a', 10 ) . '.' . str_repeat( 'a', 40 );
		$escaped = str_replace( '#', '\\#', $pattern );
		foreach ( $candidates as $candidate ) {
			if ( 1 === preg_match( "#$escaped#u", $candidate ) ) {
				return $candidate;
			}
		}
		throw new \LogicException( "No sample matches $pattern." );
	}
}
