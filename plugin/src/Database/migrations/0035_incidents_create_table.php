<?php
/**
 * Times in which a monitor was down; the row with the highest judged_at_ms holds. Kept for ever.
 * Hot query: the open ones (key resolved_at).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'incidents',
		array(
			'incident_uid'   => Column::char( 32 ),
			'monitor_id'     => Column::int(),
			'judge_epoch'    => Column::int(),
			'opened_at_ms'   => Column::big(),
			'error_code'     => Column::tiny(),
			'message'        => Column::text( 500 ),
			'resolved_at_ms' => Column::big( nullable: true ),
			'resolved_by'    => Column::tiny( nullable: true ),
			'group_uid'      => Column::char( 32, nullable: true ),
			'is_flapping'    => Column::tiny(),
			'judged_at_ms'   => Column::big(),
		),
		array( 'incident_uid' ),
		keys: array(
			'resolved_at' => array( 'resolved_at_ms', 'monitor_id' ),
			'monitor'     => array( 'monitor_id', 'opened_at_ms' ),
		)
	);
};
