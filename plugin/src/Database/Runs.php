<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\RollcallError;

/**
 * Runs of the matcher. At most one is open; the unique name of a row of kv holds that on both databases.
 *
 * @phpstan-type SourceProgress array{cursor: int, read: int, done: bool, tries: int, empty: int}
 * @phpstan-type Progress array{sources: array<string, SourceProgress>, reasons: array<string, array<int, int>>, problems: array<string, string>}
 * @phpstan-type StoredRun array{run_id: int, state: string, sources: non-empty-list<string>, scheduled: bool, progress: Progress, ran_in: string, started_by: int, started_at_ms: int, finished_at_ms: int|null, data_version: int, users_total: int, users_read: int, count_cursor: int, domains_total: int, domains_labelled: int, totals: array<string, mixed>|null, matched_users: int, matched_companies: int, error_code: string|null, error_message: string|null}
 */
final class Runs {
	private const OPEN = 'run:open';

	/**
	 * Opens a run; runs inside the caller's transaction.
	 *
	 * @param int                  $user_id 0 for the schedule.
	 * @param non-empty-list<string> $sources
	 * @return int Its number.
	 * @throws RollcallError `run_open`.
	 */
	public static function start( int $user_id, int $users_total, int $now_ms, array $sources = array( 'users' ), string $ran_in = 'companion' ): int {
		$lock = array(
			'name'          => self::OPEN,
			'value'         => '0',
			'updated_at_ms' => $now_ms,
		);
		if ( 1 !== Sql::insert( 'kv', array( $lock ), ignore: true ) ) {
			throw new RollcallError( 'run_open', 'A run is already under way.' );
		}
		Sql::insert(
			'runs',
			array(
				array(
					'state'         => Contract::number( 'RUN_STATES', 'counting' ),
					'source'        => Contract::number( 'USER_SOURCES', 'users' ),
					'sources'       => (string) wp_json_encode( $sources ),
					'ran_in'        => Contract::number( 'RUN_PLACES', $ran_in ),
					'started_by'    => $user_id,
					'scheduled'     => 0 === $user_id,
					'started_at_ms' => $now_ms,
					'users_total'   => $users_total,
				),
			)
		);
		$run_id = Sql::insert_id();
		Kv::set( self::OPEN, $run_id );
		return $run_id;
	}

	/**
	 * The open run, or null.
	 *
	 * @return StoredRun|null
	 */
	public static function open(): ?array {
		$run_id = Kv::get( self::OPEN );
		return is_int( $run_id ) ? self::find( $run_id ) : null;
	}

	/**
	 * The open run, locked until the caller's transaction ends; null when it is no longer in this state.
	 *
	 * @return StoredRun|null
	 */
	public static function locked( int $run_id, string $state ): ?array {
		$row = Sql::row( 'SELECT * FROM {runs} WHERE run_id = %d FOR UPDATE', $run_id );
		$run = null === $row ? null : self::stored( $row );
		return null === $run || $run['state'] !== $state ? null : $run;
	}

	/**
	 * One run, or null.
	 *
	 * @return StoredRun|null
	 */
	public static function find( int $run_id ): ?array {
		$row = Sql::row( 'SELECT * FROM {runs} WHERE run_id = %d', $run_id );
		return null === $row ? null : self::stored( $row );
	}

	/**
	 * Runs, newest first, or oldest first.
	 *
	 * @return list<StoredRun>
	 */
	public static function page( int $limit, int $offset, bool $oldest_first = false ): array {
		$order = $oldest_first ? 'ASC' : 'DESC';
		return array_map( array( self::class, 'stored' ), Sql::rows( "SELECT * FROM {runs} ORDER BY run_id $order LIMIT %d OFFSET %d", $limit, $offset ) );
	}

	/** Runs in all. */
	public static function count(): int {
		return (int) Sql::value( 'SELECT COUNT(*) FROM {runs}' );
	}

	/**
	 * The newest run that came to its end and read a source; null when there is none.
	 *
	 * @param string|null   $source Null is any.
	 * @param int           $before Only runs of a lower number.
	 * @return StoredRun|null
	 */
	public static function newest_done( ?string $source = null, int $before = PHP_INT_MAX ): ?array {
		foreach ( self::done( $before ) as $run ) {
			if ( null === $source || in_array( $source, $run['sources'], true ) ) {
				return $run;
			}
		}
		return null;
	}

	/**
	 * The newest run that came to its end, by source that it read.
	 *
	 * @return array<string, StoredRun>
	 */
	public static function newest_by_source(): array {
		$newest = array();
		foreach ( self::done() as $run ) {
			$newest += array_fill_keys( $run['sources'], $run );
		}
		return $newest;
	}

	/**
	 * The run before one that read the same sources to its end; null when there is none.
	 *
	 * @param StoredRun $run
	 * @return StoredRun|null
	 */
	public static function previous_done( array $run ): ?array {
		$sources = $run['sources'];
		sort( $sources );
		foreach ( self::done( $run['run_id'] ) as $older ) {
			$read = $older['sources'];
			sort( $read );
			if ( $read === $sources ) {
				return $older;
			}
		}
		return null;
	}

	/** When the newest run that the schedule started began; 0 without one. */
	public static function newest_scheduled_ms(): int {
		return (int) Sql::value( 'SELECT MAX(started_at_ms) FROM {runs} WHERE scheduled = 1' );
	}

	/**
	 * Stores how far the sources are; runs inside the caller's transaction, which holds the run.
	 *
	 * @param Progress $progress
	 * @param int      $users_read People read in this step.
	 */
	public static function save_progress( int $run_id, array $progress, int $users_read ): void {
		$problem = implode( ' ', $progress['problems'] );
		Sql::run(
			'UPDATE {runs} SET progress = %s, users_read = users_read + %d, error_code = NULLIF(%s, %s), error_message = NULLIF(%s, %s) WHERE run_id = %d',
			(string) wp_json_encode( $progress ),
			$users_read,
			'' === $problem ? '' : 'source_failed',
			'',
			mb_substr( $problem, 0, 500 ),
			'',
			$run_id
		);
	}

	/** Moves the cursor of counting; a chunk that another process has just counted is not added twice. */
	public static function counted( int $run_id, int $from, int $to, int $users_read ): void {
		Sql::run(
			'UPDATE {runs} SET users_read = users_read + %d, count_cursor = %d WHERE run_id = %d AND count_cursor = %d',
			$users_read,
			$to,
			$run_id,
			$from
		);
	}

	/** Ends counting. */
	public static function to_labelling( int $run_id, int $users_read, int $data_version, int $domains_total ): void {
		Sql::run(
			'UPDATE {runs} SET state = %d, users_total = %d, users_read = %d, data_version = %d, domains_total = %d, domains_labelled = 0 WHERE run_id = %d AND state = %d',
			Contract::number( 'RUN_STATES', 'labelling' ),
			$users_read,
			$users_read,
			$data_version,
			$domains_total,
			$run_id,
			Contract::number( 'RUN_STATES', 'counting' )
		);
	}

	/** Stores how far labelling is. */
	public static function labelled( int $run_id, int $data_version, int $domains_total, int $domains_labelled ): void {
		Sql::run(
			'UPDATE {runs} SET data_version = %d, domains_total = %d, domains_labelled = %d WHERE run_id = %d AND state = %d',
			$data_version,
			$domains_total,
			$domains_labelled,
			$run_id,
			Contract::number( 'RUN_STATES', 'labelling' )
		);
	}

	/** Ends labelling. */
	public static function to_reporting( int $run_id ): void {
		Sql::run(
			'UPDATE {runs} SET state = %d WHERE run_id = %d AND state = %d',
			Contract::number( 'RUN_STATES', 'reporting' ),
			$run_id,
			Contract::number( 'RUN_STATES', 'labelling' )
		);
	}

	/**
	 * Ends a run with its frozen figures; runs inside the caller's transaction.
	 *
	 * @param array<string, mixed> $totals The contract's totals.
	 */
	public static function finish( int $run_id, array $totals, int $users_read, int $matched_users, int $matched_companies, int $data_version, int $now_ms ): void {
		Sql::run(
			'UPDATE {runs} SET state = %d, totals = %s, users_total = %d, users_read = %d, matched_users = %d, matched_companies = %d, data_version = %d, finished_at_ms = %d WHERE run_id = %d',
			Contract::number( 'RUN_STATES', 'done' ),
			(string) wp_json_encode( $totals ),
			$users_read,
			$users_read,
			$matched_users,
			$matched_companies,
			$data_version,
			$now_ms,
			$run_id
		);
		Kv::delete( self::OPEN );
	}

	/** Ends a run that was cancelled or failed; runs inside the caller's transaction. */
	public static function abandon( int $run_id, string $state, ?string $error_code, ?string $message, int $now_ms ): void {
		Sql::run(
			'UPDATE {runs} SET state = %d, error_code = NULLIF(%s, %s), error_message = NULLIF(%s, %s), finished_at_ms = %d WHERE run_id = %d AND finished_at_ms IS NULL',
			Contract::number( 'RUN_STATES', $state ),
			(string) $error_code,
			'',
			mb_substr( (string) $message, 0, 500 ),
			'',
			$now_ms,
			$run_id
		);
		Kv::delete( self::OPEN );
	}

	/**
	 * @param array<string, string|null> $row
	 * @return StoredRun
	 */
	private static function stored( array $row ): array {
		/** @var array<string, mixed>|null $totals Written by finish(). */
		$totals = null === $row['totals'] ? null : json_decode( $row['totals'], true );
		return array(
			'run_id'            => (int) $row['run_id'],
			'state'             => Contract::word( 'RUN_STATES', (int) $row['state'] ),
			'sources'           => self::sources( $row['sources'] ),
			'scheduled'         => '1' === $row['scheduled'],
			'progress'          => self::progress( $row['progress'] ),
			'ran_in'            => Contract::word( 'RUN_PLACES', (int) $row['ran_in'] ),
			'started_by'        => (int) $row['started_by'],
			'started_at_ms'     => (int) $row['started_at_ms'],
			'finished_at_ms'    => null === $row['finished_at_ms'] ? null : (int) $row['finished_at_ms'],
			'data_version'      => (int) $row['data_version'],
			'users_total'       => (int) $row['users_total'],
			'users_read'        => (int) $row['users_read'],
			'count_cursor'      => (int) $row['count_cursor'],
			'domains_total'     => (int) $row['domains_total'],
			'domains_labelled'  => (int) $row['domains_labelled'],
			'totals'            => $totals,
			'matched_users'     => (int) $row['matched_users'],
			'matched_companies' => (int) $row['matched_companies'],
			'error_code'        => $row['error_code'],
			'error_message'     => $row['error_message'],
		);
	}

	/**
	 * Words of sources; a run of 0.1.0 stored none and read the users.
	 *
	 * @return non-empty-list<string>
	 */
	private static function sources( ?string $stored ): array {
		$words = null === $stored ? null : json_decode( $stored, true );
		$words = is_array( $words ) ? array_values( array_filter( $words, 'is_string' ) ) : array();
		return array() === $words ? array( 'users' ) : $words;
	}

	/** @return Progress */
	private static function progress( ?string $stored ): array {
		/** @var array{sources?: array<string, SourceProgress>, reasons?: array<string, array<int, int>>, problems?: array<string, string>}|null $progress Written by save_progress(). */
		$progress = null === $stored ? null : json_decode( $stored, true );
		return array(
			'sources'  => $progress['sources'] ?? array(),
			'reasons'  => $progress['reasons'] ?? array(),
			'problems' => $progress['problems'] ?? array(),
		);
	}

	/**
	 * Runs that came to their end, newest first.
	 *
	 * @return \Generator<int, StoredRun>
	 */
	private static function done( int $before = PHP_INT_MAX ): \Generator {
		do {
			$rows = Sql::rows( 'SELECT * FROM {runs} WHERE state = %d AND run_id < %d ORDER BY run_id DESC LIMIT 50', Contract::number( 'RUN_STATES', 'done' ), $before );
			foreach ( $rows as $row ) {
				$before = (int) $row['run_id'];
				yield self::stored( $row );
			}
		} while ( 50 === count( $rows ) );
	}
}
