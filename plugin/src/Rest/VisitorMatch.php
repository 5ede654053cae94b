<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Contract;
use Rollcall\Matching\VisitorMatch as Matching;

/**
 * The matcher for visitors.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type VisitorMatchAnswer from \Rollcall\Contract\Shapes
 * @phpstan-import-type VisitorMatch from \Rollcall\Contract\Shapes as VisitorMatchBody
 */
final class VisitorMatch {
	public const ROUTE = '/visitor-match';

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => self::ROUTE,
				'methods'    => 'POST',
				'auth'       => 'public',
				// Public: it answers with lists that the owner shows to visitors, whoever the site's users are.
				'permission' => static fn(): bool => true,
				'limit'      => RateLimit::persistentRateLimitMiddleware(),
				'args'       => Contract::args( array( 'match' => 'visitor_match' ) ),
				'callback'   => array( self::class, 'match' ),
				'schema'     => 'visitor_match_answer',
			),
		);
	}

	/**
	 * Companies of a page of domains.
	 *
	 * @return VisitorMatchAnswer
	 */
	public static function match( \WP_REST_Request $request ): array {
		/** @var VisitorMatchBody $match */
		$match = $request->get_param( 'match' );
		return Matching::answer( $match['domains'] );
	}
}
