<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;

/** Tells a restored backup: the companion keeps the highest counter that it saw, so a lower one or another id means one. */
final class StoreGeneration {
	private const ID      = 'store_generation_id';
	private const COUNTER = 'store_generation_counter';

	/**
	 * The id of these tables, and how often a batch was stored in them.
	 *
	 * @return array{id: string, counter: int}
	 */
	public static function current(): array {
		$id = Kv::get( self::ID );
		if ( ! is_string( $id ) ) {
			$id = bin2hex( random_bytes( 16 ) );
			Kv::set( self::ID, $id );
		}
		$counter = Kv::get( self::COUNTER );
		return array(
			'id'      => $id,
			'counter' => is_int( $counter ) ? $counter : 0,
		);
	}

	/** Counts a stored batch; goes into its transaction. */
	public static function raise(): void {
		$row = array(
			'name'          => self::COUNTER,
			'value'         => '0',
			'updated_at_ms' => Clock::now_ms(),
		);
		Sql::insert( 'kv', array( $row ), ignore: true );
		Sql::run( 'UPDATE {kv} SET value = CAST(value AS SIGNED) + 1 WHERE name = %s', self::COUNTER );
	}
}
