<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Clock;
use Rollcall\Companion\Link;
use Rollcall\Database\Companions;
use Rollcall\Database\DataVersion;
use Rollcall\Database\GivenUp;
use Rollcall\Database\Lists;
use Rollcall\Database\RunAddresses;
use Rollcall\Database\Runs;
use Rollcall\Database\RunSources;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;
use Rollcall\Users\Sources;

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

	/** How long a run waits for a page of the browser. */
	private const LEFT_MS = 86_400_000;

	/** Hashes of addresses removed with a run that ends early; Pruning removes the others. */
	private const FORGET = 20_000;

	/**
	 * Starts a run. One that reads other sources than the users may start before anyone agreed: it counts, and waits then.
	 *
	 * @param int          $user_id 0 for the schedule.
	 * @param bool         $agreed  Whether the user agrees to sending now; needed until someone did for the companion that is paired.
	 * @param list<string> $sources Empty is the users.
	 * @return int Its number.
	 * @throws RollcallError `consent_missing`, `run_open`, `source_unavailable`.
	 */
	public static function start( int $user_id, bool $agreed, int $now_ms, array $sources = array(), string $ran_in = 'companion' ): int {
		$sources = self::in_order( $sources );
		$people  = self::people( $sources );
		$run_id  = Transaction::run(
			static function () use ( $user_id, $agreed, $now_ms, $sources, $ran_in, $people ): int {
				if ( $agreed && 'companion' === $ran_in ) {
					Consent::agree( $user_id, $now_ms );
				}
				if ( 'companion' === $ran_in && array( 'users' ) === $sources && null === Consent::agreed_at_ms() ) {
					throw new RollcallError( 'consent_missing', 'Nobody has agreed yet to send the domains to this companion.' );
				}
				DataVersion::note_own_hosts( OwnHosts::current() );
				RunSources::assign( $sources );
				return Runs::start( $user_id, $people, $now_ms, $sources, $ran_in );
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
		if ( self::was_left( $run, $now_ms ) ) {
			self::end( $run['run_id'], 'failed', 'run_failed', __( 'The page that this run needs was closed for more than a day.', 'rollcall' ), $now_ms );
			return;
		}
		try {
			if ( 'counting' === $run['state'] ) {
				RunSteps::count( $run['run_id'], $now_ms );
				$run = Runs::open();
			}
			if ( null !== $run && 'labelling' === $run['state'] ) {
				$run = RunSteps::label( $run );
			}
			if ( null !== $run && 'reporting' === $run['state'] ) {
				RunSteps::report( $run['run_id'], $now_ms );
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

	/** Whether domains may leave now: a run of the companion is labelling, sending to this companion was agreed to, and there is a list to judge on. */
	public static function sends_domains(): bool {
		$run = Runs::open();
		return null !== $run && 'labelling' === $run['state'] && 'companion' === $run['ran_in'] && null !== Consent::agreed_at_ms() && Lists::any_active();
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
	 * Whether a run has waited for a page of the admin's browser, or for a list to match in it, since yesterday; it would
	 * keep all others from starting.
	 *
	 * @param StoredRun $run
	 */
	private static function was_left( array $run, int $now_ms ): bool {
		return $now_ms > $run['started_at_ms'] + self::LEFT_MS && in_array( self::waits_for( $run, $now_ms ), 'browser' === $run['ran_in'] ? array( 'hosts', 'browser', 'list' ) : array( 'hosts' ), true );
	}

	/**
	 * What a run waits for: the rest of a pasted list; the page or the list that labels in the browser; consent when it is
	 * missing, the companion when none is paired or it is silent, else a list.
	 *
	 * @param StoredRun $run
	 */
	private static function waits_for( array $run, int $now_ms ): string {
		if ( 'counting' === $run['state'] ) {
			return 'hosts' === RunSteps::next_source( $run ) ? 'hosts' : 'nothing';
		}
		if ( 'labelling' !== $run['state'] ) {
			return 'nothing';
		}
		if ( 'browser' === $run['ran_in'] ) {
			return Lists::any_active() ? 'browser' : 'list';
		}
		$companion = Companions::current();
		if ( null !== $companion && null === Consent::agreed_at_ms() ) {
			return 'consent';
		}
		$expected = null === $companion ? 0 : max( (int) $companion['next_expected_ms'], (int) $companion['last_seen_ms'], $companion['paired_at_ms'] );
		if ( $expected + Link::SILENT_MS < $now_ms ) {
			return 'companion';
		}
		return Lists::any_active() ? 'nothing' : 'list';
	}

	/**
	 * Sources each once, the users first and a pasted list last.
	 *
	 * @param list<string> $sources
	 * @return non-empty-list<string>
	 * @throws RollcallError `source_unavailable`.
	 */
	private static function in_order( array $sources ): array {
		$ordered = array();
		foreach ( array( 'users', ...array_diff( $sources, array( 'users', 'paste' ) ), 'paste' ) as $source ) {
			if ( in_array( $source, array() === $sources ? array( 'users' ) : $sources, true ) && ! in_array( $source, $ordered, true ) ) {
				$ordered[] = $source;
			}
		}
		foreach ( $ordered as $source ) {
			if ( ! Sources::available( $source ) ) {
				throw new RollcallError( 'source_unavailable', "There are no addresses of the source $source." );
			}
		}
		return array() === $ordered ? array( 'users' ) : $ordered;
	}

	/**
	 * People to be read, as far as is known.
	 *
	 * @param list<string> $sources
	 */
	private static function people( array $sources ): int {
		$read = array_filter( Sources::all(), static fn ( array $source ): bool => in_array( $source['source'], $sources, true ) );
		return array_sum( array_column( $read, 'people_count' ) );
	}

	private static function end( int $run_id, string $state, ?string $error_code, ?string $message, int $now_ms ): void {
		Transaction::run(
			static function () use ( $run_id, $state, $error_code, $message, $now_ms ): void {
				$open = Runs::open();
				if ( null !== $open && $run_id === $open['run_id'] ) {
					Runs::abandon( $run_id, $state, $error_code, $message, $now_ms );
					RunAddresses::forget( self::FORGET );
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
