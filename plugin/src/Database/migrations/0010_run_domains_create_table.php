<?php
/**
 * Users and label of each domain at the time of a run. Kept with the run, 400 days.
 * Hot query: the domains of a run (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'run_domains',
		array(
			'run_id'    => Column::big(),
			'source'    => Column::tiny(),
			'domain_id' => Column::big(),
			'users'     => Column::int(),
			'label'     => Column::tiny( nullable: true ),
			'rule'      => Column::ascii( 64, default: '' ),
		),
		array( 'run_id', 'source', 'domain_id' ),
		keys: array( 'domain' => array( 'domain_id' ) )
	);
};
