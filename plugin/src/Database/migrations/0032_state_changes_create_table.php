<?php
/**
 * What the judge decided. Kept 400 days; of each monitor the newest older one stays, as the start.
 * Hot query: the changes of a monitor in a window (key changed_at).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'state_changes',
		array(
			'monitor_id'    => Column::int(),
			'judge_epoch'   => Column::int(),
			'seq'           => Column::int(),
			'changed_at_ms' => Column::big(),
			'kind'          => Column::tiny(),
			'state'         => Column::tiny(),
			'error_code'    => Column::tiny(),
			'message'       => Column::text( 500 ),
		),
		array( 'monitor_id', 'judge_epoch', 'seq' ),
		keys: array( 'changed_at' => array( 'monitor_id', 'changed_at_ms' ) )
	);
};
