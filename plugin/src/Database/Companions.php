<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * Companions that were paired; one is current. Keys are elsewhere.
 *
 * @phpstan-type Companion array{companion_id: string, kid: string, paired_at_ms: int, last_seen_ms: int|null, next_expected_ms: int|null, companion_version: string, contract_version: int, companion_url: string|null, transport: string|null, clock_offset_ms: int|null, reachable: bool|null, breaker_until_ms: int, error_code: string|null, error_message: string|null, revoked_at_ms: int|null}
 */
final class Companions {
	/** Columns that update() may set. */
	private const COLUMNS = array( 'kid', 'last_seen_ms', 'next_expected_ms', 'companion_version', 'contract_version', 'companion_url', 'transport', 'clock_offset_ms', 'reachable', 'breaker_until_ms', 'error_code', 'error_message' );

	/**
	 * The companion that is paired now, or null.
	 *
	 * @return Companion|null
	 */
	public static function current(): ?array {
		$row = Sql::row( 'SELECT * FROM {companions} WHERE revoked_at_ms IS NULL ORDER BY paired_at_ms DESC LIMIT 1' );
		return null === $row ? null : self::item( $row );
	}

	/**
	 * One companion, also a revoked one.
	 *
	 * @return Companion|null
	 */
	public static function find( string $companion_id ): ?array {
		$row = Sql::row( 'SELECT * FROM {companions} WHERE companion_id = %s', $companion_id );
		return null === $row ? null : self::item( $row );
	}

	/** Makes this the current companion and revokes every other one. */
	public static function pair( string $companion_id, string $kid, string $version, int $contract_version, ?string $url, int $now_ms ): void {
		self::revoke_all( $now_ms );
		Sql::run( 'DELETE FROM {companions} WHERE companion_id = %s', $companion_id );
		$row = array(
			'companion_id'      => $companion_id,
			'kid'               => $kid,
			'location_id'       => 1,
			'paired_at_ms'      => $now_ms,
			'companion_version' => mb_substr( $version, 0, 32 ),
			'contract_version'  => $contract_version,
			'companion_url'     => $url,
		);
		Sql::insert( 'companions', array( $row ) );
	}

	/**
	 * Sets columns of a companion.
	 *
	 * @param array<string, int|string|bool|null> $values By column.
	 */
	public static function update( string $companion_id, array $values ): void {
		$set   = array();
		$given = array();
		foreach ( $values as $column => $value ) {
			if ( ! in_array( $column, self::COLUMNS, true ) ) {
				throw new \LogicException( "companions.$column is not set here." );
			}
			$value = 'transport' === $column && is_string( $value ) ? Contract::number( 'TRANSPORTS', $value ) : $value;
			$set[] = null === $value ? "`$column` = NULL" : "`$column` = " . ( is_string( $value ) ? '%s' : '%d' );
			if ( null !== $value ) {
				$given[] = is_bool( $value ) ? (int) $value : $value;
			}
		}
		Sql::run( 'UPDATE {companions} SET ' . implode( ', ', $set ) . ' WHERE companion_id = %s', ...array( ...$given, $companion_id ) );
	}

	/** Ends every pairing. */
	public static function revoke_all( int $now_ms ): void {
		Sql::run( 'UPDATE {companions} SET revoked_at_ms = %d WHERE revoked_at_ms IS NULL', $now_ms );
	}

	/**
	 * @param array<string, string|null> $row
	 * @return Companion
	 */
	private static function item( array $row ): array {
		$integer = static fn( string $column ): ?int => null === $row[ $column ] ? null : (int) $row[ $column ];
		return array(
			'companion_id'      => (string) $row['companion_id'],
			'kid'               => (string) $row['kid'],
			'paired_at_ms'      => (int) $row['paired_at_ms'],
			'last_seen_ms'      => $integer( 'last_seen_ms' ),
			'next_expected_ms'  => $integer( 'next_expected_ms' ),
			'companion_version' => (string) $row['companion_version'],
			'contract_version'  => (int) $row['contract_version'],
			'companion_url'     => $row['companion_url'],
			'transport'         => Contract::word_or_null( 'TRANSPORTS', $row['transport'] ),
			'clock_offset_ms'   => $integer( 'clock_offset_ms' ),
			'reachable'         => null === $row['reachable'] ? null : '1' === (string) $row['reachable'],
			'breaker_until_ms'  => (int) $row['breaker_until_ms'],
			'error_code'        => $row['error_code'],
			'error_message'     => $row['error_message'],
			'revoked_at_ms'     => $integer( 'revoked_at_ms' ),
		);
	}
}
