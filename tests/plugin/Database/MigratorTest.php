<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use Rollcall\Database\Migrator;
use Rollcall\Database\Schema;
use Rollcall\Database\Sql;
use Rollcall\Tests\TestCase;

final class MigratorTest extends TestCase {
	public function test_activation_makes_every_table(): void {
		self::assertTrue( Migrator::is_current() );
		foreach ( Schema::tables() as $table ) {
			self::assertSame( $table, count( Schema::column_names( $table ) ) > 1 ? $table : 'no columns' );
		}
		self::assertSame( '18', Sql::value( 'SELECT COUNT(*) FROM {migrations}' ) );
	}
}
