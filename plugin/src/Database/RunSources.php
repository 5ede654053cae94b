<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\RollcallError;

/** Numbers of sources in `run_domains`: those of the vocabulary, and from 64 those of other plugins, which keep theirs for ever. */
final class RunSources {
	private const NAME  = 'source_numbers';
	private const FIRST = 64;
	private const LAST  = 255;

	/** The number of a source; 0 when it never had one. */
	public static function number( string $source ): int {
		return Contract::numbers( 'USER_SOURCES' )[ $source ] ?? self::foreign()[ $source ] ?? 0;
	}

	/**
	 * Gives numbers to sources that have none yet; runs inside the caller's transaction.
	 *
	 * @param list<string> $sources
	 * @throws RollcallError `source_unavailable`: all numbers are taken.
	 */
	public static function assign( array $sources ): void {
		$known = self::foreign();
		foreach ( $sources as $source ) {
			if ( 0 !== self::number( $source ) || isset( $known[ $source ] ) ) {
				continue;
			}
			$next = array() === $known ? self::FIRST : max( $known ) + 1;
			if ( $next > self::LAST ) {
				throw new RollcallError( 'source_unavailable', "There is no number left for the source $source." );
			}
			$known[ $source ] = $next;
			Kv::set( self::NAME, $known );
		}
	}

	/** @return array<string, int> */
	private static function foreign(): array {
		/** @var array<string, int>|null $known Written by assign(). */
		$known = Kv::get( self::NAME );
		return $known ?? array();
	}
}
