<?php
/**
 * Companies of each version of a list. Kept: active and previous version, and the one being staged.
 * Hot queries: one version sorted by name or batch (keys name, batch); one company (primary key).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'companies',
		array(
			'list_uid'       => Column::ascii( 64 ),
			'version'        => Column::int(),
			'source_id'      => Column::ascii( 64 ),
			'source'         => Column::tiny(),
			'name'           => Column::text( 200 ),
			'former_names'   => Column::long_text(),
			'slug'           => Column::text( 200 ),
			'status'         => Column::tiny(),
			'batch'          => Column::text( 64 ),
			'batch_sort'     => Column::int(),
			'team_size'      => Column::int( nullable: true ),
			'industry'       => Column::text( 200 ),
			'subindustry'    => Column::text( 200 ),
			'regions'        => Column::long_text(),
			'tags'           => Column::long_text(),
			'one_liner'      => Column::text( 500 ),
			'logo_url'       => Column::long_text( nullable: true ),
			'website_raw'    => Column::long_text(),
			'website_origin' => Column::long_text( nullable: true ),
			'launched_at_ms' => Column::big( nullable: true ),
			'first_seen_ms'  => Column::big(),
			'last_seen_ms'   => Column::big(),
			'removed_at_ms'  => Column::big( nullable: true ),
			'raw_hash'       => Column::char( 64 ),
		),
		array( 'list_uid', 'version', 'source_id' ),
		keys: array( 'name' => array( 'list_uid', 'version', 'name' ), 'batch' => array( 'list_uid', 'version', 'batch_sort' ) )
	);
};
