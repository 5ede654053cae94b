<?php
/**
 * Work that a person asked for. Kept 400 days.
 * Hot query: the open ones (key state).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'jobs',
		array(
			'job_uid'       => Column::char( 32 ),
			'kind'          => Column::tiny(),
			'state'         => Column::tiny(),
			'list_uid'      => Column::ascii( 64, nullable: true ),
			'host'          => Column::ascii( 1024, nullable: true ),
			'done'          => Column::int( default: 0 ),
			'total'         => Column::int( default: 0 ),
			'error_code'    => Column::ascii( 64, nullable: true ),
			'error_message' => Column::text( 500, nullable: true ),
			'result'        => Column::long_text( 'LONGTEXT', nullable: true ),
			'created_by'    => Column::big( default: 0 ),
			'created_at_ms' => Column::big(),
			'updated_at_ms' => Column::big(),
		),
		array( 'job_uid' ),
		keys: array( 'state' => array( 'state' ) )
	);
};
