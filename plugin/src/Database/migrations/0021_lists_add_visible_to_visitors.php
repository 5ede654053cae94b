<?php
/** Whether visitors may look for the companies of a list. The default list, whose rows are public, is made with 1. */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'lists', 'visible_to_visitors', Column::tiny( default: 0 ) );
};
