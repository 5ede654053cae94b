<?php
/**
 * Users who signed up from a listed company, one row a user: which company, and whether a mail told of it. Kept 90 days.
 * Hot query: those that no mail told of, oldest first (key notified).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'signups',
		array(
			'signup_id'      => Column::auto_id(),
			'user_id'        => Column::big(),
			'domain_id'      => Column::big(),
			'list_uid'       => Column::ascii( 64 ),
			'source_id'      => Column::ascii( 64 ),
			'matched_at_ms'  => Column::big(),
			'notified_at_ms' => Column::big( nullable: true ),
			'claim'          => Column::char( 32, nullable: true ),
			'next_try_at_ms' => Column::big( nullable: true ),
			'tries'          => Column::int( default: 0 ),
		),
		array( 'signup_id' ),
		keys: array(
			'notified' => array( 'notified_at_ms', 'signup_id' ),
			'matched'  => array( 'matched_at_ms' ),
		),
		unique: array( 'user' => array( 'user_id' ) )
	);
};
