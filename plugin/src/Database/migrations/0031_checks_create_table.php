<?php
/**
 * What each slot found; numbers only, a phase that was not reached is NULL and takes no room. Kept 14 days.
 * Hot query: the checks of a monitor in an hour (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'checks',
		array(
			'monitor_id'    => Column::int(),
			'location_id'   => Column::tiny(),
			'slot_ms'       => Column::big(),
			'state'         => Column::tiny(),
			'error_code'    => Column::tiny(),
			'status_code'   => Column::small( nullable: true ),
			'dns_ms'        => Column::small( nullable: true ),
			'connect_ms'    => Column::small( nullable: true ),
			'tls_ms'        => Column::small( nullable: true ),
			'first_byte_ms' => Column::small( nullable: true ),
			'transfer_ms'   => Column::small( nullable: true ),
			'total_ms'      => Column::small(),
			'attempts'      => Column::tiny(),
			'warnings'      => Column::tiny(),
		),
		array( 'monitor_id', 'location_id', 'slot_ms' )
	);
};
