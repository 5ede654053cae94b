<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** Batches that were stored, with their answers: the same batch again gets the same answer. Kept 8 days. */
final class Batches {
	/**
	 * Takes the id of a batch for this transaction. Goes first in it: a process with the same batch waits here.
	 *
	 * @return bool False when the batch was stored before.
	 */
	public static function claim( string $batch_id, string $kid, string $digest, int $now_ms ): bool {
		$row = array(
			'batch_id'      => $batch_id,
			'kid'           => $kid,
			'digest'        => $digest,
			'answer'        => '',
			'created_at_ms' => $now_ms,
		);
		return 1 === Sql::insert( 'batches', array( $row ), ignore: true );
	}

	/** Stores the answer of a batch that was claimed. */
	public static function set_answer( string $batch_id, string $answer ): void {
		Sql::run( 'UPDATE {batches} SET answer = %s WHERE batch_id = %s', $answer, $batch_id );
	}

	/**
	 * What was stored; read past the snapshot of this transaction.
	 *
	 * @return array{digest: string, answer: string}|null
	 */
	public static function find( string $batch_id ): ?array {
		$row = Sql::row( 'SELECT digest, answer FROM {batches} WHERE batch_id = %s FOR UPDATE', $batch_id );
		return null === $row ? null : array(
			'digest' => (string) $row['digest'],
			'answer' => (string) $row['answer'],
		);
	}
}
