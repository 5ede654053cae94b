<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Clock;
use Rollcall\Companion\Link;
use Rollcall\Database\Companions;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\GivenUp;
use Rollcall\Database\Lists;
use Rollcall\Database\ReportPeople;
use Rollcall\Database\RunFigures;
use Rollcall\Database\Runs;
use Rollcall\Database\Transaction;
use Rollcall\Database\UserDomains as Rows;
use Rollcall\RollcallError;
use Rollcall\Users\UserDomains;

/**
 * Takes the open run from counting over labelling and reporting to its end. The page, each exchange and WP-Cron call
 * it; every step is a transaction, so a kill anywhere costs a repeat of that step.
 *
 * @phpstan-import-type Run from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredRun from Runs
 */
final class RunProgress {
	/** Event of WP-Cron that goes on with the open run when neither page nor companion does. */
	public const TICK_EVENT = 'rollcall_tick';

	private const TICK_SECONDS = 60;

	/**
	 * Starts a run.
	 *
	 * @param bool $agreed Whether the user agrees to sending now; needed until someone did for the companion that is paired.
	 * @return int Its number.
	 * @throws RollcallError `consent_missing`, `run_open`.
	 */
	public static function start( int $user_id, bool $agreed, int $now_ms ): int {
		$run_id = Transaction::run(
			static function () use ( $user_id, $agreed, $now_ms ): int {
				if ( $agreed ) {
					Consent::agree( $user_id, $now_ms );
				}
				if ( null === Consent::agreed_at_ms() ) {
					throw new RollcallError( 'consent_missing', 'Nobody has agreed yet to send the domains to this companion.' );
				}
				DataVersion::note_own_hosts( OwnHosts::current() );
				return Runs::start( $user_id, Rows::user_count(), $now_ms );
			}
		);
		self::schedule();
		return $run_id;
	}

	/**
	 * Goes one bounded step further; does nothing without an open run.
	 *
	 * @throws RollcallError `database_busy`: nothing was changed, the next call tries again.
	 */
	public static function advance( int $now_ms ): void {
		$run = Runs::open();
		if ( null === $run ) {
			return;
		}
		try {
			if ( 'counting' === $run['state'] ) {
				Counting::in_chunks( static fn ( int $limit ): bool => self::count( $run['run_id'], $limit, $now_ms ) );
				$run = Runs::open();
			}
			if ( null !== $run && 'labelling' === $run['state'] ) {
				$run = self::label( $run );
			}
			if ( null !== $run && 'reporting' === $run['state'] ) {
				self::report( $run['run_id'], $now_ms );
			}
		} catch ( RollcallError $error ) {
			throw $error;
		} catch ( \Throwable $thrown ) {
			self::end( $run['run_id'] ?? 0, 'failed', 'run_failed', $thrown->getMessage(), $now_ms );
			throw new RollcallError( 'run_failed', $thrown->getMessage(), array(), $thrown );
		}
	}

	/** Ends a run where it is; labels that were made are kept. Does nothing to one that has ended. */
	public static function cancel( int $run_id, int $now_ms ): void {
		self::end( $run_id, 'cancelled', null, null, $now_ms );
	}

	/**
	 * Goes on without domains whose verdict does not get through to this site; they wait for a label in the next run.
	 *
	 * @param list<array{domain_id: int, data_version: int}> $given_up At most 500.
	 * @throws RollcallError `database_busy`: nothing was changed.
	 */
	public static function give_up( array $given_up ): void {
		$run = array() === $given_up ? null : Runs::open();
		if ( null === $run ) {
			return;
		}
		Transaction::run(
			static function () use ( $run, $given_up ): void {
				if ( null !== Runs::locked( $run['run_id'], 'labelling' ) ) {
					$version = DataVersion::current();
					$current = array_filter( $given_up, static fn ( array $row ): bool => $version === $row['data_version'] );
					GivenUp::note( array_column( $current, 'domain_id' ), $version );
				}
			}
		);
	}

	/** Whether domains may leave now: a run is labelling, sending to this companion was agreed to, and there is a list to judge on. */
	public static function sends_domains(): bool {
		$run = Runs::open();
		return null !== $run && 'labelling' === $run['state'] && null !== Consent::agreed_at_ms() && Lists::any_active();
	}

	/** WP-Cron's call. */
	public static function tick(): void {
		$now_ms = Clock::now_ms();
		try {
			self::advance( $now_ms );
			if ( null !== Runs::open() ) {
				self::schedule();
			}
		} catch ( RollcallError $error ) {
			self::schedule();
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- nobody looks at WP-Cron's answer.
			error_log( 'Rollcall: the run did not go on: ' . $error->getMessage() );
		}
	}

	/**
	 * A run as REST shows it.
	 *
	 * @param StoredRun $run
	 * @return Run
	 */
	public static function item( array $run, int $now_ms ): array {
		$user = get_userdata( $run['started_by'] );
		/** @var Run $item */
		$item = array(
			'run_id'            => $run['run_id'],
			'state'             => $run['state'],
			'sources'           => $run['sources'],
			'ran_in'            => $run['ran_in'],
			'started_by'        => false === $user ? '' : mb_substr( $user->display_name, 0, 250 ),
			'scheduled'         => $run['scheduled'],
			'started_at'        => Clock::iso( $run['started_at_ms'] ),
			'finished_at'       => Clock::iso_or_null( $run['finished_at_ms'] ),
			'data_version'      => $run['data_version'],
			'users_total'       => max( $run['users_total'], $run['users_read'] ),
			'users_read'        => $run['users_read'],
			'domains_total'     => $run['domains_total'],
			'domains_labelled'  => $run['domains_labelled'],
			'waits_for'         => self::waits_for( $run, $now_ms ),
			'matched_users'     => $run['matched_users'],
			'matched_companies' => $run['matched_companies'],
			'error_code'        => $run['error_code'],
			'error_message'     => $run['error_message'],
		);
		return $item;
	}

	/**
	 * What a labelling run waits for: consent when another companion was paired, the companion when none is paired or it
	 * is silent, else a list.
	 *
	 * @param StoredRun $run
	 */
	private static function waits_for( array $run, int $now_ms ): string {
		if ( 'labelling' !== $run['state'] ) {
			return 'nothing';
		}
		$companion = Companions::current();
		if ( null !== $companion && null === Consent::agreed_at_ms() ) {
			return 'consent';
		}
		$expected  = null === $companion ? 0 : max( (int) $companion['next_expected_ms'], (int) $companion['last_seen_ms'], $companion['paired_at_ms'] );
		if ( $expected + Link::SILENT_MS < $now_ms ) {
			return 'companion';
		}
		return Lists::any_active() ? 'nothing' : 'list';
	}

	/** Counts one chunk with its cursor. @return bool Whether there is more to count. */
	private static function count( int $run_id, int $limit, int $now_ms ): bool {
		return Transaction::run(
			static function () use ( $run_id, $limit, $now_ms ): bool {
				$run = Runs::locked( $run_id, 'counting' );
				if ( null === $run ) {
					return false;
				}
				$chunk = UserDomains::count_chunk( $run['count_cursor'], $limit, $now_ms );
				Runs::counted( $run_id, $run['count_cursor'], $chunk['last_id'], $chunk['users_read'] );
				if ( $chunk['done'] ) {
					$version = DataVersion::current();
					Counting::finished( Rows::counted() );
					Runs::to_labelling( $run_id, Rows::counted(), $version, Domains::stale_count( $version ) );
				}
				return ! $chunk['done'];
			}
		);
	}

	/**
	 * Looks how many domains are left. A list that became active in the meantime makes all of them stale again.
	 *
	 * @param StoredRun $run
	 * @return StoredRun|null
	 */
	private static function label( array $run ): ?array {
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

	/** Freezes the figures. */
	private static function report( int $run_id, int $now_ms ): void {
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
			}
		);
	}

	private static function end( int $run_id, string $state, ?string $error_code, ?string $message, int $now_ms ): void {
		Transaction::run(
			static function () use ( $run_id, $state, $error_code, $message, $now_ms ): void {
				$open = Runs::open();
				if ( null !== $open && $run_id === $open['run_id'] ) {
					Runs::abandon( $run_id, $state, $error_code, $message, $now_ms );
					GivenUp::release();
				}
			}
		);
	}

	private static function schedule(): void {
		if ( false === wp_next_scheduled( self::TICK_EVENT ) ) {
			wp_schedule_single_event( time() + self::TICK_SECONDS, self::TICK_EVENT );
		}
	}
}
