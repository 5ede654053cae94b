<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Migrations;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Rollcall\Database\Migrator;

final class LintTest extends TestCase {
	public function test_every_migration_makes_only_the_three_safe_changes(): void {
		$folder = dirname( __DIR__, 2 ) . '/plugin/src/Database/migrations';
		foreach ( Migrator::files() as $name ) {
			self::assertSame( array(), Lint::faults( $name, (string) file_get_contents( "$folder/$name.php" ) ), $name );
		}
		self::assertCount( count( Migrator::files() ), (array) glob( "$folder/*" ) );
	}

	/** @return array<string, array{string, string|null}> */
	public static function fixtures(): array {
		return array(
			'a nullable column'               => array( '0099_domains_add_colour', null ),
			'an index'                        => array( '0099_domains_add_key_colour', null ),
			'a table'                         => array( '0099_colours_create_table', null ),
			'a dropped column'                => array( '0099_domains_drop_label', 'calls drop_column()' ),
			'a renamed column'                => array( '0099_domains_rename_host', 'calls rename_column()' ),
			'a narrower type, by SQL'         => array( '0099_domains_add_raw', 'calls run()' ),
			'a drop, by wpdb'                 => array( '0099_domains_add_global', 'uses global' ),
			'a drop, inside a definition'     => array( '0099_domains_add_text', 'holds the text \'INT NULL, DROP COLUMN label\', which is no name' ),
			'a required column'               => array( '0099_domains_add_required', 'adds a required column' ),
			'a name of another table'         => array( '0099_other_add_colour', 'does not change the table other' ),
			'a name without a number'         => array( 'colour', 'is not named NNNN_table_verb_column' ),
			'a table kept for nobody knows'   => array( '0099_colours_create_table_unkept', 'does not say how long rows are kept and what the hot query is' ),
			'a file that changes nothing'     => array( '0099_domains_add_nothing', 'changes nothing' ),
		);
	}

	#[DataProvider( 'fixtures' )]
	public function test_tells_safe_from_forbidden( string $name, ?string $fault ): void {
		$faults = Lint::faults( $name, (string) file_get_contents( __DIR__ . "/fixtures/$name.php.txt" ) );
		null === $fault ? self::assertSame( array(), $faults ) : self::assertContains( $fault, $faults );
	}
}
