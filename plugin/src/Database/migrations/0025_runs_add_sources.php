<?php
/**
 * Sources of a run, a JSON list of words; null is the users alone. Kept with the run.
 * Hot query: the newest finished run that has a source (primary key, backwards; runs are few).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'runs', 'sources', Column::long_text( 'LONGTEXT', nullable: true ) );
};
