<?php
/**
 * Each distinct host seen, with its verdict. Kept while a user or a run refers to it.
 * Hot queries: id of a host (unique key host); page of stale domains (key stale).
 */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->create_table(
		'domains',
		array(
			'domain_id'      => Column::auto_id(),
			'host'           => Column::ascii( 1024 ),
			'ascii_host'     => Column::ascii( 253, nullable: true ),
			'registrable'    => Column::ascii( 253, nullable: true ),
			'label'          => Column::tiny( nullable: true ),
			'rule'           => Column::ascii( 64, default: '' ),
			'evidence'       => Column::text( 500, default: '' ),
			'flags'          => Column::int( default: 0 ),
			'typo_of'        => Column::ascii( 253, nullable: true ),
			'ambiguous'      => Column::tiny( default: 0 ),
			'data_version'   => Column::int( default: 0 ),
			'labelled_at_ms' => Column::big( nullable: true ),
			'created_at_ms'  => Column::big(),
		),
		array( 'domain_id' ),
		keys: array( 'ascii_host' => array( 'ascii_host' ), 'registrable' => array( 'registrable' ), 'stale' => array( 'data_version', 'domain_id' ) ),
		unique: array( 'host' => array( 'host' ) )
	);
};
