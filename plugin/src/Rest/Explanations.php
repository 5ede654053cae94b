<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Matching\Explaining;

/**
 * Why (not) this domain?
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type Explanation from \Rollcall\Contract\Shapes
 */
final class Explanations {
	/** @return list<Route> */
	public static function routes(): array {
		$route = array(
			'auth'       => 'admin',
			'capability' => Capabilities::VIEW,
			'schema'     => 'explanation',
		);
		return array(
			$route + array(
				'route'    => '/explanations',
				'methods'  => 'POST',
				'callback' => array( self::class, 'ask' ),
				'args'     => Contract::args( array( 'explanation' => 'explanation_request' ) ),
			),
			$route + array(
				'route'    => '/explanations/(?P<job_uid>[0-9a-f]{32})',
				'methods'  => 'GET',
				'callback' => array( self::class, 'answer' ),
				'args'     => array( 'job_uid' => Resource::identity( '^[0-9a-f]{32}$' ) ),
			),
		);
	}

	/**
	 * POST /explanations: the verdict, or a job that the companion's next call answers.
	 *
	 * @return Explanation
	 */
	public static function ask( \WP_REST_Request $request ): array {
		/** @var array{text: string} $explanation */
		$explanation = $request->get_param( 'explanation' );
		return Explaining::ask( $explanation['text'], Clock::now_ms() );
	}

	/**
	 * GET /explanations/{job_uid}.
	 *
	 * @return Explanation
	 */
	public static function answer( \WP_REST_Request $request ): array {
		/** @var string $job_uid */
		$job_uid = $request->get_param( 'job_uid' );
		return Explaining::answer( $job_uid );
	}
}
