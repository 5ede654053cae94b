<?php
/**
 * Pairings; their keys are not here but in an option, encrypted. Kept for ever.
 * Hot query: the ones that are not revoked (a handful).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'companions',
		array(
			'companion_id'      => Column::char( 16 ),
			'kid'               => Column::ascii( 32 ),
			'location_id'       => Column::int( default: 0 ),
			'paired_at_ms'      => Column::big(),
			'last_seen_ms'      => Column::big( nullable: true ),
			'next_expected_ms'  => Column::big( nullable: true ),
			'companion_version' => Column::ascii( 32 ),
			'contract_version'  => Column::int(),
			'companion_url'     => Column::long_text( nullable: true ),
			'transport'         => Column::tiny( nullable: true ),
			'clock_offset_ms'   => Column::big( nullable: true ),
			'reachable'         => Column::tiny( nullable: true ),
			'breaker_until_ms'  => Column::big( default: 0 ),
			'error_code'        => Column::ascii( 64, nullable: true ),
			'error_message'     => Column::text( 500, nullable: true ),
			'revoked_at_ms'     => Column::big( nullable: true ),
		),
		array( 'companion_id' )
	);
};
