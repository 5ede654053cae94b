<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\RunFigures;
use Rollcall\Database\Runs;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;
use Rollcall\Users\PluginSources;
use Rollcall\Users\SourcePeople;
use Rollcall\Users\Sources;

/**
 * Counts the people of a run's sources other than the users, a page a transaction with its cursor. A source that throws,
 * goes in circles or ends the request is given up; the run goes on and says so.
 *
 * @phpstan-import-type Counted from SourcePeople
 * @phpstan-import-type StoredRun from Runs
 * @phpstan-import-type SourceProgress from Runs
 */
final class SourceCounting {
	/** A source that ended the request so often is not asked again. */
	private const TRIES = 3;

	/** Pages in a row without anyone new after which a source is taken to go in circles. */
	public const EMPTY_PAGES = 1000;

	/** Addresses on a page of a source of another plugin. */
	private const FOREIGN_PAGE = 1000;

	private const START = array(
		'cursor' => 0,
		'read'   => 0,
		'done'   => false,
		'tries'  => 0,
		'empty'  => 0,
	);

	/**
	 * Where a source of a run is.
	 *
	 * @param StoredRun $run
	 * @return SourceProgress
	 */
	public static function at( array $run, string $source ): array {
		return ( $run['progress']['sources'][ $source ] ?? array() ) + self::START;
	}

	/**
	 * Reads one page. @return bool Whether the source has more.
	 *
	 * @throws RollcallError `database_busy`: nothing was changed.
	 */
	public static function step( int $run_id, string $source, int $limit, int $now_ms ): bool {
		$run = Runs::find( $run_id );
		if ( null === $run || 'counting' !== $run['state'] || self::at( $run, $source )['done'] ) {
			return false;
		}
		$at      = self::at( $run, $source );
		$foreign = Sources::is_foreign( $source );
		try {
			if ( $at['tries'] >= self::TRIES ) {
				throw PluginSources::failed( $source, __( 'it ended the request each time it was asked', 'rollcall' ) );
			}
			if ( $at['empty'] >= self::EMPTY_PAGES ) {
				throw PluginSources::failed( $source, __( 'its pages do not come to an end', 'rollcall' ) );
			}
			if ( $foreign ) {
				self::change( $run_id, $source, $at['cursor'], static fn ( array $row ): array => array( 'tries' => $row['tries'] + 1 ) + $row );
			}
			$page = Sources::page( $source, $at['cursor'], $foreign ? min( self::FOREIGN_PAGE, $limit ) : $limit );
		} catch ( RollcallError $error ) {
			if ( 'source_failed' !== $error->error_code ) {
				throw $error;
			}
			self::change( $run_id, $source, $at['cursor'], static fn ( array $row ): array => array( 'done' => true ) + $row, $error->getMessage() );
			return false;
		}
		return self::store( $run_id, $source, $at['cursor'], $page, $now_ms );
	}

	/**
	 * Stores what was counted with the cursor; runs inside the caller's transaction, which holds the run.
	 *
	 * @param StoredRun      $run
	 * @param Counted        $counted
	 * @param SourceProgress $at Where the source is now.
	 */
	public static function add( array $run, string $source, array $counted, array $at ): void {
		RunFigures::add( $run['run_id'], $source, $counted['users_by_domain'] );
		$progress = $run['progress'];
		$reasons  = $progress['reasons'][ $source ] ?? array();
		foreach ( $counted['reasons'] as $reason => $people ) {
			$reasons[ $reason ] = ( $reasons[ $reason ] ?? 0 ) + $people;
		}
		$progress['reasons'][ $source ] = $reasons;
		$progress['sources'][ $source ] = array( 'read' => $at['read'] + $counted['read'] ) + $at;
		Runs::save_progress( $run['run_id'], $progress, $counted['read'] );
	}

	/** @param array{addresses: list<mixed>, next: int|null} $page */
	private static function store( int $run_id, string $source, int $cursor, array $page, int $now_ms ): bool {
		return Transaction::run(
			static function () use ( $run_id, $source, $cursor, $page, $now_ms ): bool {
				$run = Runs::locked( $run_id, 'counting' );
				if ( null === $run || self::at( $run, $source )['cursor'] !== $cursor || self::at( $run, $source )['done'] ) {
					// Another process has just stored this page.
					return null !== $run && ! self::at( $run, $source )['done'];
				}
				$at      = self::at( $run, $source );
				$counted = SourcePeople::count( $page['addresses'], $run_id, in_array( 'users', $run['sources'], true ), $now_ms );
				$foreign = Sources::is_foreign( $source );
				self::add(
					$run,
					$source,
					$counted,
					array(
						'cursor' => $page['next'] ?? $cursor,
						'done'   => null === $page['next'],
						'tries'  => 0,
						'empty'  => $foreign && 0 === $counted['read'] ? $at['empty'] + 1 : 0,
					) + $at
				);
				return null !== $page['next'];
			}
		);
	}

	/**
	 * Changes where a source is, unless another process has gone on with it.
	 *
	 * @param callable(SourceProgress): SourceProgress $change
	 */
	private static function change( int $run_id, string $source, int $cursor, callable $change, ?string $problem = null ): void {
		Transaction::run(
			static function () use ( $run_id, $source, $cursor, $change, $problem ): void {
				$run = Runs::locked( $run_id, 'counting' );
				if ( null !== $run && self::at( $run, $source )['cursor'] === $cursor ) {
					$progress                       = $run['progress'];
					$progress['sources'][ $source ] = $change( self::at( $run, $source ) );
					if ( null !== $problem ) {
						$progress['problems'][ $source ] = $problem;
					}
					Runs::save_progress( $run_id, $progress, 0 );
				}
			}
		);
	}
}
