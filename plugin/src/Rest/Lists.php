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
use Rollcall\Database\Transaction;
use Rollcall\Matching\ListKeeping;
use Rollcall\RollcallError;

/**
 * Companies lists: adding, changing and deleting them, and "fetch it now".
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type CompanyList from \Rollcall\Contract\Shapes
 * @phpstan-import-type JobRow from \Rollcall\Contract\Shapes
 * @phpstan-import-type ListCreation from \Rollcall\Contract\Shapes
 * @phpstan-import-type ListRequest from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredList from Rows
 */
final class Lists {
	public const UID = '(?P<list_uid>[a-z0-9_-]{1,64})';

	/** The contract's limit of lists in an exchange. */
	private const MAXIMUM = 50;

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
				'route'      => '/lists',
				'methods'    => 'POST',
				'auth'       => 'admin',
				'capability' => Capabilities::SETTINGS,
				'args'       => Contract::args( array( 'list' => 'list_creation' ) ),
				'callback'   => array( self::class, 'create' ),
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
				'route'      => '/lists/' . self::UID,
				'methods'    => 'DELETE',
				'auth'       => 'admin',
				'capability' => Capabilities::SETTINGS,
				'args'       => $uid,
				'callback'   => array( self::class, 'delete' ),
				'schema'     => 'company_list',
			),
			array(
				'route'      => '/lists/' . self::UID . '/accept',
				'methods'    => 'POST',
				'auth'       => 'admin',
				'capability' => Capabilities::SETTINGS,
				'args'       => $uid,
				'callback'   => array( self::class, 'accept' ),
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
	 * Adds a list; one that is fetched is asked for at once.
	 *
	 * @return CompanyList
	 */
	public static function create( \WP_REST_Request $request ): array {
		/** @var ListCreation $given */
		$given  = $request->get_param( 'list' );
		$now_ms = Clock::now_ms();
		if ( count( Rows::all() ) >= self::MAXIMUM ) {
			throw new RollcallError( 'too_large', 'There are ' . self::MAXIMUM . ' lists, the most that can be.' );
		}
		$is_fetched = ! in_array( $given['source'], array( 'upload', 'manual' ), true );
		self::check_url( $given['url'], $is_fetched, false );
		$given['title'] = self::title( $given['title'] );
		$list_uid       = Rows::create( $given, $now_ms );
		Audit::note( 'list_added', $list_uid . ' ' . $given['url'], $now_ms );
		if ( $is_fetched ) {
			self::queue( $list_uid, $now_ms );
		}
		return self::item( $list_uid );
	}

	/**
	 * Changes a list. One whose address is another, or that is switched on again, is asked for at once.
	 *
	 * @return CompanyList
	 */
	public static function update( \WP_REST_Request $request ): array {
		$list = self::stored( $request );
		/** @var ListRequest $given */
		$given      = $request->get_param( 'list' );
		$now_ms     = Clock::now_ms();
		$is_fetched = 'companion' === $list['owner'];
		self::check_url( $given['url'], $is_fetched, Rows::DEFAULT_UID === $list['list_uid'] );
		$given['title'] = self::title( $given['title'] );
		$moved          = $given['url'] !== $list['url'];
		Transaction::run( static fn() => ListKeeping::change( $list, $given, $now_ms ) );
		if ( $moved ) {
			Audit::note( 'list_url_changed', $list['list_uid'] . ' ' . $given['url'], $now_ms );
		}
		if ( $is_fetched && $given['enabled'] && ( $moved || ! $list['enabled'] ) ) {
			self::queue( $list['list_uid'], $now_ms );
		}
		return self::item( $list['list_uid'] );
	}

	/**
	 * Deletes a list; the default one can only be switched off.
	 *
	 * @return CompanyList As it was.
	 */
	public static function delete( \WP_REST_Request $request ): array {
		$list = self::stored( $request );
		if ( Rows::DEFAULT_UID === $list['list_uid'] ) {
			throw new RollcallError( 'bad_request', 'The default list can be switched off, not deleted.' );
		}
		$now_ms = Clock::now_ms();
		$item   = Rows::item( $list );
		Transaction::run( static fn() => ListKeeping::delete( $list, $now_ms ) );
		Audit::note( 'list_deleted', $list['list_uid'] . ' ' . $list['url'], $now_ms );
		Client::wake();
		return $item;
	}

	/**
	 * Agrees to a version that lost many companies, and asks for it.
	 *
	 * @return CompanyList
	 */
	public static function accept( \WP_REST_Request $request ): array {
		$list   = self::fetched( $request );
		$now_ms = Clock::now_ms();
		Rows::set( $list['list_uid'], array( 'accept_shrunk' => true ) );
		Audit::note( 'list_shrunk_accepted', $list['list_uid'], $now_ms );
		self::queue( $list['list_uid'], $now_ms );
		return self::item( $list['list_uid'] );
	}

	/**
	 * Asks for a list to be fetched; answers the job that is open when there is one.
	 *
	 * @return JobRow
	 */
	public static function fetch( \WP_REST_Request $request ): array {
		return self::queue( self::fetched( $request )['list_uid'], Clock::now_ms() );
	}

	/**
	 * The list of the route.
	 *
	 * @return StoredList
	 */
	public static function stored( \WP_REST_Request $request ): array {
		return Rows::find( Resource::in_route( $request, 'list_uid' ) ) ?? throw new RollcallError( 'not_found', 'There is no such list.' );
	}

	/** @return CompanyList */
	private static function item( string $list_uid ): array {
		return Rows::item( Rows::find( $list_uid ) ?? throw new RollcallError( 'not_found', 'There is no such list.' ) );
	}

	/**
	 * The list of the route, when it is one that is fetched.
	 *
	 * @return StoredList
	 */
	private static function fetched( \WP_REST_Request $request ): array {
		$list = self::stored( $request );
		return 'companion' === $list['owner'] ? $list : throw new RollcallError( 'list_not_yours', 'The list is kept in WordPress, so there is nothing to fetch.' );
	}

	private static function title( string $given ): string {
		$title = trim( $given );
		return '' === $title ? throw new RollcallError( 'bad_request', 'A list needs a name.' ) : $title;
	}

	/** @return JobRow */
	private static function queue( string $list_uid, int $now_ms ): array {
		$job = StoredJobs::open_update( $list_uid ) ?? StoredJobs::find( StoredJobs::add( 'list_update', $list_uid, null, $now_ms ) );
		Client::wake();
		return StoredJobs::item( $job ?? throw new RollcallError( 'internal', 'The job was not stored.' ) );
	}

	/** The form only: which addresses may be fetched is decided where the companion runs. */
	private static function check_url( string $url, bool $is_fetched, bool $is_default ): void {
		if ( ! $is_fetched && '' !== $url ) {
			throw new RollcallError( 'bad_url', 'A list that is kept in WordPress has no address.' );
		}
		if ( ! $is_fetched || ( $is_default && 'sample:' === $url ) ) {
			return;
		}
		$parts = wp_parse_url( $url );
		if ( 1 !== preg_match( '#^https?://[^\s\\\\\x00-\x1f\x7f]+\z#i', $url ) || ! is_array( $parts ) || '' === ( $parts['host'] ?? '' ) || isset( $parts['user'] ) || isset( $parts['pass'] ) || str_contains( $parts['host'], '@' ) ) {
			throw new RollcallError( 'bad_url', 'The address of the list is not a full http(s) URL without user name and password.' );
		}
	}
}
