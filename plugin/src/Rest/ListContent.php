<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Audit;
use Rollcall\Database\Companions;
use Rollcall\Database\ListChanges;
use Rollcall\Database\ListRows;
use Rollcall\Database\Lists as StoredLists;
use Rollcall\Database\Transaction;
use Rollcall\Matching\ListKeeping;
use Rollcall\Matching\PageCheck;
use Rollcall\RollcallError;

/**
 * What is on a list: pages that the browser made of a file or of typed rows, the rows in use, and how they changed.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type CompanyList from \Rollcall\Contract\Shapes
 * @phpstan-import-type ListPage from \Rollcall\Database\ListVersions
 * @phpstan-import-type StoredList from StoredLists
 */
final class ListContent {
	/** Pages of rows in one answer. */
	private const PAGES = 4;

	/** @return list<Route> */
	public static function routes(): array {
		$uid = array( 'list_uid' => Resource::identity( '^[a-z0-9_-]{1,64}$' ) );
		return array(
			array(
				'route'      => '/lists/' . Lists::UID . '/pages',
				'methods'    => 'POST',
				'auth'       => 'admin',
				'capability' => Capabilities::SETTINGS,
				'args'       => $uid + Contract::args( array( 'page' => 'list_page' ) ),
				'callback'   => array( self::class, 'store' ),
				'schema'     => 'company_list',
			),
			array(
				'route'      => '/lists/' . Lists::UID . '/rows',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'args'       => $uid + Resource::collection( array( 'source_id' ), 'asc', array(), 1 ),
				'callback'   => array( self::class, 'rows' ),
				'schema'     => 'list_page',
			),
			array(
				'route'      => '/lists/' . Lists::UID . '/changes',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'args'       => $uid + Resource::collection( array( 'user_count', 'name' ), 'desc', array( 'change' => Contract::words( 'LIST_CHANGES' ) ) ),
				'callback'   => array( self::class, 'changes' ),
				'schema'     => 'list_change_row',
			),
		);
	}

	/**
	 * Stores the next page of a version; with the last one it is in use. A fetched list is written by the companion once
	 * one is paired.
	 *
	 * @return CompanyList
	 */
	public static function store( \WP_REST_Request $request ): array {
		$list = Lists::stored( $request );
		/** @var ListPage $page */
		$page = $request->get_param( 'page' );
		if ( 'companion' === $list['owner'] && null !== Companions::current() ) {
			throw new RollcallError( 'list_not_yours', 'The companion fetches this list and writes it.' );
		}
		PageCheck::refuse_bad( $list, $page );
		$now_ms = Clock::now_ms();
		$stored = Transaction::run(
			static function () use ( $list, $page, $now_ms ): array {
				ListKeeping::store_page( $list, $page, $now_ms );
				return StoredLists::find( $list['list_uid'] ) ?? $list;
			}
		);
		if ( $stored['active_version'] !== $list['active_version'] ) {
			Audit::note( 'list_stored', $list['list_uid'] . ' ' . $stored['row_count'], $now_ms );
		}
		return StoredLists::item( $stored );
	}

	/** Companies and current domains of the version in use. Each item is a page of 500 companies; per_page counts such pages. */
	public static function rows( \WP_REST_Request $request ): \WP_REST_Response {
		$list = Lists::stored( $request );
		/** @var array{page: int, per_page: int} $given */
		$given    = $request->get_params();
		$per_page = min( self::PAGES, $given['per_page'] );
		$first    = ( $given['page'] - 1 ) * $per_page + 1;
		$total    = ListRows::page_count( $list['list_uid'] );
		$items    = array();
		for ( $page = $first; $page <= min( $total, $first + $per_page - 1 ); $page++ ) {
			$items[] = ListRows::page( $list, $page, $total );
		}
		return Resource::page( $items, $total, $per_page );
	}

	/** Companies that differ from the version before. */
	public static function changes( \WP_REST_Request $request ): \WP_REST_Response {
		$list = Lists::stored( $request );
		/** @var array{change: list<string>, search: string, orderby: string, order: string, page: int, per_page: int} $given */
		$given = $request->get_params();
		$page  = ListChanges::page( $list, $given['change'], $given['search'], $given['orderby'], $given['order'], $given['per_page'], ( $given['page'] - 1 ) * $given['per_page'] );
		return Resource::page( $page['items'], $page['total'], $given['per_page'] );
	}
}
