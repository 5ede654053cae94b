<?php
/**
 * Name of the company at the time of a run: a comparison still knows it when its list is gone. Kept with the run.
 * Hot query: the companies of two runs (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'run_companies', 'name', Column::text( 200, default: '' ) );
};
