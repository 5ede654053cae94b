<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\RollcallError;

/**
 * Downloads of the report, streamed in chunks. No text begins as a formula, in JSON neither: such files end in
 * spreadsheets too. Source: OWASP, "CSV Injection".
 */
final class Export {
	/** Rows that are in memory at once, 15 MiB of them; each chunk of domains costs one count of all users. */
	public const ROWS = 5000;

	/** `= + - @`, tab, carriage return and line feed, and the full-width forms that spreadsheets take for them. */
	private const FORMULA = '/^(?:[=+\-@\t\r\n]|\x{FF1D}|\x{FF0B}|\x{FF0D}|\x{FF20})/u';

	/** Marks a response whose body is streamed. */
	private const HEADER = 'X-Rollcall-Export';

	/** @var array<string, callable(callable(string): void): void> Bodies that wait to be served, by the mark. */
	private static array $bodies = array();

	/**
	 * A response whose body `serve()` streams.
	 *
	 * @param list<string>                                                                  $columns
	 * @param callable(int, int): list<array<string, mixed>> $chunk Rows from an offset, or after the last user_id.
	 */
	public static function download( string $name, string $format, array $columns, callable $chunk ): \WP_REST_Response {
		$mark                  = bin2hex( random_bytes( 8 ) );
		self::$bodies[ $mark ] = static function ( callable $write ) use ( $format, $columns, $chunk ): void {
			'csv' === $format ? self::csv( $columns, $chunk, $write ) : self::json( $columns, $chunk, $write );
		};
		return new \WP_REST_Response(
			null,
			200,
			array(
				self::HEADER             => $mark,
				'Content-Type'           => 'csv' === $format ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
				'Content-Disposition'    => 'attachment; filename="' . $name . gmdate( '-Y-m-d' ) . ".$format\"",
				'Cache-Control'          => 'no-store',
				'X-Content-Type-Options' => 'nosniff',
			)
		);
	}

	/** Filter rest_pre_serve_request: prints the body of a download; any other response is left alone. */
	public static function serve( bool $served, \WP_HTTP_Response $response, \WP_REST_Request $request ): bool {
		$body = self::body_of( $response );
		if ( null === $body || $served || 'HEAD' === $request->get_method() ) {
			return $served;
		}
		if ( ! headers_sent() ) {
			header_remove( self::HEADER );
		}
		$print = static function ( string $text ): void {
			echo $text; // phpcs:ignore WordPress.Security.EscapeOutput -- CSV or JSON with nosniff, as an attachment.
			flush();
		};
		try {
			$body( $print );
		} catch ( RollcallError $error ) {
			// The status is sent long since: the last line says it, and JSON stays unfinished.
			$print( "\r\n" . self::line( array( 'This export is incomplete. ' . $error->getMessage() ) ) );
		}
		return true;
	}

	/**
	 * The body of a download, whole; for tests and small exports.
	 */
	public static function body( \WP_REST_Response $response ): string {
		$text = '';
		$body = self::body_of( $response ) ?? throw new \LogicException( 'This is no download.' );
		$body(
			static function ( string $part ) use ( &$text ): void {
				$text .= $part;
			}
		);
		return $text;
	}

	/** @return (callable(callable(string): void): void)|null */
	private static function body_of( \WP_HTTP_Response $response ): ?callable {
		$mark = $response->get_headers()[ self::HEADER ] ?? '';
		return is_string( $mark ) ? self::$bodies[ $mark ] ?? null : null;
	}

	/** Text that no spreadsheet takes for a formula. */
	public static function harmless( string $text ): string {
		$clean = 1 === preg_match( '//u', $text ) ? $text : (string) preg_replace( '/[^\x00-\x7F]+/', '?', $text );
		return 1 === preg_match( self::FORMULA, $clean ) ? "'$clean" : $clean;
	}

	/**
	 * @param list<string>                                                    $columns
	 * @param callable(int, int): list<array<string, mixed>> $chunk
	 * @param callable(string): void                                          $write
	 */
	private static function csv( array $columns, callable $chunk, callable $write ): void {
		// The byte order mark makes Excel read UTF-8.
		$write( "\u{FEFF}" . self::line( $columns ) );
		self::each(
			$chunk,
			static function ( array $rows ) use ( $columns, $write ): void {
				$write( implode( '', array_map( static fn ( array $row ): string => self::line( array_map( static fn ( string $column ): mixed => $row[ $column ], $columns ) ), $rows ) ) );
			}
		);
	}

	/**
	 * @param list<string>                                                    $columns
	 * @param callable(int, int): list<array<string, mixed>> $chunk
	 * @param callable(string): void                                          $write
	 */
	private static function json( array $columns, callable $chunk, callable $write ): void {
		$separator = "[\n";
		self::each(
			$chunk,
			static function ( array $rows ) use ( &$separator, $columns, $write ): void {
				foreach ( $rows as $row ) {
					$row = array_map( array( self::class, 'harmless_value' ), array_intersect_key( $row, array_flip( $columns ) ) );
					$write( $separator . wp_json_encode( $row, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) );
					$separator = ",\n";
				}
			}
		);
		$write( "[\n" === $separator ? "[]\n" : "\n]\n" );
	}

	/**
	 * @param callable(int, int): list<array<string, mixed>> $chunk
	 * @param callable(list<array<string, mixed>>): void                      $work
	 */
	private static function each( callable $chunk, callable $work ): void {
		$offset = 0;
		$after  = 0;
		do {
			$rows    = $chunk( $offset, $after );
			$offset += count( $rows );
			$user_id = array() === $rows ? 0 : $rows[ count( $rows ) - 1 ]['user_id'] ?? 0;
			$after   = is_int( $user_id ) ? $user_id : 0;
			$work( $rows );
		} while ( count( $rows ) === self::ROWS );
	}

	/** @param array<int, mixed> $cells */
	private static function line( array $cells ): string {
		return implode( ',', array_map( static fn ( mixed $cell ): string => '"' . str_replace( '"', '""', self::harmless( self::text( $cell ) ) ) . '"', $cells ) ) . "\r\n";
	}

	/** A cell: lists are joined, flags are yes and no. */
	private static function text( mixed $cell ): string {
		return match ( true ) {
			is_array( $cell )  => implode( '; ', array_map( array( self::class, 'text' ), $cell ) ),
			is_bool( $cell )   => $cell ? 'yes' : 'no',
			is_scalar( $cell ) => (string) $cell,
			default            => '',
		};
	}

	private static function harmless_value( mixed $value ): mixed {
		return match ( true ) {
			is_array( $value )  => array_map( array( self::class, 'harmless_value' ), $value ),
			is_string( $value ) => self::harmless( $value ),
			default             => $value,
		};
	}
}
