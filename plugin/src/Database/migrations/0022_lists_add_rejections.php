<?php
/** Rows of a list that could not be read: how many, and the first of them as JSON. */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'lists', 'rejected_count', Column::int( default: 0 ) );
	$schema->add_column( 'lists', 'rejections', Column::long_text( 'LONGTEXT', nullable: true ) );
};
