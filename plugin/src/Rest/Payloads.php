<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Database\Payloads as Rows;
use Rollcall\RollcallError;

/**
 * What left the site.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type Payload from \Rollcall\Contract\Shapes
 */
final class Payloads {
	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => '/payloads',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::SETTINGS,
				'args'       => Resource::collection( array( 'sent_at' ), 'desc' ),
				'callback'   => array( self::class, 'list' ),
				'schema'     => 'payload',
			),
			array(
				'route'      => '/payloads/(?P<payload_id>[0-9]{1,18})',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::SETTINGS,
				'args'       => array( 'payload_id' => Resource::identity( '^[0-9]{1,18}$' ) ),
				'callback'   => array( self::class, 'read' ),
				'schema'     => 'payload',
			),
		);
	}

	/** A page, newest first, without the texts. */
	public static function list( \WP_REST_Request $request ): \WP_REST_Response {
		/** @var array{search: string, order: string, page: int, per_page: int} $given */
		$given = $request->get_params();
		return Resource::page(
			Rows::page( $given['search'], $given['order'], $given['per_page'], ( $given['page'] - 1 ) * $given['per_page'] ),
			Rows::count( $given['search'] ),
			$given['per_page']
		);
	}

	/**
	 * One, with its text.
	 *
	 * @return Payload
	 */
	public static function read( \WP_REST_Request $request ): array {
		return Rows::find( (int) Resource::in_route( $request, 'payload_id' ) ) ?? throw new RollcallError( 'not_found', 'This payload is not kept any more.' );
	}
}
