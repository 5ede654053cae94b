<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** Number of the judge. Each pairing of a judge and each hand-over raises it, and what a judge of a lower number decides is refused. */
final class JudgeEpoch {
	private const NAME = 'judge_epoch';

	/** The number; 1 at the start. */
	public static function current(): int {
		$epoch = Kv::get( self::NAME );
		return is_int( $epoch ) ? max( 1, $epoch ) : 1;
	}

	/**
	 * The same, and no other transaction that holds it goes on before this one has ended. Before anything is read in it:
	 * the snapshot of a transaction is that of its first read.
	 */
	public static function hold(): int {
		$epoch = self::locked();
		if ( null === $epoch ) {
			$row = array(
				'name'          => self::NAME,
				'value'         => '1',
				'updated_at_ms' => 0,
			);
			Sql::insert( 'kv', array( $row ), ignore: true );
			$epoch = self::locked();
		}
		return max( 1, (int) $epoch );
	}

	private static function locked(): ?string {
		return Sql::value( 'SELECT value FROM {kv} WHERE name = %s FOR UPDATE', self::NAME );
	}

	/** Another judge; goes into the transaction in which it becomes that. */
	public static function raise(): void {
		self::set( self::hold() + 1 );
	}

	/** Sets the number: a companion knows a higher one after a backup was restored. */
	public static function set( int $epoch ): void {
		Sql::run( 'UPDATE {kv} SET value = %s WHERE name = %s', (string) $epoch, self::NAME );
	}
}
