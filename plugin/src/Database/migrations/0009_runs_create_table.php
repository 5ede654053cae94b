<?php
/**
 * Runs of the matcher with their frozen figures. Kept 400 days.
 * Hot queries: the open run (key state); the newest ones (key started).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'runs',
		array(
			'run_id'            => Column::auto_id(),
			'state'             => Column::tiny(),
			'source'            => Column::tiny(),
			'ran_in'            => Column::tiny(),
			'started_by'        => Column::big(),
			'started_at_ms'     => Column::big(),
			'finished_at_ms'    => Column::big( nullable: true ),
			'data_version'      => Column::int( default: 0 ),
			'users_total'       => Column::int( default: 0 ),
			'users_read'        => Column::int( default: 0 ),
			'count_cursor'      => Column::big( default: 0 ),
			'domains_total'     => Column::int( default: 0 ),
			'domains_labelled'  => Column::int( default: 0 ),
			'totals'            => Column::long_text( 'LONGTEXT', nullable: true ),
			'matched_users'     => Column::int( default: 0 ),
			'matched_companies' => Column::int( default: 0 ),
			'error_code'        => Column::ascii( 64, nullable: true ),
			'error_message'     => Column::text( 500, nullable: true ),
		),
		array( 'run_id' ),
		keys: array( 'state' => array( 'state' ), 'started' => array( 'started_at_ms' ) )
	);
};
