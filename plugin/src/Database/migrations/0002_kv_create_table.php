<?php
/**
 * Small JSON values by name. Kept until they expire; pruned.
 * Hot query: one name (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'kv',
		array(
			'name'          => Column::ascii( 191 ),
			'value'         => Column::long_text( 'LONGTEXT' ),
			'expires_at_ms' => Column::big( nullable: true ),
			'updated_at_ms' => Column::big(),
		),
		array( 'name' ),
		keys: array( 'expires' => array( 'expires_at_ms' ) )
	);
};
