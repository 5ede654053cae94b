<?php
/** Whether visitors may look for the companies of a list. Null, as in older rows: only those of the default list, which are public. */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'lists', 'visible_to_visitors', Column::tiny( nullable: true ) );
};
