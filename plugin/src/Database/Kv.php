<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\RollcallError;

/**
 * Small JSON values by name, each with an expiry if wanted. Names are 1 to 191 of a-z 0-9 _ . / : -
 * because the databases compare other letters differently. The companion's store does the same.
 */
final class Kv {
	/** The value, or null when there is none or it has expired. */
	public static function get( string $name, ?int $now_ms = null ): mixed {
		$text = Sql::value(
			'SELECT value FROM {kv} WHERE name = %s AND (expires_at_ms IS NULL OR expires_at_ms > %d)',
			self::checked( $name ),
			$now_ms ?? Clock::now_ms()
		);
		return null === $text ? null : json_decode( $text, true, 64, JSON_THROW_ON_ERROR );
	}

	/** Stores a value for ever, or until an instant. */
	public static function set( string $name, mixed $value, ?int $expires_at_ms = null, ?int $now_ms = null ): void {
		Sql::upsert(
			'kv',
			array(
				array(
					'name'          => self::checked( $name ),
					'value'         => json_encode( $value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION ),
					'expires_at_ms' => $expires_at_ms,
					'updated_at_ms' => $now_ms ?? Clock::now_ms(),
				),
			),
			array( 'value', 'expires_at_ms', 'updated_at_ms' )
		);
	}

	/** Removes a value. @return bool Whether there was one that had not expired. */
	public static function delete( string $name, ?int $now_ms = null ): bool {
		$was = null !== self::get( $name, $now_ms );
		Sql::run( 'DELETE FROM {kv} WHERE name = %s', self::checked( $name ) );
		return $was;
	}

	/**
	 * Values whose names begin with a text, by name, in the order of the names.
	 *
	 * @return array<string, mixed>
	 */
	public static function list( string $prefix = '', ?int $now_ms = null ): array {
		$rows   = Sql::rows(
			'SELECT name, value FROM {kv} WHERE name LIKE %s AND (expires_at_ms IS NULL OR expires_at_ms > %d) ORDER BY name',
			Sql::like( $prefix ) . '%',
			$now_ms ?? Clock::now_ms()
		);
		$values = array();
		foreach ( $rows as $row ) {
			$values[ (string) $row['name'] ] = json_decode( (string) $row['value'], true, 64, JSON_THROW_ON_ERROR );
		}
		return $values;
	}

	/** Removes what has expired. @return int How many. */
	public static function prune( int $now_ms, int $limit = 500 ): int {
		return Sql::run( 'DELETE FROM {kv} WHERE expires_at_ms IS NOT NULL AND expires_at_ms <= %d LIMIT %d', $now_ms, $limit );
	}

	private static function checked( string $name ): string {
		return 1 === preg_match( '/^[a-z0-9_.\/:-]{1,191}\z/', $name )
			? $name
			: throw new RollcallError( 'bad_request', sprintf( '"%s" cannot be the name of a stored value.', mb_substr( $name, 0, 191 ) ) );
	}
}
