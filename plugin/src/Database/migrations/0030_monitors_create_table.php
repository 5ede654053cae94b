<?php
/**
 * What is watched. Kept for ever; one that was deleted goes 400 days later, so that a companion that was away hears of it.
 * monitor_id is the key of the other tables and never leaves WordPress; elsewhere a monitor is its monitor_uid.
 * Hot queries: the active ones (key active), those changed since a revision (key revision), beats (key last_beat).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'monitors',
		array(
			'monitor_id'            => Column::auto_id(),
			'monitor_uid'           => Column::char( 32 ),
			'revision'              => Column::big(),
			'url'                   => Column::text( 2048 ),
			'name'                  => Column::text( 200 ),
			'active'                => Column::tiny(),
			'type'                  => Column::tiny(),
			'interval_seconds'      => Column::int(),
			'options'               => Column::long_text( 'LONGTEXT' ),
			'is_public'             => Column::tiny( default: 0 ),
			'is_polite'             => Column::tiny( default: 0 ),
			'list_uid'              => Column::ascii( 64, nullable: true ),
			'source_id'             => Column::ascii( 64, nullable: true ),
			'push_token'            => Column::char( 32, nullable: true ),
			'last_beat_at_ms'       => Column::big( nullable: true ),
			'created_at_ms'         => Column::big(),
			'deleted_at_ms'         => Column::big( nullable: true ),
			'state'                 => Column::tiny( default: 4 ),
			'state_since_ms'        => Column::big( nullable: true ),
			'known_until_ms'        => Column::big( default: 0 ),
			'last_slot_ms'          => Column::big( nullable: true ),
			'last_state'            => Column::tiny( nullable: true ),
			'last_status_code'      => Column::int( nullable: true ),
			'last_response_time_ms' => Column::int( nullable: true ),
			'last_error_code'       => Column::tiny( nullable: true ),
			'last_error_message'    => Column::text( 500, nullable: true ),
			'is_confirming'         => Column::tiny( default: 0 ),
			'mail_state'            => Column::tiny( nullable: true ),
		),
		array( 'monitor_id' ),
		keys: array(
			'active'     => array( 'active', 'monitor_id' ),
			'revision'   => array( 'revision' ),
			'company'    => array( 'list_uid', 'source_id' ),
			'push_token' => array( 'push_token' ),
			'last_beat'  => array( 'last_beat_at_ms' ),
		),
		unique: array( 'monitor_uid' => array( 'monitor_uid' ) )
	);
};
