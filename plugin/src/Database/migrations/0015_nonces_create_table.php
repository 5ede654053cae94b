<?php
/**
 * Nonces of accepted requests, so that none is accepted twice. Kept 11 minutes.
 * Hot query: INSERT IGNORE of one (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'nonces',
		array(
			'kid'           => Column::ascii( 32 ),
			'nonce'         => Column::char( 32 ),
			'created_at_ms' => Column::big(),
		),
		array( 'kid', 'nonce' ),
		keys: array( 'created' => array( 'created_at_ms' ) )
	);
};
