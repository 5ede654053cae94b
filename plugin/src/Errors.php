<?php
declare( strict_types = 1 );

namespace Rollcall;

use Rollcall\Contract\ErrorTexts;

/** The error table of the contract. */
final class Errors {
	/** @var array<string, array{http_status: int, permanent: bool}>|null */
	private static ?array $rows = null;

	/**
	 * An error as the REST server answers it: status, title, hint and permanent are in its data.
	 *
	 * @param string               $message What was tried, on what, and what came back.
	 * @param array<string, mixed> $data    Further data.
	 */
	public static function make( string $code, string $message, array $data = array() ): \WP_Error {
		$row = self::row( $code );
		return new \WP_Error(
			$code,
			$message,
			$data + array(
				'status'    => $row['http_status'],
				'title'     => $row['title'],
				'hint'      => $row['hint'],
				'permanent' => $row['permanent'],
			)
		);
	}

	/**
	 * The row of a code, with its texts in the language of the request; that of `internal` when the code is unknown.
	 *
	 * @return array{http_status: int, permanent: bool, title: string, hint: string}
	 */
	public static function row( string $code ): array {
		$rows = self::rows();
		return ( $rows[ $code ] ?? $rows['internal'] ) + ErrorTexts::of( $code );
	}

	/**
	 * Title and hint of every code.
	 *
	 * @return array<string, array{title: string, hint: string}>
	 */
	public static function texts(): array {
		$codes = array_keys( self::rows() );
		return array_combine( $codes, array_map( array( ErrorTexts::class, 'of' ), $codes ) );
	}

	/** @return array<string, array{http_status: int, permanent: bool}> */
	private static function rows(): array {
		if ( null === self::$rows ) {
			/** @var array{error_codes: array<string, array{http_status: int, permanent: bool}>} $file */
			$file       = Contract::read( 'error-codes' );
			self::$rows = $file['error_codes'];
		}
		return self::$rows;
	}
}
