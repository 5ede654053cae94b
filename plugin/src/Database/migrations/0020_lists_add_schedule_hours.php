<?php
/** Hours between two looks at a list; 0 when it is only fetched on request. */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'lists', 'schedule_hours', Column::int( default: 24 ) );
};
