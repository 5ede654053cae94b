<?php
/**
 * Whether the schedule started a run, and how far it is with each of its sources (JSON: cursors, people read, people
 * without a usable address by reason, what went wrong). Kept with the run.
 * Hot query: none; read with the run.
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'runs', 'scheduled', Column::tiny( default: 0 ) );
	$schema->add_column( 'runs', 'progress', Column::long_text( 'LONGTEXT', nullable: true ) );
};
