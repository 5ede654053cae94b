<?php
declare( strict_types = 1 );

namespace Rollcall;

/**
 * The contract with companion and admin page, read from the generated files of `plugin/contract`.
 * A shape is a schema that WordPress's own REST validator checks in full.
 */
final class Contract {
	/** @var array<string, array<string, mixed>> Parsed files by name. */
	private static array $files = array();

	/** Number of the contract. */
	public static function version(): int {
		/** @var array{contract_version: int} $file */
		$file = self::read( 'vocabulary' );
		return $file['contract_version'];
	}

	/**
	 * The schema of a shape, such as `company_row`.
	 *
	 * @return array<string, mixed>
	 */
	public static function shape( string $name ): array {
		/** @var array{shapes: array<string, array<string, mixed>>} $file */
		$file = self::read( 'shapes' );
		return $file['shapes'][ $name ] ?? throw new \LogicException( "The contract has no shape $name." );
	}

	/**
	 * REST arguments whose values are shapes: a body is one named property.
	 *
	 * @param array<string, string> $shapes Shape by argument, such as `settings` => `settings`.
	 * @return array<string, array<string, mixed>>
	 */
	public static function args( array $shapes ): array {
		$args = array();
		foreach ( $shapes as $argument => $shape ) {
			$args[ $argument ] = array(
				'required'          => true,
				'validate_callback' => 'rest_validate_request_arg',
				'sanitize_callback' => 'rest_sanitize_request_arg',
			) + self::shape( $shape );
		}
		return $args;
	}

	/**
	 * The error that names the first wrong value, or true.
	 *
	 * @return true|\WP_Error
	 */
	public static function check( string $shape, mixed $value ): bool|\WP_Error {
		$answer = rest_validate_value_from_schema( $value, self::shape( $shape ), $shape );
		return $answer instanceof \WP_Error
			? Errors::make( 'bad_request', $answer->get_error_message() )
			: true;
	}

	/** The number that a word has in the database, such as `LABELS`, `company`. */
	public static function number( string $vocabulary, string $word ): int {
		return self::numbers( $vocabulary )[ $word ]
			?? throw new RollcallError( 'bad_request', "$vocabulary has no word $word." );
	}

	/** The word of a number of the database. */
	public static function word( string $vocabulary, int|string $number ): string {
		$word = array_search( (int) $number, self::numbers( $vocabulary ), true );
		return false === $word
			? throw new RollcallError( 'internal', "$vocabulary has no number $number." )
			: $word;
	}

	/** The same, and null for null or 0 (none). */
	public static function word_or_null( string $vocabulary, int|string|null $number ): ?string {
		return null === $number || 0 === (int) $number ? null : self::word( $vocabulary, $number );
	}

	/**
	 * The words in the order of their numbers.
	 *
	 * @return list<string>
	 */
	public static function words( string $vocabulary ): array {
		return array_keys( self::numbers( $vocabulary ) );
	}

	/**
	 * Numbers by word.
	 *
	 * @return array<string, int>
	 */
	public static function numbers( string $vocabulary ): array {
		/** @var array{vocabularies: array<string, array<string, int>>} $file */
		$file = self::read( 'vocabulary' );
		return $file['vocabularies'][ $vocabulary ]
			?? throw new \LogicException( "The contract has no vocabulary $vocabulary." );
	}

	/**
	 * A generated file, parsed once.
	 *
	 * @return array<string, mixed>
	 */
	public static function read( string $name ): array {
		if ( ! isset( self::$files[ $name ] ) ) {
			$text = file_get_contents( dirname( __DIR__ ) . "/contract/$name.json" );
			$file = json_decode( is_string( $text ) ? $text : '', true, 64, JSON_THROW_ON_ERROR );
			if ( ! is_array( $file ) ) {
				throw new \LogicException( "plugin/contract/$name.json holds no object." );
			}
			/** @var array<string, mixed> $file */
			self::$files[ $name ] = $file;
		}
		return self::$files[ $name ];
	}
}
