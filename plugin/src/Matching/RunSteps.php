<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\GivenUp;
use Rollcall\Database\Lists;
use Rollcall\Database\ReportPeople;
use Rollcall\Database\RunAddresses;
use Rollcall\Database\RunFigures;
use Rollcall\Database\Runs;
use Rollcall\Database\Transaction;
use Rollcall\Database\UserDomains as Rows;
use Rollcall\Users\UserDomains;

/**
 * The steps of a run: count its sources one after the other, look how many domains are left to label, freeze the figures.
 * Each is a transaction that begins with a look at the run, so that any number of processes may go on with it.
 *
 * @phpstan-import-type StoredRun from Runs
 */
final class RunSteps {
	/** Hashes of addresses removed in one step. */
	private const FORGET = 20_000;

	/** Hosts whose numbers are remembered within a request, 5 MiB of them. */
	private const KNOWN = 50_000;

	/** Counts for a second or two. */
	public static function count( int $run_id, int $now_ms ): void {
		$known = array();
		Counting::in_chunks(
			static function ( int $limit ) use ( $run_id, $now_ms, &$known ): bool {
				return self::count_some( $run_id, $limit, $now_ms, $known );
			}
		);
	}

	/**
	 * What counting does next: `users`, the name of another source, `hosts` when only a pasted list is missing, `end`.
	 *
	 * @param StoredRun $run
	 */
	public static function next_source( array $run ): string {
		foreach ( $run['sources'] as $source ) {
			if ( 'paste' !== $source && ! SourceCounting::at( $run, $source )['done'] ) {
				return $source;
			}
		}
		return in_array( 'paste', $run['sources'], true ) && ! SourceCounting::at( $run, 'paste' )['done'] ? 'hosts' : 'end';
	}

	/**
	 * Looks how many domains are left. A list that became active in the meantime makes all of them stale again.
	 *
	 * @param StoredRun $run
	 * @return StoredRun|null
	 */
	public static function label( array $run ): ?array {
		$version = DataVersion::current();
		$left    = Domains::stale_count( $version );
		$missing = $left + GivenUp::count( $version );
		$total   = $version === $run['data_version'] ? max( $run['domains_total'], $missing ) : $missing;
		if ( array( $version, $total, $total - $missing ) !== array( $run['data_version'], $run['domains_total'], $run['domains_labelled'] ) ) {
			Runs::labelled( $run['run_id'], $version, $total, $total - $missing );
		}
		if ( 0 === $left && ( Lists::any_active() || 0 === $total ) ) {
			Runs::to_reporting( $run['run_id'] );
		}
		return Runs::find( $run['run_id'] );
	}

	/** Matches what the threshold hides, then freezes the figures. */
	public static function report( int $run_id, int $now_ms ): void {
		$run = Runs::find( $run_id );
		if ( null === $run || ! HiddenHosts::match( $run, $now_ms ) ) {
			return;
		}
		Transaction::run(
			static function () use ( $run_id, $now_ms ): void {
				$run = Runs::locked( $run_id, 'reporting' );
				if ( null === $run ) {
					return;
				}
				RunFigures::freeze( $run );
				$figures = Report::figures( ReportPeople::of_run( $run ) );
				Runs::finish(
					$run_id,
					$figures['totals'],
					$figures['totals']['users_read'],
					$figures['matched_users'],
					$figures['matched_companies'],
					DataVersion::current(),
					$now_ms
				);
				GivenUp::release();
				Webhook::queue( $run_id, $now_ms );
			}
		);
	}

	/**
	 * Counts one chunk with its cursor.
	 *
	 * @param array<string, int> $known Numbers of hosts that were found in this request.
	 * @return bool Whether there is more to count.
	 */
	private static function count_some( int $run_id, int $limit, int $now_ms, array &$known ): bool {
		$run  = Runs::find( $run_id );
		$next = null === $run || 'counting' !== $run['state'] ? 'hosts' : self::next_source( $run );
		return match ( $next ) {
			'hosts' => false,
			'users' => self::count_users( $run_id, $limit, $now_ms, $known ),
			'end'   => self::end_counting( $run_id ),
			default => self::count_source( $run_id, $next, $limit, $now_ms ),
		};
	}

	/** Counts a page of another source; what comes after it is for the next call. */
	private static function count_source( int $run_id, string $source, int $limit, int $now_ms ): bool {
		SourceCounting::step( $run_id, $source, $limit, $now_ms );
		return true;
	}

	/** @param array<string, int> $known */
	private static function count_users( int $run_id, int $limit, int $now_ms, array &$known ): bool {
		$counted = Transaction::run(
			static function () use ( $run_id, $limit, $now_ms, $known ): ?array {
				$run = Runs::locked( $run_id, 'counting' );
				if ( null === $run || SourceCounting::at( $run, 'users' )['done'] ) {
					return null;
				}
				$chunk = UserDomains::count_chunk( $run['count_cursor'], $limit, $now_ms, $known );
				Runs::counted( $run_id, $run['count_cursor'], $chunk['last_id'], $chunk['users_read'] );
				if ( $chunk['done'] ) {
					Counting::finished( Rows::counted() );
					$progress                     = $run['progress'];
					$progress['sources']['users'] = array( 'done' => true ) + SourceCounting::at( $run, 'users' );
					Runs::save_progress( $run_id, $progress, 0 );
				}
				return $chunk['hosts'];
			}
		);
		// Only what is committed: a transaction that is tried again gives other numbers.
		$known = count( $known ) > self::KNOWN ? array() : $known + ( $counted ?? array() );
		return true;
	}

	/** Throws away what told addresses apart, then goes on to labelling. @return bool Whether there is more to do. */
	private static function end_counting( int $run_id ): bool {
		return Transaction::run(
			static function () use ( $run_id ): bool {
				$run = Runs::locked( $run_id, 'counting' );
				if ( null === $run || RunAddresses::forget( self::FORGET ) ) {
					return null !== $run;
				}
				$version = DataVersion::current();
				$read    = in_array( 'users', $run['sources'], true ) ? Rows::counted() : 0;
				foreach ( array_diff( $run['sources'], array( 'users' ) ) as $source ) {
					$read += SourceCounting::at( $run, $source )['read'];
				}
				Runs::to_labelling( $run_id, $read, $version, Domains::stale_count( $version ) );
				return false;
			}
		);
	}
}
