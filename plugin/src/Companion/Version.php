<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Contract;

/** Which contract numbers of a companion this plugin takes: its own and the one before. */
final class Version {
	/** Whether calls with this number are taken. */
	public static function is_supported( int $contract_version ): bool {
		return $contract_version > 0 && in_array( Contract::version() - $contract_version, array( 0, 1 ), true );
	}

	/** What is said of a number that is not taken. */
	public static function message( int $contract_version ): string {
		return sprintf( 'The companion speaks contract %d; this plugin takes %d and the one before.', $contract_version, Contract::version() );
	}

	/** Which side is behind: companion_older, plugin_older, or null when they are equal. */
	public static function behind( int $contract_version ): ?string {
		return match ( $contract_version <=> Contract::version() ) {
			-1      => 'companion_older',
			1       => 'plugin_older',
			default => null,
		};
	}

	/** A version's text as it may be stored and shown. */
	public static function text( string $version ): string {
		return substr( (string) preg_replace( '/[^\x21-\x7e]/', '', $version ), 0, 32 );
	}
}
