<?php
/** What a job needs beside a list and a host: the hosts whose redirects are asked, or the call of a webhook. JSON. */

declare( strict_types = 1 );

namespace Rollcall\Database;

return static function ( Schema $schema ): void {
	$schema->add_column( 'jobs', 'input', Column::long_text( 'LONGTEXT', nullable: true ) );
};
