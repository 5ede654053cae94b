<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\RollcallError;

/**
 * Companions that were paired; one of them decides, the others stand by. Keys are elsewhere.
 *
 * @phpstan-type Companion array{companion_id: string, kid: string, paired_at_ms: int, last_seen_ms: int|null, next_expected_ms: int|null, companion_version: string, contract_version: int, companion_url: string|null, transport: string|null, clock_offset_ms: int|null, reachable: bool|null, breaker_until_ms: int, error_code: string|null, error_message: string|null, revoked_at_ms: int|null, location_id: int, is_standby: bool}
 */
final class Companions {
	/** Columns that update() may set. */
	private const COLUMNS = array( 'kid', 'last_seen_ms', 'next_expected_ms', 'companion_version', 'contract_version', 'companion_url', 'transport', 'clock_offset_ms', 'reachable', 'breaker_until_ms', 'error_code', 'error_message' );

	/** Numbers that a companion's own checks may have; 1 is the judge's, whoever that is. */
	private const LEAST_LOCATION = 2;
	private const MOST_LOCATION  = 255;

	/**
	 * The companion that decides now, or null.
	 *
	 * @return Companion|null
	 */
	public static function current(): ?array {
		$row = Sql::row( 'SELECT * FROM {companions} WHERE revoked_at_ms IS NULL AND is_standby = 0 ORDER BY paired_at_ms DESC LIMIT 1' );
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

	/**
	 * All that are paired now: the judge, then those that stand by, longest paired first.
	 *
	 * @return list<Companion>
	 */
	public static function paired(): array {
		return array_map( array( self::class, 'item' ), Sql::rows( 'SELECT * FROM {companions} WHERE revoked_at_ms IS NULL ORDER BY is_standby, paired_at_ms, companion_id' ) );
	}

	/** Stores a pairing. Where it is the judge's, whoever was the judge stands by from now on. */
	public static function pair( string $companion_id, string $kid, string $version, int $contract_version, ?string $url, int $now_ms, bool $is_standby = false ): void {
		$location_id = self::find( $companion_id )['location_id'] ?? Checks::JUDGE;
		Sql::run( 'DELETE FROM {companions} WHERE companion_id = %s', $companion_id );
		$row = array(
			'companion_id'      => $companion_id,
			'kid'               => $kid,
			'location_id'       => $is_standby ? self::own_location( $location_id ) : $location_id,
			'paired_at_ms'      => $now_ms,
			'companion_version' => mb_substr( $version, 0, 32 ),
			'contract_version'  => $contract_version,
			'companion_url'     => $url,
			'is_standby'        => $is_standby,
		);
		Sql::insert( 'companions', array( $row ) );
		if ( ! $is_standby ) {
			self::make_judge( $companion_id );
		}
	}

	/** Makes one companion the judge; the others stand by. */
	public static function make_judge( string $companion_id ): void {
		foreach ( self::paired() as $other ) {
			if ( ! $other['is_standby'] && $other['companion_id'] !== $companion_id ) {
				Sql::run( 'UPDATE {companions} SET is_standby = 1, location_id = %d WHERE companion_id = %s', self::own_location( $other['location_id'] ), $other['companion_id'] );
			}
		}
		Sql::run( 'UPDATE {companions} SET is_standby = 0 WHERE companion_id = %s', $companion_id );
	}

	/** Where the checks of a companion count: its own number, or that of the judge. */
	public static function location_of( string $companion_id ): int {
		return (int) ( Sql::value( 'SELECT location_id FROM {companions} WHERE companion_id = %s AND is_standby = 1', $companion_id ) ?? Checks::JUDGE );
	}

	/**
	 * The number that a companion has had since it first stood by; a new one where it never did.
	 *
	 * @throws RollcallError With not_allowed when all are taken.
	 */
	private static function own_location( int $location_id ): int {
		if ( $location_id > Checks::JUDGE ) {
			return $location_id;
		}
		$taken = array_map( 'intval', Sql::column( 'SELECT location_id FROM {companions}' ) );
		for ( $free = self::LEAST_LOCATION; $free <= self::MOST_LOCATION; $free++ ) {
			if ( ! in_array( $free, $taken, true ) ) {
				return $free;
			}
		}
		throw new RollcallError( 'not_allowed', 'As many companions as there are numbers for were paired with this site.' );
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
		Sql::run( 'UPDATE {companions} SET revoked_at_ms = %d, is_standby = 0 WHERE revoked_at_ms IS NULL', $now_ms );
	}

	/** Ends one pairing. */
	public static function revoke( string $companion_id, int $now_ms ): void {
		Sql::run( 'UPDATE {companions} SET revoked_at_ms = %d, is_standby = 0 WHERE companion_id = %s', $now_ms, $companion_id );
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
			'location_id'       => max( Checks::JUDGE, (int) $row['location_id'] ),
			'is_standby'        => '1' === (string) $row['is_standby'],
		);
	}
}
