<?php
declare( strict_types = 1 );

namespace Rollcall;

/** The time, and its two spellings. */
final class Clock {
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	public static function now_ms(): int {
		return (int) floor( microtime( true ) * 1000 );
	}

	/** ISO 8601 with Z and milliseconds, as REST shows an instant. */
	public static function iso( int $instant_ms ): string {
		return gmdate( 'Y-m-d\TH:i:s', intdiv( $instant_ms, 1000 ) ) . sprintf( '.%03dZ', $instant_ms % 1000 );
	}

	/** The same, and null for null. */
	public static function iso_or_null( ?int $instant_ms ): ?string {
		return null === $instant_ms ? null : self::iso( $instant_ms );
	}
}
