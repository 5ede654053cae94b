<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Database\Jobs as Rows;
use Rollcall\RollcallError;

/**
 * What was asked of the companion.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type JobRow from \Rollcall\Contract\Shapes
 */
final class Jobs {
	/** @return list<Route> */
	public static function routes(): array {
		$uid = array( 'job_uid' => Resource::identity( '^[0-9a-f]{32}$' ) );
		return array(
			array(
				'route'      => '/jobs/(?P<job_uid>[0-9a-f]{32})',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'args'       => $uid,
				'callback'   => array( self::class, 'read' ),
				'schema'     => 'job_row',
			),
			array(
				'route'      => '/jobs/(?P<job_uid>[0-9a-f]{32})/cancel',
				'methods'    => 'POST',
				'auth'       => 'admin',
				'capability' => Capabilities::MANAGE,
				'args'       => $uid,
				'callback'   => array( self::class, 'cancel' ),
				'schema'     => 'job_row',
			),
		);
	}

	/**
	 * One job.
	 *
	 * @return JobRow
	 */
	public static function read( \WP_REST_Request $request ): array {
		$job = Rows::find( Resource::in_route( $request, 'job_uid' ) );
		return Rows::item( $job ?? throw new RollcallError( 'not_found', 'There is no such job.' ) );
	}

	/**
	 * Cancels a job that is open; one that has ended stays as it ended.
	 *
	 * @return JobRow
	 */
	public static function cancel( \WP_REST_Request $request ): array {
		$job = self::read( $request );
		Rows::cancel( $job['job_uid'], Clock::now_ms() );
		Client::wake();
		return self::read( $request );
	}
}
