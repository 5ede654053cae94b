<?php
/**
 * Companies of a domain, best first. Kept with the domain.
 * Hot queries: the companies of a domain (primary key); the domains of a company (key company).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'domain_companies',
		array(
			'domain_id' => Column::big(),
			'list_uid'  => Column::ascii( 64 ),
			'source_id' => Column::ascii( 64 ),
			'kind'      => Column::tiny(),
			'position'  => Column::tiny( default: 0 ),
		),
		array( 'domain_id', 'list_uid', 'source_id' ),
		keys: array( 'company' => array( 'list_uid', 'source_id' ) )
	);
};
