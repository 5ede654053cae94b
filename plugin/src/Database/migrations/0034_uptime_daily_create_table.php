<?php
/**
 * Uptime of each day of UTC, worked out from its hours; the histogram of response times is sparse, `bucket:count,...`. The day
 * up to which a monitor is known has no row until a later one is known, or its hours are removed. Kept for ever.
 * Hot query: the days of a monitor in a window (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'uptime_daily',
		array(
			'monitor_id'     => Column::int(),
			'bucket_ms'      => Column::big(),
			'up_ms'          => Column::int(),
			'degraded_ms'    => Column::int(),
			'down_ms'        => Column::int(),
			'unknown_ms'     => Column::int(),
			'maintenance_ms' => Column::int(),
			'check_count'    => Column::int(),
			'failed_count'   => Column::int(),
			'histogram'      => Column::long_text(),
		),
		array( 'monitor_id', 'bucket_ms' )
	);
};
