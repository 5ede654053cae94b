<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Contract;

/** Hosts that no single company's people have their mail at, as the companion knows them. */
final class SharedHosts {
	/** Whether a mail provider runs the domain or one above it. */
	public static function is_core_mail( string $domain ): bool {
		return self::has( 'core_mail', $domain );
	}

	/** Whether pages of many are on the domain or one above it. */
	public static function is_platform( string $domain ): bool {
		return self::has( 'platform', $domain );
	}

	private static function has( string $kind, string $domain ): bool {
		/** @var array<string, list<string>> $hosts */
		$hosts = Contract::read( 'shared-hosts' );
		for ( $rest = $domain; str_contains( $rest, '.' ); $rest = substr( $rest, (int) strpos( $rest, '.' ) + 1 ) ) {
			if ( in_array( $rest, $hosts[ $kind ], true ) ) {
				return true;
			}
		}
		return false;
	}
}
