<?php
/**
 * Keyed hashes of the addresses that a run has counted from other sources than the users, so that each counts once.
 * Kept while the run counts; the key is thrown away with the rows.
 * Hot query: which of a chunk are known (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'run_addresses',
		array(
			'run_id'       => Column::big(),
			'address_hash' => Column::char( 32 ),
		),
		array( 'run_id', 'address_hash' )
	);
};
