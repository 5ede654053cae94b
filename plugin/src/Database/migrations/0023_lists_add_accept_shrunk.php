<?php
/** A person agreed to a version that lost many companies; taken back when a version is switched. */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'lists', 'accept_shrunk', Column::tiny( default: 0 ) );
};
