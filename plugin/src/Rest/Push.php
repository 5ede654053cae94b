<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Clock;
use Rollcall\Database\Monitors;
use Rollcall\RollcallError;

/**
 * Beats of push monitors: whoever knows the address says that what it belongs to is alive.
 *
 * @phpstan-import-type Route from Resource
 */
final class Push {
	/** Requests of one client in a minute. */
	private const LIMIT = 200;

	private const WINDOW_MS = 60_000;

	/** @return list<Route> */
	public static function routes(): array {
		$route = array(
			'route'      => '/push/(?P<push_token>[A-Za-z0-9_-]{1,64})',
			'auth'       => 'public',
			// Public: machines beat without an account; the token is 128 random bits, and all that it lets them do is beat.
			'permission' => static fn(): bool => true,
			'limit'      => RateLimit::persistentRateLimitMiddleware( self::LIMIT, self::WINDOW_MS ),
			'args'       => array( 'push_token' => Resource::identity( '^[A-Za-z0-9_-]{1,64}$' ) ),
			'callback'   => array( self::class, 'beat' ),
		);
		return array(
			array( 'methods' => 'GET' ) + $route,
			array( 'methods' => 'POST' ) + $route,
		);
	}

	/** The address that takes the beats of a monitor. */
	public static function url( string $push_token ): string {
		return rest_url( Resource::NAMESPACE . '/push/' . $push_token );
	}

	/**
	 * Stores a beat; a HEAD request is one, too.
	 *
	 * @return array{ok: bool}
	 * @throws RollcallError `not_found`.
	 */
	public static function beat( \WP_REST_Request $request ): array {
		return Monitors::set_beat( Resource::in_route( $request, 'push_token' ), Clock::now_ms() )
			? array( 'ok' => true )
			: throw new RollcallError( 'not_found', 'No monitor has this address.' );
	}
}
