<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** What administrators changed. Kept 400 days. */
final class Audit {
	/** Notes a change by the current user; no secrets in the detail. */
	public static function note( string $action, string $detail, int $now_ms ): void {
		$row = array(
			'at_ms'   => $now_ms,
			'user_id' => get_current_user_id(),
			'action'  => $action,
			'detail'  => $detail,
		);
		Sql::insert( 'audit', array( $row ) );
	}
}
