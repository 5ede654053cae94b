<?php
/**
 * The domain of each user of this blog; 0 when the address has none. Kept with the user.
 * Hot query: users by domain (key domain, covers the count).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'user_domains',
		array(
			'user_id'   => Column::big(),
			'domain_id' => Column::big(),
			'reason'    => Column::tiny( default: 0 ),
		),
		array( 'user_id' ),
		keys: array( 'domain' => array( 'domain_id', 'user_id' ) )
	);
};
