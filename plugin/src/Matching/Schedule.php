<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Clock;
use Rollcall\Database\Migrator;
use Rollcall\Database\Runs;
use Rollcall\RollcallError;
use Rollcall\Settings;
use Rollcall\Users\Sources;

/** Starts runs by themselves: at an exchange, or by WP-Cron when no companion calls. Only when sending was agreed to. */
final class Schedule {
	/** Event of WP-Cron. */
	public const EVENT = 'rollcall_run_due';

	private const DAY_MS = 86_400_000;

	/** Days between two runs. */
	private const DAYS = array(
		'daily'   => 1,
		'weekly'  => 7,
		'monthly' => 30,
	);

	/** Whether a run is due; the first one is at once. */
	public static function is_due( string $schedule, int $newest_ms, int $now_ms ): bool {
		return isset( self::DAYS[ $schedule ] ) && $now_ms >= $newest_ms + self::DAYS[ $schedule ] * self::DAY_MS;
	}

	/** Starts a run that is due. Sources that are not there are left out; a run that is open, and one that nobody agreed to, is waited for. */
	public static function start_due( int $now_ms ): void {
		$settings = Settings::get();
		if ( 'off' === $settings['run_schedule'] || ! self::is_due( $settings['run_schedule'], Runs::newest_scheduled_ms(), $now_ms ) ) {
			return;
		}
		$sources = array_values( array_filter( $settings['run_sources'], array( Sources::class, 'available' ) ) );
		if ( array() === $sources || null === Consent::agreed_at_ms() || null !== Runs::open() ) {
			return;
		}
		try {
			RunProgress::start( 0, false, $now_ms, $sources );
		} catch ( RollcallError $error ) {
			if ( 'run_open' !== $error->error_code ) {
				throw $error;
			}
		}
	}

	/** WP-Cron's call, once an hour while a schedule is set. */
	public static function cron(): void {
		self::plan();
		try {
			if ( Migrator::is_current() ) {
				self::start_due( Clock::now_ms() );
			}
		} catch ( RollcallError $error ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- nobody looks at WP-Cron's answer.
			error_log( 'Rollcall: a run that is due did not start: ' . $error->getMessage() );
		}
	}

	/** Sets or takes back WP-Cron's next call, as the settings are. A single event: when the plugin is gone nothing is left behind. */
	public static function plan(): void {
		if ( 'off' === Settings::get()['run_schedule'] ) {
			wp_unschedule_hook( self::EVENT );
		} elseif ( false === wp_next_scheduled( self::EVENT ) ) {
			wp_schedule_single_event( time() + HOUR_IN_SECONDS, self::EVENT );
		}
	}
}
