<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Companies as Rows;
use Rollcall\Database\Lists as StoredLists;
use Rollcall\RollcallError;
use Rollcall\Settings;

/**
 * Companies of the lists.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type CompanyFacets from \Rollcall\Contract\Shapes
 * @phpstan-import-type CompanyListItem from \Rollcall\Contract\Shapes
 */
final class Companies {
	/** Requests of one visitor for the public list in a minute. */
	private const LIMIT = 200;

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => '/companies',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'args'       => Resource::collection(
					array( 'name', 'batch', 'status', 'industry', 'team_size', 'user_count' ),
					'asc',
					array(
						'status'   => Contract::words( 'COMPANY_STATUSES' ),
						'batch'    => null,
						'industry' => null,
						'region'   => null,
						'list'     => null,
					)
				),
				'callback'   => array( self::class, 'list' ),
				'schema'     => 'company_list_item',
			),
			array(
				'route'      => '/companies/facets',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'callback'   => array( self::class, 'facets' ),
				'schema'     => 'company_facets',
			),
			array(
				'route'      => '/companies/(?P<list_uid>[a-z0-9_-]{1,64})/(?P<source_id>[a-z0-9._:-]{1,64})',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'args'       => array(
					'list_uid'  => Resource::identity( '^[a-z0-9_-]{1,64}$' ),
					'source_id' => Resource::identity( '^[a-z0-9._:-]{1,64}$' ),
				),
				'callback'   => array( self::class, 'read' ),
				'schema'     => 'company_list_item',
			),
			array(
				'route'      => '/companies\.json',
				'methods'    => 'GET',
				'auth'       => 'public',
				// Public once the owner switched it on: the rows are upstream's, nothing of the users is in them.
				'permission' => array( self::class, 'may_export' ),
				'limit'      => RateLimit::persistentRateLimitMiddleware( self::LIMIT, 60_000, unless: Capabilities::VIEW ),
				'callback'   => array( self::class, 'export' ),
				'schema'     => 'company_row',
			),
		);
	}

	/** A page of companies. */
	public static function list( \WP_REST_Request $request ): \WP_REST_Response {
		/** @var array{search: string, status: list<string>, batch: list<string>, industry: list<string>, region: list<string>, list: list<string>, orderby: string, order: string, page: int, per_page: int} $given */
		$given = $request->get_params();
		$page  = Rows::page( $given['search'], $given, $given['orderby'], $given['order'], $given['per_page'], ( $given['page'] - 1 ) * $given['per_page'] );
		return Resource::page( $page['items'], $page['total'], $given['per_page'] );
	}

	/**
	 * Values for the filters.
	 *
	 * @return CompanyFacets
	 */
	public static function facets(): array {
		return Rows::facets();
	}

	/**
	 * One company.
	 *
	 * @return CompanyListItem
	 */
	public static function read( \WP_REST_Request $request ): array {
		return Rows::find( Resource::in_route( $request, 'list_uid' ), Resource::in_route( $request, 'source_id' ) ) ?? throw new RollcallError( 'not_found', 'There is no such company on the list.' );
	}

	/** Whether the caller may have the list as JSON. */
	public static function may_export(): bool {
		return Settings::get()['companies_public'] || current_user_can( Capabilities::VIEW );
	}

	/** The default list's rows, for an hour in caches; never a private list. Visitors may ask 200 times a minute. */
	public static function export( \WP_REST_Request $request ): \WP_REST_Response {
		// Not find(): its lock would make visitors wait for a batch that is being stored.
		$list = array_column( StoredLists::enabled(), null, 'list_uid' )[ StoredLists::DEFAULT_UID ] ?? null;
		if ( null === $list || 0 === $list['active_version'] ) {
			throw new RollcallError( 'list_not_ready', 'No version of the list is in use yet.' );
		}
		$etag     = '"' . $list['active_sha256'] . '"';
		$known    = array_map( static fn( string $tag ): string => (string) preg_replace( '#^W/#', '', trim( $tag ) ), explode( ',', (string) $request->get_header( 'if_none_match' ) ) );
		$response = in_array( $etag, $known, true ) ? new \WP_REST_Response( null, 304 ) : new \WP_REST_Response( Rows::export( $list['list_uid'] ) );
		$response->header( 'ETag', $etag );
		$response->header( 'Cache-Control', ( Settings::get()['companies_public'] ? 'public' : 'private' ) . ', max-age=3600' );
		$response->header( 'x-rollcall-source-updated', (string) Clock::iso_or_null( $list['source_updated_at_ms'] ?? $list['fetched_at_ms'] ) );
		return $response;
	}
}
