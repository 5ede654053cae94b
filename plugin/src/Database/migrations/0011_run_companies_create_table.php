<?php
/**
 * Users of each company at the time of a run. Kept with the run, 400 days.
 * Hot query: the companies of a run (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'run_companies',
		array(
			'run_id'    => Column::big(),
			'list_uid'  => Column::ascii( 64 ),
			'source_id' => Column::ascii( 64 ),
			'users'     => Column::int(),
			'domains'   => Column::int(),
			'status'    => Column::tiny(),
			'batch'     => Column::text( 64 ),
			'kind'      => Column::tiny(),
			'ambiguous' => Column::tiny( default: 0 ),
		),
		array( 'run_id', 'list_uid', 'source_id' )
	);
};
