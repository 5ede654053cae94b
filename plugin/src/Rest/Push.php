<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Clock;
use Rollcall\Database\Monitors;
use Rollcall\RollcallError;

/**
 * Beats of push monitors: whoever knows the address says that what it belongs to is alive. Calls as other tools make them
 * are taken, such as `?status=up&msg=OK&ping=12` of Uptime Kuma.
 *
 * @phpstan-import-type Route from Resource
 */
final class Push {
	/** Requests of one client in a minute: a server may have some hundred jobs that beat at the full minute. */
	private const CLIENT_LIMIT = 2000;

	/** Beats of one monitor in a minute. */
	private const TOKEN_LIMIT = 200;

	/** Addresses that no monitor has, of one client in a minute. Beats of its other jobs go on: one left behind costs the others nothing. */
	private const WRONG_LIMIT = 60;

	private const WINDOW_MS = 60_000;

	/** @return list<Route> */
	public static function routes(): array {
		$route = array(
			'route'         => '/push/(?P<push_token>[A-Za-z0-9_-]{1,64})',
			'auth'          => 'public',
			// Public: machines beat without an account; the token is 128 random bits, and all that it lets them do is beat.
			'permission'    => static fn(): bool => true,
			'limit'         => RateLimit::persistentRateLimitMiddleware( self::CLIENT_LIMIT, self::WINDOW_MS ),
			'takes_unknown' => true,
			'callback'      => array( self::class, 'beat' ),
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
	 * Stores a beat; a HEAD request is one, too. A call with `status=down` is none, and is told so.
	 *
	 * @return array{ok: bool, message?: string}
	 * @throws RollcallError `not_found`, `bad_request` for another status, `rate_limited`.
	 */
	public static function beat( \WP_REST_Request $request ): array {
		$now_ms     = Clock::now_ms();
		$token      = Resource::in_route( $request, 'push_token' );
		$monitor_id = Monitors::of_token( $token );
		// Only tokens that there are get a counter each: made-up ones would push those of others out of the table.
		if ( null === $monitor_id ) {
			RateLimit::take( 'push wrong ' . RateLimit::client(), self::WRONG_LIMIT, self::WINDOW_MS, $now_ms );
		} else {
			RateLimit::take( "push $token", self::TOKEN_LIMIT, self::WINDOW_MS, $now_ms );
		}
		$is_up = self::is_up( $request );
		// Also for nobody, so that both take the same time.
		if ( $is_up || null === $monitor_id ) {
			Monitors::set_beat( (int) $monitor_id, $now_ms );
		}
		if ( null === $monitor_id ) {
			throw new RollcallError( 'not_found', 'No monitor has this address.' );
		}
		return $is_up ? array( 'ok' => true ) : array(
			'ok'      => false,
			'message' => 'status=down is no beat: nothing was stored, and the monitor goes down when no beat comes in time.',
		);
	}

	/**
	 * Whether the caller says that all is well; so it does without a word.
	 *
	 * @throws RollcallError `bad_request`.
	 */
	private static function is_up( \WP_REST_Request $request ): bool {
		$status = $request->get_param( 'status' ) ?? '';
		return match ( is_string( $status ) ? strtolower( $status ) : null ) {
			'', 'up' => true,
			'down'   => false,
			default  => throw new RollcallError( 'bad_request', 'No beat was stored: the status is up or down.' ),
		};
	}
}
