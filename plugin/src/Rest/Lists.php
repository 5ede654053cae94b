<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Contract;
use Rollcall\Database\Audit;
use Rollcall\Database\Jobs as StoredJobs;
use Rollcall\Database\Lists as Rows;
use Rollcall\RollcallError;

/**
 * Companies lists: where they are fetched, and "fetch it now".
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type CompanyList from \Rollcall\Contract\Shapes
 * @phpstan-import-type JobRow from \Rollcall\Contract\Shapes
 */
final class Lists {
	private const UID = '(?P<list_uid>[a-z0-9_-]{1,64})';

	/** @return list<Route> */
	public static function routes(): array {
		$uid = array( 'list_uid' => Resource::identity( '^[a-z0-9_-]{1,64}$' ) );
		return array(
			array(
				'route'      => '/lists',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'args'       => Resource::collection( array( 'title' ), 'asc' ),
				'callback'   => array( self::class, 'list' ),
				'schema'     => 'company_list',
			),
			array(
				'route'      => '/lists/' . self::UID,
				'methods'    => 'PUT',
				'auth'       => 'admin',
				'capability' => Capabilities::SETTINGS,
				'args'       => $uid + Contract::args( array( 'list' => 'list_request' ) ),
				'callback'   => array( self::class, 'update' ),
				'schema'     => 'company_list',
			),
			array(
				'route'      => '/lists/' . self::UID . '/update',
				'methods'    => 'POST',
				'auth'       => 'admin',
				'capability' => Capabilities::MANAGE,
				'args'       => $uid,
				'callback'   => array( self::class, 'fetch' ),
				'schema'     => 'job_row',
			),
		);
	}

	/** Every list; there are few, so search and pages are made here. */
	public static function list( \WP_REST_Request $request ): \WP_REST_Response {
		/** @var array{search: string, order: string, page: int, per_page: int} $given */
		$given = $request->get_params();
		$items = array_values(
			array_filter(
				array_map( array( Rows::class, 'item' ), Rows::all() ),
				static fn( array $item ): bool => '' === $given['search'] || false !== stripos( $item['title'], $given['search'] )
			)
		);
		usort( $items, static fn( array $a, array $b ): int => ( 'desc' === $given['order'] ? -1 : 1 ) * strcasecmp( $a['title'], $b['title'] ) );
		return Resource::page( array_slice( $items, ( $given['page'] - 1 ) * $given['per_page'], $given['per_page'] ), count( $items ), $given['per_page'] );
	}

	/**
	 * Changes where a list is fetched, and asks for it to be fetched.
	 *
	 * @return CompanyList
	 */
	public static function update( \WP_REST_Request $request ): array {
		$list_uid = self::list_uid( $request );
		/** @var array{url: string} $given */
		$given  = $request->get_param( 'list' );
		$now_ms = Clock::now_ms();
		self::check_url( $given['url'] );
		Rows::set_url( $list_uid, $given['url'] );
		Audit::note( 'list_url_changed', $list_uid . ' ' . $given['url'], $now_ms );
		self::queue( $list_uid, $now_ms );
		return Rows::item( Rows::find( $list_uid ) ?? throw new RollcallError( 'not_found', 'There is no such list.' ) );
	}

	/**
	 * Asks for a list to be fetched; answers the job that is open when there is one.
	 *
	 * @return JobRow
	 */
	public static function fetch( \WP_REST_Request $request ): array {
		return self::queue( self::list_uid( $request ), Clock::now_ms() );
	}

	/** @return JobRow */
	private static function queue( string $list_uid, int $now_ms ): array {
		$job = StoredJobs::open_update( $list_uid ) ?? StoredJobs::find( StoredJobs::add( 'list_update', $list_uid, null, $now_ms ) );
		Client::wake();
		return StoredJobs::item( $job ?? throw new RollcallError( 'internal', 'The job was not stored.' ) );
	}

	private static function list_uid( \WP_REST_Request $request ): string {
		$list_uid = Resource::in_route( $request, 'list_uid' );
		return null === Rows::find( $list_uid ) ? throw new RollcallError( 'not_found', 'There is no such list.' ) : $list_uid;
	}

	/** The form only: which addresses may be fetched is decided where the companion runs. */
	private static function check_url( string $url ): void {
		if ( 'sample:' === $url ) {
			return;
		}
		$parts = wp_parse_url( $url );
		if ( 1 !== preg_match( '#^https?://[^\s\\\\\x00-\x1f\x7f]+\z#i', $url ) || ! is_array( $parts ) || '' === ( $parts['host'] ?? '' ) || isset( $parts['user'] ) || isset( $parts['pass'] ) || str_contains( $parts['host'], '@' ) ) {
			throw new RollcallError( 'bad_url', 'The address of the list is not a full http(s) URL without user name and password.' );
		}
	}
}
