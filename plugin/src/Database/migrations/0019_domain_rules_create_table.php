<?php
/**
 * What the owner decided on domains: exclusions and aliases, and aliases that redirects propose. Kept for ever.
 * Hot query: the active rules of some domains (primary key). The list of rules orders by domain.
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'domain_rules',
		array(
			'domain'        => Column::ascii( 253 ),
			'kind'          => Column::tiny(),
			'state'         => Column::tiny(),
			'list_uid'      => Column::ascii( 64, nullable: true ),
			'source_id'     => Column::ascii( 64, nullable: true ),
			'evidence'      => Column::text( 500, default: '' ),
			'created_by'    => Column::big( default: 0 ),
			'created_at_ms' => Column::big(),
		),
		array( 'domain' ),
		keys: array( 'company' => array( 'list_uid', 'source_id' ) )
	);
};
