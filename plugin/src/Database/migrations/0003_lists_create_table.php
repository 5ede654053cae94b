<?php
/**
 * Lists of companies. Kept for ever.
 * Hot query: all lists (a handful).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'lists',
		array(
			'list_uid'             => Column::ascii( 64 ),
			'title'                => Column::text( 200 ),
			'owner'                => Column::tiny(),
			'source'               => Column::tiny(),
			'url'                  => Column::long_text(),
			'enabled'              => Column::tiny( default: 1 ),
			'last_version'         => Column::int( default: 0 ),
			'active_version'       => Column::int( default: 0 ),
			'active_sha256'        => Column::char( 64, nullable: true ),
			'active_source'        => Column::tiny( nullable: true ),
			'row_count'            => Column::int( default: 0 ),
			'staging_version'      => Column::int( default: 0 ),
			'staging_sha256'       => Column::char( 64, nullable: true ),
			'staged_pages'         => Column::int( default: 0 ),
			'staging_page_count'   => Column::int( default: 0 ),
			'source_updated_at_ms' => Column::big( nullable: true ),
			'fetched_at_ms'        => Column::big( nullable: true ),
			'checked_at_ms'        => Column::big( nullable: true ),
			'error_code'           => Column::ascii( 64, nullable: true ),
			'error_message'        => Column::text( 500, nullable: true ),
			'changes'              => Column::long_text( nullable: true ),
			'created_at_ms'        => Column::big(),
		),
		array( 'list_uid' )
	);
};
