<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Contract;

/**
 * What the site owner asked the companion for, and how far it is.
 *
 * @phpstan-import-type JobRow from \Rollcall\Contract\Shapes
 * @phpstan-import-type WebhookCall from \Rollcall\Contract\Shapes
 * @phpstan-type StoredJob array{job_uid: string, kind: string, state: string, list_uid: string|null, host: string|null, done: int, total: int, error_code: string|null, error_message: string|null, result: array<string, mixed>|null, hosts: list<string>, webhook: WebhookCall|null, monitor_uids: list<string>, active_count: int, after_slot_ms: int, created_at_ms: int, updated_at_ms: int}
 */
final class Jobs {
	private const OPEN = '(1, 2)';

	/** So long checking now may take. */
	private const CHECK_MS = 600_000;

	/**
	 * Queues a job.
	 *
	 * @param array{hosts?: list<string>, webhook?: WebhookCall, monitor_uids?: list<string>, active_count?: int, after_slot_ms?: int} $input Of kind redirects, webhook, check; all but those of check are forgotten when the job ends.
	 * @return string Its job_uid.
	 */
	public static function add( string $kind, ?string $list_uid, ?string $host, int $now_ms, array $input = array() ): string {
		$job_uid = bin2hex( random_bytes( 16 ) );
		$row     = array(
			'job_uid'       => $job_uid,
			'kind'          => Contract::number( 'JOB_KINDS', $kind ),
			'state'         => Contract::number( 'JOB_STATES', 'queued' ),
			'list_uid'      => $list_uid,
			'host'          => $host,
			'done'          => 0,
			'total'         => 0,
			'input'         => array() === $input ? null : (string) wp_json_encode( $input, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ),
			'created_by'    => get_current_user_id(),
			'created_at_ms' => $now_ms,
			'updated_at_ms' => $now_ms,
		);
		Sql::insert( 'jobs', array( $row ) );
		return $job_uid;
	}

	/**
	 * One job.
	 *
	 * @return StoredJob|null
	 */
	public static function find( string $job_uid ): ?array {
		$row = Sql::row( 'SELECT * FROM {jobs} WHERE job_uid = %s', $job_uid );
		return null === $row ? null : self::stored( $row );
	}

	/**
	 * Queued and running jobs, oldest first, at most 50.
	 *
	 * @return list<StoredJob>
	 */
	public static function open(): array {
		return array_map( array( self::class, 'stored' ), Sql::rows( 'SELECT * FROM {jobs} WHERE state IN ' . self::OPEN . ' ORDER BY created_at_ms, job_uid LIMIT 50' ) );
	}

	/**
	 * The newest open job that updates a list, or null.
	 *
	 * @return StoredJob|null
	 */
	public static function open_update( string $list_uid ): ?array {
		$row = Sql::row(
			'SELECT * FROM {jobs} WHERE state IN ' . self::OPEN . ' AND kind = %d AND list_uid = %s ORDER BY created_at_ms DESC LIMIT 1',
			Contract::number( 'JOB_KINDS', 'list_update' ),
			$list_uid
		);
		return null === $row ? null : self::stored( $row );
	}

	/**
	 * The newest open job of a kind, or null.
	 *
	 * @return StoredJob|null
	 */
	public static function open_of( string $kind ): ?array {
		$row = Sql::row( 'SELECT * FROM {jobs} WHERE state IN ' . self::OPEN . ' AND kind = %d ORDER BY created_at_ms DESC LIMIT 1', Contract::number( 'JOB_KINDS', $kind ) );
		return null === $row ? null : self::stored( $row );
	}

	/**
	 * Jobs that were cancelled a moment ago, so that the companion hears of it.
	 *
	 * @return list<string> job_uids.
	 */
	public static function cancelled_since( int $since_ms ): array {
		return Sql::column( 'SELECT job_uid FROM {jobs} WHERE state = %d AND updated_at_ms >= %d ORDER BY updated_at_ms LIMIT 20', Contract::number( 'JOB_STATES', 'cancelled' ), $since_ms );
	}

	/** Cancels a job that is open; does nothing to another one. */
	public static function cancel( string $job_uid, int $now_ms ): void {
		Sql::run( 'UPDATE {jobs} SET state = %d, updated_at_ms = %d, input = CASE WHEN kind = %d THEN input ELSE NULL END WHERE job_uid = %s AND state IN ' . self::OPEN, Contract::number( 'JOB_STATES', 'cancelled' ), $now_ms, Contract::number( 'JOB_KINDS', 'check' ), $job_uid );
	}

	/** Ends jobs that check monitors now and take too long; also where no companion calls. */
	public static function end_checks( int $now_ms ): void {
		Sql::run(
			'UPDATE {jobs} SET state = %d, error_code = %s, error_message = %s, updated_at_ms = %d WHERE state IN ' . self::OPEN . ' AND kind = %d AND created_at_ms < %d',
			Contract::number( 'JOB_STATES', 'failed' ),
			'companion_silent',
			'The companion did not end the checks within 10 minutes.',
			$now_ms,
			Contract::number( 'JOB_KINDS', 'check' ),
			$now_ms - self::CHECK_MS
		);
	}

	/**
	 * Stores progress; a job that has ended stays as it ended.
	 *
	 * @param array{job_uid: string, state: string, done: int, total: int, error_code: string|null, error_message: string|null, verdict: array<string, mixed>|null} $progress
	 * @return bool False when there is no such job.
	 */
	public static function store_progress( array $progress, int $now_ms ): bool {
		$job = self::find( $progress['job_uid'] );
		if ( null === $job ) {
			return false;
		}
		if ( ! in_array( $job['state'], array( 'queued', 'running' ), true ) ) {
			return true;
		}
		$text = static fn( ?string $value ): string => null === $value ? 'NULL' : '%s';
		$verdict = null === $progress['verdict'] ? null : (string) wp_json_encode( $progress['verdict'] );
		$values  = array_filter( array( $progress['error_code'], $progress['error_message'], $verdict ), 'is_string' );
		$input   = in_array( $progress['state'], array( 'queued', 'running' ), true ) || 'check' === $job['kind'] ? '' : 'input = NULL, ';
		Sql::run(
			"UPDATE {jobs} SET state = %d, done = %d, total = %d, updated_at_ms = %d, {$input}error_code = {$text( $progress['error_code'] )}, error_message = {$text( $progress['error_message'] )}, result = {$text( $verdict )} WHERE job_uid = %s",
			Contract::number( 'JOB_STATES', $progress['state'] ),
			min( 2147483647, $progress['done'] ),
			min( 2147483647, $progress['total'] ),
			$now_ms,
			...array( ...$values, $progress['job_uid'] )
		);
		return true;
	}

	/**
	 * A job as REST shows it.
	 *
	 * @param StoredJob $job
	 * @return JobRow
	 */
	public static function item( array $job ): array {
		/** @var JobRow $item */
		$item = array(
			'job_uid'       => $job['job_uid'],
			'kind'          => $job['kind'],
			'state'         => $job['state'],
			'done'          => $job['done'],
			'total'         => $job['total'],
			'list_uid'      => $job['list_uid'],
			'created_at'    => Clock::iso( $job['created_at_ms'] ),
			'error_code'    => $job['error_code'],
			'error_message' => $job['error_message'],
		);
		return $item;
	}

	/**
	 * @param array<string, string|null> $row
	 * @return StoredJob
	 */
	private static function stored( array $row ): array {
		/** @var array<string, mixed>|null $result Written by store_progress(). */
		$result = null === $row['result'] ? null : json_decode( $row['result'], true );
		/** @var array{hosts?: list<string>, webhook?: WebhookCall, monitor_uids?: list<string>, active_count?: int, after_slot_ms?: int} $input Written by add(). */
		$input = json_decode( $row['input'] ?? '[]', true );
		return array(
			'job_uid'       => (string) $row['job_uid'],
			'kind'          => Contract::word( 'JOB_KINDS', (int) $row['kind'] ),
			'state'         => Contract::word( 'JOB_STATES', (int) $row['state'] ),
			'list_uid'      => $row['list_uid'],
			'host'          => $row['host'],
			'done'          => (int) $row['done'],
			'total'         => (int) $row['total'],
			'error_code'    => $row['error_code'],
			'error_message' => $row['error_message'],
			'result'        => $result,
			'hosts'         => $input['hosts'] ?? array(),
			'webhook'       => $input['webhook'] ?? null,
			'monitor_uids'  => $input['monitor_uids'] ?? array(),
			'active_count'  => $input['active_count'] ?? 0,
			'after_slot_ms' => $input['after_slot_ms'] ?? 0,
			'created_at_ms' => (int) $row['created_at_ms'],
			'updated_at_ms' => (int) $row['updated_at_ms'],
		);
	}
}
