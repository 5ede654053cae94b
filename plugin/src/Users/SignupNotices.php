<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Clock;
use Rollcall\Database\Migrator;
use Rollcall\Database\Signups as Rows;
use Rollcall\RollcallError;
use Rollcall\Settings;

/**
 * Mails about sign-ups from listed companies, by wp_mail() outside of the registering request: WP-Cron sends them, or
 * the companion's next call. Company, batch, domain and a link; never an address or a name of a user.
 *
 * @phpstan-import-type Pending from Rows
 */
final class SignupNotices {
	/** Event of WP-Cron. */
	public const EVENT = 'rollcall_signup_notices';

	/** How long the oldest sign-up of a mail waits, by rhythm. */
	private const PERIOD_MS = array(
		'immediate' => 0,
		'daily'     => 86_400_000,
		'weekly'    => 7 * 86_400_000,
	);

	/** A mail that failed waits a minute, then twice as long each time, and six hours at most. */
	private const RETRY_MS     = 60_000;
	private const MAX_RETRY_MS = 21_600_000;

	private static bool $in_a_hurry = false;

	/** Has WP-Cron look for sign-ups to tell of. */
	public static function due( bool $at_once ): void {
		self::$in_a_hurry = self::$in_a_hurry || $at_once;
		self::schedule( time() + ( $at_once ? 0 : DAY_IN_SECONDS ) );
	}

	/** Hook shutdown: WP-Cron would otherwise wait for the next visitor. */
	public static function hurry(): void {
		if ( self::$in_a_hurry && ! wp_doing_cron() && ! ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ) ) {
			self::$in_a_hurry = false;
			spawn_cron();
		}
	}

	/** WP-Cron's call. */
	public static function tick(): void {
		try {
			self::send( Clock::now_ms() );
		} catch ( RollcallError $error ) {
			self::schedule( time() + 600 );
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- nobody looks at WP-Cron's answer.
			error_log( 'Rollcall: notices of sign-ups were not sent: ' . $error->getMessage() );
		}
	}

	/**
	 * Sends what is due, one mail, and has WP-Cron come again for the rest.
	 *
	 * @return int Sign-ups that were told of.
	 */
	public static function send( int $now_ms ): int {
		$oldest_ms = Migrator::is_current() ? Rows::oldest_pending_ms() : null;
		if ( null === $oldest_ms ) {
			return 0;
		}
		$rhythm = Settings::get()['signup_notices'];
		if ( 'off' === $rhythm ) {
			Rows::drop_pending( $now_ms );
			return 0;
		}
		$due_ms = $oldest_ms + self::PERIOD_MS[ $rhythm ];
		$told   = $now_ms < $due_ms ? 0 : self::send_page( $now_ms );
		if ( null !== Rows::oldest_pending_ms() ) {
			$next_ms = max( $due_ms, $told > 0 ? 0 : (int) Rows::next_try_ms() );
			self::schedule( intdiv( max( $now_ms, $next_ms ) + 999, 1000 ) );
		}
		return $told;
	}

	private static function send_page( int $now_ms ): int {
		$token   = bin2hex( random_bytes( 16 ) );
		$claimed = Rows::claim( $token, $now_ms );
		$told    = array_values( array_filter( $claimed, static fn ( array $row ): bool => '' !== $row['name'] ) );
		$sent    = array() === $told || wp_mail( self::recipients(), self::subject( $told ), self::body( $told ) );
		$tries   = array() === $claimed ? 1 : max( array_column( $claimed, 'tries' ) );
		$wait_ms = min( self::MAX_RETRY_MS, self::RETRY_MS * 2 ** min( 20, $tries - 1 ) );
		Rows::settle( array_column( $claimed, 'signup_id' ), $token, $now_ms, $sent ? null : $now_ms + $wait_ms );
		if ( ! $sent ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- Site Health shows that mails fail, this when.
			error_log( sprintf( 'Rollcall: wp_mail() did not take the notice of %d sign-ups; tried again in %d s.', count( $told ), intdiv( $wait_ms, 1000 ) ) );
		}
		return $sent ? count( $claimed ) : 0;
	}

	/** @return list<string> */
	private static function recipients(): array {
		$chosen = Settings::get()['signup_notice_recipients'];
		$admin  = get_option( 'admin_email' );
		return array() === $chosen ? array( is_string( $admin ) ? $admin : '' ) : $chosen;
	}

	/** @param non-empty-list<Pending> $told */
	private static function subject( array $told ): string {
		$site = wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES );
		$text = 1 === count( $told )
			/* translators: %s: a company and its batch. */
			? sprintf( __( 'Sign-up from %s', 'rollcall' ), self::company( $told[0] ) )
			/* translators: %d: a number of users. */
			: sprintf( _n( '%d sign-up from listed companies', '%d sign-ups from listed companies', count( $told ), 'rollcall' ), count( $told ) );
		return self::line( "[$site] $text" );
	}

	/** @param non-empty-list<Pending> $told */
	private static function body( array $told ): string {
		$lines = array( _n( 'Somebody signed up from a listed company:', 'These people signed up from listed companies:', count( $told ), 'rollcall' ), '' );
		foreach ( $told as $row ) {
			/* translators: 1: a company and its batch, 2: a domain. */
			$lines[] = self::line( sprintf( __( '%1$s, by the domain %2$s', 'rollcall' ), self::company( $row ), $row['domain'] ) );
			$lines[] = admin_url( 'user-edit.php?user_id=' . $row['user_id'] );
			$lines[] = '';
		}
		$lines[] = __( 'You get this mail because of the settings of Rollcall:', 'rollcall' );
		$lines[] = admin_url( 'admin.php?page=rollcall&screen=settings' );
		return implode( "\n", $lines );
	}

	/** @param Pending $row */
	private static function company( array $row ): string {
		return '' === $row['batch'] ? $row['name'] : "$row[name] ($row[batch])";
	}

	/** One line, whatever a list has in a name. */
	private static function line( string $text ): string {
		return trim( (string) preg_replace( '/[\x00-\x1F\x7F]+/', ' ', $text ) );
	}

	private static function schedule( int $at ): void {
		$next = wp_next_scheduled( self::EVENT );
		if ( false === $next || $next > $at ) {
			if ( false !== $next ) {
				wp_unschedule_event( $next, self::EVENT );
			}
			wp_schedule_single_event( $at, self::EVENT );
		}
	}
}
