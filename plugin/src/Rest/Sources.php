<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Users\Sources as Known;

/**
 * GET /sources: where addresses can be read.
 *
 * @phpstan-import-type Route from Resource
 */
final class Sources {
	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => '/sources',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::MANAGE,
				'callback'   => array( Known::class, 'all' ),
				'schema'     => 'address_source',
			),
		);
	}
}
