<?php
/**
 * What left the site, for the owner to read. Kept: the newest 50.
 * Hot query: the newest ones (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'payloads',
		array(
			'payload_id' => Column::auto_id(),
			'sent_at_ms' => Column::big(),
			'route'      => Column::text( 200 ),
			'bytes'      => Column::int(),
			'truncated'  => Column::tiny( default: 0 ),
			'body'       => Column::long_text( 'MEDIUMTEXT' ),
		),
		array( 'payload_id' )
	);
};
