<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** Which addresses a run has counted: hashes under a key that lives no longer than the counting. */
final class RunAddresses {
	private const KEY = 'run:address_key';

	/** Hashes in one IN list. */
	private const LOOK_UP = 1000;

	/** The key, 32 bytes; made when there is none. Runs inside the caller's transaction. */
	public static function key(): string {
		$known = Kv::get( self::KEY );
		$key   = is_string( $known ) ? (string) base64_decode( $known, true ) : random_bytes( 32 );
		if ( ! is_string( $known ) ) {
			Kv::set( self::KEY, base64_encode( $key ) );
		}
		return $key;
	}

	/**
	 * Remembers addresses by their hashes.
	 *
	 * @param list<string> $hashes 32 hexadecimal digits, each once.
	 * @return list<string> Those that were not known before.
	 */
	public static function add( int $run_id, array $hashes ): array {
		$known = array();
		foreach ( array_chunk( $hashes, self::LOOK_UP ) as $chunk ) {
			$known = array( ...$known, ...Sql::column( 'SELECT address_hash FROM {run_addresses} WHERE run_id = %d AND address_hash IN (' . Sql::places( count( $chunk ), '%s' ) . ')', $run_id, ...$chunk ) );
		}
		$new = array_values( array_diff( $hashes, $known ) );
		Sql::insert(
			'run_addresses',
			array_map(
				static fn ( string $hash ): array => array(
					'run_id'       => $run_id,
					'address_hash' => $hash,
				),
				$new
			)
		);
		return $new;
	}

	/** Throws the key away, and a part of the rows. @return bool Whether rows are left. */
	public static function forget( int $limit ): bool {
		Kv::delete( self::KEY );
		return Sql::run( 'DELETE FROM {run_addresses} LIMIT %d', $limit ) === $limit;
	}
}
