<?php
/**
 * Whether a companion only checks, and another one decides. Kept with the pairing; before this only one was paired at a time.
 * Hot query: the ones that are not revoked (a handful).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'companions', 'is_standby', Column::tiny( default: 0 ) );
};
