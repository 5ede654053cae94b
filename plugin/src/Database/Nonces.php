<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** Nonces of signed calls, so that a call can be made only once. Kept 660 s, which is more than the time window. */
final class Nonces {
	/** Remembers a nonce. False when it was there: the database decides, however many processes ask at once. */
	public static function remember( string $kid, string $nonce, int $now_ms ): bool {
		$row = array(
			'kid'           => $kid,
			'nonce'         => $nonce,
			'created_at_ms' => $now_ms,
		);
		return 1 === Sql::insert( 'nonces', array( $row ), ignore: true );
	}
}
