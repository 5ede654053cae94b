<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Database\Kv;
use Rollcall\Database\Table;
use Rollcall\RollcallError;

/**
 * Tells a copy of the site from the site that was paired. A copy holds the same keys, so it stops
 * sending until an administrator says what it is; the unchanged original goes on.
 */
final class SiteIdentity {
	private const NAME = 'site_identity';

	/** Random identity of the site; made at the first pairing. */
	public static function site_id(): string {
		$site_id = Kv::get( 'site_id' );
		if ( ! is_string( $site_id ) ) {
			$site_id = bin2hex( random_bytes( 16 ) );
			Kv::set( 'site_id', $site_id );
		}
		return $site_id;
	}

	/** Remembers what the site looks like now: at pairing, and when it was moved. */
	public static function remember(): void {
		Kv::set( self::NAME, self::now() );
	}

	/** Forgets the identity: a copy becomes a site of its own. */
	public static function forget(): void {
		Kv::delete( self::NAME );
		Kv::delete( 'site_id' );
	}

	/** Whether this WordPress is not the one that was paired: another place, or turned into a non-production one. */
	public static function changed(): bool {
		$then = Kv::get( self::NAME );
		if ( ! is_array( $then ) ) {
			return false;
		}
		/** @var array{fingerprint: string, environment: string} $then Written by remember(). */
		return self::differs( $then, self::now() );
	}

	/**
	 * The rule of it.
	 *
	 * @param array{fingerprint: string, environment: string} $then
	 * @param array{fingerprint: string, environment: string} $now
	 */
	public static function differs( array $then, array $now ): bool {
		return $now['fingerprint'] !== $then['fingerprint'] || ( 'production' !== $now['environment'] && $now['environment'] !== $then['environment'] );
	}

	/** @throws RollcallError With site_changed. */
	public static function refuse_changed(): void {
		if ( self::changed() ) {
			throw new RollcallError( 'site_changed', 'The address, folder, database or environment of this WordPress is not the one that was paired.' );
		}
	}

	/**
	 * The scheme is left out: a site that turns on https is the same site.
	 *
	 * @return array{fingerprint: string, environment: string}
	 */
	private static function now(): array {
		$url = (string) preg_replace( '#^https?://#i', '', untrailingslashit( site_url() ) );
		return array(
			'fingerprint' => hash( 'sha256', implode( "\n", array( strtolower( $url ), ABSPATH, defined( 'DB_NAME' ) ? (string) DB_NAME : '', Table::name( 'kv' ) ) ) ),
			'environment' => wp_get_environment_type(),
		);
	}
}
