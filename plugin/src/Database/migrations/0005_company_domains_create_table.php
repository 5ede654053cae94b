<?php
/**
 * Domains of companies, former ones too. Kept for ever.
 * Hot queries: the walk from host to parent domains (key domain); the domains of a company (key company).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'company_domains',
		array(
			'list_uid'      => Column::ascii( 64 ),
			'domain'        => Column::ascii( 253 ),
			'source_id'     => Column::ascii( 64 ),
			'kind'          => Column::tiny(),
			'first_version' => Column::int(),
			'last_version'  => Column::int(),
			'first_seen_ms' => Column::big(),
			'last_seen_ms'  => Column::big(),
		),
		array( 'list_uid', 'domain', 'source_id' ),
		keys: array( 'domain' => array( 'domain' ), 'company' => array( 'list_uid', 'source_id' ) )
	);
};
