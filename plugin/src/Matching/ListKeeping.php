<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\DataVersion;
use Rollcall\Database\Jobs;
use Rollcall\Database\ListOrigin;
use Rollcall\Database\Lists;
use Rollcall\Database\ListVersions;

/**
 * Changes of lists with what follows from them for the hosts that they are about. Everything here runs inside the caller's
 * transaction.
 *
 * @phpstan-import-type ListPage from ListVersions
 * @phpstan-import-type ListRequest from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredList from Lists
 */
final class ListKeeping {
	/**
	 * Changes a list. The version in use stays until another one is there.
	 *
	 * @param StoredList  $list
	 * @param ListRequest $given
	 */
	public static function change( array $list, array $given, int $now_ms ): void {
		$values = array(
			'title'               => $given['title'],
			'enabled'             => $given['enabled'],
			'visible_to_visitors' => $given['visible_to_visitors'],
			'schedule_hours'      => $given['schedule_hours'],
		);
		if ( $given['url'] !== $list['url'] ) {
			ListOrigin::before_change( $list );
			$values += array(
				'url'           => $given['url'],
				'error_code'    => null,
				'error_message' => null,
				'accept_shrunk' => false,
			);
		}
		Lists::set( $list['list_uid'], $values );
		if ( $given['enabled'] !== $list['enabled'] ) {
			self::switched( $list, $now_ms );
		}
	}

	/**
	 * Deletes a list; what it matched waits for the next run unless another list has it.
	 *
	 * @param StoredList $list
	 */
	public static function delete( array $list, int $now_ms ): void {
		if ( $list['enabled'] ) {
			Lists::set( $list['list_uid'], array( 'enabled' => false ) );
			self::switched( $list, $now_ms );
		}
		$job = Jobs::open_update( $list['list_uid'] );
		if ( null !== $job ) {
			Jobs::cancel( $job['job_uid'], $now_ms );
		}
		Lists::delete( $list['list_uid'] );
	}

	/**
	 * Stores a page that the browser made. The last one of a list that WordPress keeps is matched at once.
	 *
	 * @param StoredList $list
	 * @param ListPage   $page
	 */
	public static function store_page( array $list, array $page, int $now_ms ): void {
		ListVersions::store_page( $page, $now_ms );
		$is_new = ( Lists::find( $list['list_uid'] )['active_version'] ?? 0 ) !== $list['active_version'];
		if ( $is_new && $list['enabled'] && 'wordpress' === $list['owner'] ) {
			Recomputing::list( $list['list_uid'], $now_ms );
		}
	}

	/**
	 * The companion's verdicts are made on the lists that it fetches, so other ones of them make its verdicts stale.
	 *
	 * @param StoredList $list
	 */
	private static function switched( array $list, int $now_ms ): void {
		if ( 'companion' === $list['owner'] ) {
			DataVersion::raise();
		}
		if ( $list['active_version'] > 0 ) {
			Recomputing::list( $list['list_uid'], $now_ms );
		}
	}
}
