<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Migrations;

use Rollcall\Contract;
use Rollcall\Database\Migrator;
use Rollcall\Database\Table;

/**
 * Writes the snapshot of a release: how a fresh database is made, and one sample of every statement that
 * the plugin's code sent while the suite ran. Statements that tests sent themselves do not count.
 */
final class Recorder {
	/** Longest sample kept; a shape that only comes longer is kept as it is. */
	private const ENOUGH_BYTES = 300;

	/** @var array<string, string> Shortest sample by shape. */
	private array $samples = array();

	private function __construct( private readonly string $folder ) {
	}

	/** Starts recording; the files are written when PHP ends. */
	public static function start( string $folder ): void {
		$recorder = new self( $folder );
		$recorder->write( 'schema.json', self::schema() );
		$recorder->write( 'vocabulary.json', Contract::read( 'vocabulary' )['vocabularies'] );
		add_filter( 'query', array( $recorder, 'note' ), PHP_INT_MAX );
		register_shutdown_function( array( $recorder, 'finish' ) );
	}

	/** Looks at each statement; a filter of wpdb. */
	public function note( mixed $query ): mixed {
		if ( is_string( $query ) && str_contains( $query, Table::db()->prefix . 'rollcall_' ) && 1 === preg_match( '/^\s*(?:SELECT|INSERT|REPLACE|UPDATE|DELETE)\b/i', $query ) ) {
			$shape = self::shape( $query );
			$known = strlen( $this->samples[ $shape ] ?? '' );
			if ( ( 0 === $known || ( $known > self::ENOUGH_BYTES && $known > strlen( $query ) ) ) && self::is_ours() ) {
				$this->samples[ $shape ] = $query;
			}
		}
		return $query;
	}

	/** Writes the statements, in the order of their first appearance. */
	public function finish(): void {
		$prefix     = Table::db()->prefix;
		$statements = array_map(
			static fn ( string $sql ): string => str_replace( $prefix, '{prefix}', $sql ),
			array_values( $this->samples )
		);
		$this->write( 'statements.json', $statements );
	}

	/** The statement without its values: rows of VALUES and lists of IN count as one. */
	public static function shape( string $sql ): string {
		$shape = (string) preg_replace( array( "/'(?:[^'\\\\]|\\\\.|'')*'/s", '/(?<![\w`])-?\d+(?:\.\d+)?(?![\w`])/', '/\s+/' ), array( '?', '?', ' ' ), $sql );
		$shape = (string) preg_replace( '/\(\s*(?:\?|NULL)(?:\s*,\s*(?:\?|NULL))*\s*\)/', '(?)', $shape );
		return (string) preg_replace( '/\(\?\)(?:\s*,\s*\(\?\))+/', '(?)', $shape );
	}

	/** How a fresh database is made by this version. @return array<string, mixed> */
	private static function schema(): array {
		return array(
			'number'   => array_key_last( Migrator::files() ),
			'files'    => Migrator::files(),
			'creation' => Snapshot::creation(),
		);
	}

	/** Whether the code that asked for the statement is the plugin's, below its own ways to the database. */
	private static function is_ours(): bool {
		$plugin = realpath( dirname( ROLLCALL_FILE ) ) . '/src/';
		foreach ( debug_backtrace( DEBUG_BACKTRACE_IGNORE_ARGS, 30 ) as $frame ) {
			$file = (string) realpath( $frame['file'] ?? '' );
			if ( '' === $file || __FILE__ === $file || str_contains( $file, '/wp-includes/' ) || str_contains( $file, '/sqlite-database-integration/' ) || str_ends_with( $file, '/src/Database/Sql.php' ) ) {
				continue;
			}
			return str_starts_with( $file, $plugin );
		}
		return false;
	}

	private function write( string $name, mixed $content ): void {
		file_put_contents( "$this->folder/$name", json_encode( $content, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR ) . "\n" );
	}
}
