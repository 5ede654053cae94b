<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Companion\Judges;
use Rollcall\Companion\KeyRing;
use Rollcall\Companion\Keys;
use Rollcall\Companion\Link;
use Rollcall\Companion\Pairing;
use Rollcall\Companion\SiteIdentity;
use Rollcall\Contract;
use Rollcall\Database\Audit;
use Rollcall\Database\Companions;

/**
 * The link to the companion: pair, check, rotate, end.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type Connection from \Rollcall\Contract\Shapes as ConnectionShape
 * @phpstan-import-type ConnectionCode from \Rollcall\Contract\Shapes
 */
final class Connection {
	private const COMPANION = '/connection/companions/(?P<companion_id>[0-9a-f]{16})';

	/** @return list<Route> */
	public static function routes(): array {
		$entry = static fn( string $route, string $method, string $capability, string $callback, string $schema = 'connection' ): array => array(
			'route'      => $route,
			'methods'    => $method,
			'auth'       => 'admin',
			'capability' => $capability,
			'callback'   => array( self::class, $callback ),
			'schema'     => $schema,
		);
		/** @var list<Route> $routes */
		$routes = array(
			$entry( '/connection', 'GET', Capabilities::VIEW, 'read' ),
			$entry( '/connection', 'DELETE', Capabilities::SETTINGS, 'revoke' ),
			$entry( '/connection/code', 'POST', Capabilities::SETTINGS, 'code', 'connection_code' ),
			$entry( '/connection/rotate', 'POST', Capabilities::SETTINGS, 'rotate' ),
			$entry( '/connection/check', 'POST', Capabilities::SETTINGS, 'check' ),
			$entry( self::COMPANION . '/judge', 'POST', Capabilities::SETTINGS, 'choose' ),
			$entry( self::COMPANION, 'DELETE', Capabilities::SETTINGS, 'remove' ),
			$entry( '/connection/site', 'POST', Capabilities::SETTINGS, 'decide' ) + array( 'args' => Contract::args( array( 'site' => 'site_decision' ) ) ),
		);
		return $routes;
	}

	/**
	 * The link as it is.
	 *
	 * @return ConnectionShape
	 */
	public static function read(): array {
		return Link::describe( Clock::now_ms() );
	}

	/**
	 * A new pairing code, shown once. Companions that are paired stay so.
	 *
	 * @return ConnectionCode
	 */
	public static function code(): array {
		$now_ms = Clock::now_ms();
		$code   = Pairing::open( $now_ms );
		Audit::note( 'pairing_code_made', '', $now_ms );
		return array(
			'code'       => $code['code'],
			'expires_at' => Clock::iso( $code['expires_at_ms'] ),
		);
	}

	/**
	 * Ends every pairing: the next call of a companion gets 401. Data is kept.
	 *
	 * @return ConnectionShape
	 */
	public static function revoke(): array {
		self::end( 'companion_revoked' );
		return self::read();
	}

	/**
	 * Lets a companion decide; the one that did stands by.
	 *
	 * @return ConnectionShape
	 * @throws \Rollcall\RollcallError `not_found`.
	 */
	public static function choose( \WP_REST_Request $request ): array {
		/** @var string $companion_id As the route's pattern says. */
		$companion_id = $request->get_param( 'companion_id' );
		Judges::choose( $companion_id );
		Client::wake();
		return self::read();
	}

	/**
	 * Ends the pairing of one companion. Data is kept.
	 *
	 * @return ConnectionShape
	 * @throws \Rollcall\RollcallError `not_found`, or `not_allowed` when the keys come from the configuration.
	 */
	public static function remove( \WP_REST_Request $request ): array {
		/** @var string $companion_id As the route's pattern says. */
		$companion_id = $request->get_param( 'companion_id' );
		Judges::remove( $companion_id );
		return self::read();
	}

	/**
	 * Begins to replace the keys; it is done with the companion's next two calls.
	 *
	 * @return ConnectionShape
	 */
	public static function rotate(): array {
		KeyRing::rotate();
		Audit::note( 'key_rotation_begun', '', Clock::now_ms() );
		Client::wake();
		return self::read();
	}

	/**
	 * Calls the companion now.
	 *
	 * @return ConnectionShape
	 */
	public static function check(): array {
		Client::check();
		return self::read();
	}

	/**
	 * Says what a changed site is. A moved one goes on; a copy forgets the pairing and becomes a site of its own.
	 *
	 * @return ConnectionShape
	 */
	public static function decide( \WP_REST_Request $request ): array {
		/** @var array{decision: 'moved'|'copy'} $site */
		$site = $request->get_param( 'site' );
		if ( 'moved' === $site['decision'] ) {
			SiteIdentity::remember();
			Audit::note( 'site_moved', site_url(), Clock::now_ms() );
		} else {
			self::end( 'site_is_copy' );
			SiteIdentity::forget();
		}
		return self::read();
	}

	private static function end( string $action ): void {
		$now_ms = Clock::now_ms();
		Keys::forget();
		Pairing::close();
		Companions::revoke_all( $now_ms );
		Audit::note( $action, '', $now_ms );
	}
}
