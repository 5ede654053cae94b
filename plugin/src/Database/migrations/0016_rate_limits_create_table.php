<?php
/**
 * Counters of the sliding windows, by hash of route and caller. Kept a day.
 * Hot query: one name (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'rate_limits',
		array(
			'name'            => Column::char( 64 ),
			'window_start_ms' => Column::big(),
			'current'         => Column::int( default: 0 ),
			'previous'        => Column::int( default: 0 ),
			'updated_at_ms'   => Column::big(),
		),
		array( 'name' ),
		keys: array( 'updated' => array( 'updated_at_ms' ) )
	);
};
