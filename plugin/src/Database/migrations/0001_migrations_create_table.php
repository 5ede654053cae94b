<?php
/**
 * Migrations that this blog has; row 0 is the lock of the one that runs. Kept for ever.
 * Hot query: all numbers, once a release.
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'migrations',
		array(
			'number'        => Column::int(),
			'name'          => Column::text( 191 ),
			'applied_at_ms' => Column::big(),
		),
		array( 'number' )
	);
};
