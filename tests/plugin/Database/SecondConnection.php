<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use Rollcall\Database\Table;

/** Another client of the same MariaDB: kills the connection of WordPress, holds locks. */
final class SecondConnection {
	public readonly \mysqli $link;

	public function __construct() {
		mysqli_report( MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT );
		$this->link = new \mysqli( 'localhost', DB_USER, DB_PASSWORD, DB_NAME, 0, substr( DB_HOST, strlen( 'localhost:' ) ) );
		mysqli_report( MYSQLI_REPORT_OFF );
	}

	/** Runs a statement. */
	public function run( string $sql ): void {
		if ( false === $this->link->query( Table::named( $sql ) ) ) {
			throw new \RuntimeException( $this->link->error );
		}
	}

	/** One value. */
	public function value( string $sql ): string {
		$answer = $this->link->query( Table::named( $sql ) );
		return $answer instanceof \mysqli_result ? (string) ( $answer->fetch_row()[0] ?? '' ) : throw new \RuntimeException( $this->link->error );
	}

	/** Kills the connection that WordPress has now, and waits until the server has rolled it back. */
	public function kill_wordpress(): void {
		$id = (int) Table::db()->dbh->thread_id;
		$this->run( "KILL $id" );
		for ( $waited = 0; '0' !== $this->value( "SELECT COUNT(*) FROM information_schema.processlist WHERE id = $id" ); $waited++ ) {
			if ( $waited > 500 ) {
				throw new \RuntimeException( "Connection $id is still there." );
			}
			usleep( 10_000 );
		}
	}
}
