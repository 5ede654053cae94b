<?php
/**
 * Changes that administrators made. Kept 400 days.
 * Hot query: the newest ones (key at).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'audit',
		array(
			'audit_id' => Column::auto_id(),
			'at_ms'    => Column::big(),
			'user_id'  => Column::big(),
			'action'   => Column::ascii( 64 ),
			'detail'   => Column::long_text(),
		),
		array( 'audit_id' ),
		keys: array( 'at' => array( 'at_ms' ) )
	);
};
