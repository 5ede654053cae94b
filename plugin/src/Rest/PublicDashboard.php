<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Clock;
use Rollcall\Database\VisitorReading;
use Rollcall\Status\Dashboard;
use Rollcall\Status\Snapshot;

/**
 * Figures of the public monitors for anyone.
 *
 * @phpstan-import-type Route from Resource
 */
final class PublicDashboard {
	/** Requests of one visitor in a minute. */
	private const LIMIT = 200;

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => '/public/dashboard',
				'methods'    => 'GET',
				'auth'       => 'public',
				// Public: it holds figures of monitors that the owner shows to visitors, and nothing else.
				'permission' => static fn(): bool => true,
				'limit'      => array( self::class, 'limit' ),
				'callback'   => array( self::class, 'get' ),
				'schema'     => 'dashboard',
			),
		);
	}

	/**
	 * The limit; it neither waits for a table nor fails of one that is missing.
	 *
	 * @return array<string, string>
	 */
	public static function limit( \WP_REST_Request $request, string $route ): array {
		$limit = RateLimit::persistentRateLimitMiddleware( self::LIMIT, 60_000, without_table: true );
		return VisitorReading::impatient( static fn(): array => $limit( $request, $route ) );
	}

	/** GET /public/dashboard: 200 whatever state the tables are in; caches may keep real figures for half a minute. */
	public static function get(): \WP_REST_Response {
		$now_ms   = Clock::now_ms();
		$seen     = Snapshot::or_null( $now_ms );
		$response = new \WP_REST_Response( Dashboard::of( $seen, $now_ms ) );
		$response->header( 'Cache-Control', null === $seen ? 'no-store' : 'public, max-age=30' );
		return $response;
	}
}
