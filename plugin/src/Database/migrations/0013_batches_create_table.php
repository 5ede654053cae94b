<?php
/**
 * Batches that were stored, with the answer given, so that a repeated one gets it again. Kept 8 days.
 * Hot query: one id (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'batches',
		array(
			'batch_id'      => Column::char( 32 ),
			'kid'           => Column::ascii( 32 ),
			'digest'        => Column::char( 64 ),
			'answer'        => Column::long_text( 'LONGTEXT' ),
			'created_at_ms' => Column::big(),
		),
		array( 'batch_id' ),
		keys: array( 'created' => array( 'created_at_ms' ) )
	);
};
