<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Database\Batches;
use Rollcall\Database\Checks;
use Rollcall\Database\Companions;
use Rollcall\Database\Jobs;
use Rollcall\Database\Lists;
use Rollcall\Database\ListVersions;
use Rollcall\Database\StoreGeneration;
use Rollcall\Database\Transaction;
use Rollcall\Matching\RedirectProposals;
use Rollcall\Matching\Verdicts;
use Rollcall\RollcallError;

/**
 * Stores a batch in one transaction: all of its rows or none. The same batch again gets the stored answer.
 *
 * @phpstan-import-type Exchange from \Rollcall\Contract\Shapes
 * @phpstan-import-type ListPage from ListVersions
 * @phpstan-import-type ListStatus from Lists
 * @phpstan-import-type Redirect from \Rollcall\Contract\Shapes
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 * @phpstan-type Refused array{kind: string, key: string, error_code: string}
 * @phpstan-type Accepted array{batch_id: string, stored: int, refused: list<Refused>}
 * @phpstan-type LabelRow array{domain_id: int, data_version: int, verdict: Verdict}
 * @phpstan-type JobProgress array{job_uid: string, state: string, done: int, total: int, error_code: string|null, error_message: string|null, verdict: Verdict|null, redirects: list<Redirect>}
 * @phpstan-import-type Incident from \Rollcall\Contract\Shapes
 * @phpstan-import-type MonitorChecks from \Rollcall\Contract\Shapes
 * @phpstan-import-type Reading from \Rollcall\Contract\Shapes
 * @phpstan-import-type StateChange from \Rollcall\Contract\Shapes
 * @phpstan-type Batch array{id: string, digest: string, labels: list<LabelRow>, list_pages: list<ListPage>, list_statuses: list<ListStatus>, jobs: list<JobProgress>, checks: list<MonitorChecks>, readings: list<Reading>, state_changes: list<StateChange>, incidents: list<Incident>}
 */
final class Ingest {
	/** The contract's limit. */
	private const MAXIMUM_REFUSED = 500;

	/**
	 * Stores the rows; those that cannot be stored are named, the others are stored.
	 *
	 * @param Batch $batch
	 * @return Accepted
	 * @throws RollcallError With batch_conflict, stale_lease, database_busy, database_full or tables_missing; nothing was stored then.
	 */
	public static function store( array $batch, string $kid, int $now_ms ): array {
		return Transaction::run(
			static function () use ( $batch, $kid, $now_ms ): array {
				if ( ! Batches::claim( $batch['id'], $kid, $batch['digest'], $now_ms ) ) {
					return self::stored_answer( $batch['id'], $batch['digest'] );
				}
				$companion_id = Keys::companion_of( $kid );
				$monitors     = MonitorIngest::store( $batch, $companion_id, $now_ms );
				$refused      = Checks::JUDGE === Companions::location_of( $companion_id ) ? self::rows( $batch, $now_ms ) : self::rows_of_standby( $batch );
				$count    = count( $batch['labels'] ) + count( $batch['list_pages'] ) + count( $batch['list_statuses'] ) + count( $batch['jobs'] );
				$accepted = array(
					'batch_id' => $batch['id'],
					'stored'   => $count - count( $refused ) + $monitors['stored'],
					'refused'  => array_slice( array_merge( $refused, $monitors['refused'] ), 0, self::MAXIMUM_REFUSED ),
				);
				Batches::set_answer( $batch['id'], (string) wp_json_encode( $accepted ) );
				StoreGeneration::raise();
				return $accepted;
			}
		);
	}

	/** @return Accepted */
	private static function stored_answer( string $batch_id, string $digest ): array {
		$known = Batches::find( $batch_id ) ?? throw new RollcallError( 'database_busy', "Batch $batch_id went away." );
		if ( $known['digest'] !== $digest ) {
			throw new RollcallError( 'batch_conflict', "Batch $batch_id was stored with another digest." );
		}
		/** @var Accepted $accepted Written by store(). */
		$accepted = json_decode( $known['answer'], true, 8, JSON_THROW_ON_ERROR );
		return $accepted;
	}

	/**
	 * @param Batch $batch
	 * @return list<Refused>
	 */
	private static function rows( array $batch, int $now_ms ): array {
		$refused = array();
		foreach ( $batch['list_pages'] as $page ) {
			try {
				self::refuse_kept_here( $page['list_uid'] );
				ListVersions::store_page( $page, $now_ms );
			} catch ( RollcallError $error ) {
				if ( ! in_array( $error->error_code, array( 'not_found', 'bad_request', 'list_not_yours', 'list_outdated' ), true ) ) {
					throw $error;
				}
				$refused[] = self::refused( 'list_pages', "{$page['list_uid']} {$page['page']}", $error->error_code );
			}
		}
		foreach ( $batch['list_statuses'] as $status ) {
			try {
				self::refuse_kept_here( $status['list_uid'] );
				Lists::set_status( $status, $now_ms );
			} catch ( RollcallError $error ) {
				if ( ! in_array( $error->error_code, array( 'not_found', 'list_not_yours' ), true ) ) {
					throw $error;
				}
				$refused[] = self::refused( 'list_statuses', $status['list_uid'], $error->error_code );
			}
		}
		foreach ( $batch['jobs'] as $progress ) {
			$job = Jobs::find( $progress['job_uid'] );
			if ( null === $job || ! Jobs::store_progress( $progress, $now_ms ) ) {
				$refused[] = self::refused( 'jobs', $progress['job_uid'], 'not_found' );
			} elseif ( in_array( $job['state'], array( 'queued', 'running' ), true ) ) {
				RedirectProposals::take( array_filter( $progress['redirects'], static fn( array $redirect ): bool => in_array( $redirect['host'], $job['hosts'], true ) ), $now_ms );
			}
		}
		return array_merge( $refused, Verdicts::store( $batch['labels'], $now_ms ) );
	}

	/**
	 * Lists, verdicts and jobs are the judge's. One that has lost its place since is told that nothing of this was stored.
	 *
	 * @param Batch $batch
	 * @return list<Refused>
	 */
	private static function rows_of_standby( array $batch ): array {
		return array_merge(
			array_map( static fn( array $row ): array => self::refused( 'labels', (string) $row['domain_id'], 'stale_lease' ), $batch['labels'] ),
			array_map( static fn( array $row ): array => self::refused( 'list_pages', "{$row['list_uid']} {$row['page']}", 'stale_lease' ), $batch['list_pages'] ),
			array_map( static fn( array $row ): array => self::refused( 'list_statuses', $row['list_uid'], 'stale_lease' ), $batch['list_statuses'] ),
			array_map( static fn( array $row ): array => self::refused( 'jobs', $row['job_uid'], 'stale_lease' ), $batch['jobs'] )
		);
	}

	/** A list is written by its owner alone. */
	private static function refuse_kept_here( string $list_uid ): void {
		$list = Lists::find( $list_uid ) ?? throw new RollcallError( 'not_found', "There is no list $list_uid." );
		if ( 'companion' !== $list['owner'] ) {
			throw new RollcallError( 'list_not_yours', "The list $list_uid is kept in WordPress." );
		}
	}

	/** @return Refused */
	private static function refused( string $kind, string $key, string $error_code ): array {
		return array(
			'kind'       => $kind,
			'key'        => mb_substr( $key, 0, 128 ),
			'error_code' => $error_code,
		);
	}
}
