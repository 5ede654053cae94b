<?php
declare( strict_types = 1 );

namespace Rollcall\Admin;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Database\Migrator;
use Rollcall\Database\MonitorRows;
use Rollcall\Database\Runs;
use Rollcall\RollcallError;
use Rollcall\Status\StateWords;

/** The newest figures on WordPress's dashboard: frozen numbers of the newest run and the states of the monitors, no counting of users and no remote call. */
final class DashboardWidget {
	/** Hook wp_dashboard_setup. */
	public static function add(): void {
		if ( current_user_can( Capabilities::VIEW ) ) {
			wp_add_dashboard_widget( 'rollcall', __( 'Rollcall: who your users are', 'rollcall' ), array( self::class, 'render' ) );
		}
	}

	/** Prints the widget. */
	public static function render(): void {
		try {
			$newest = Migrator::is_current() ? Runs::newest_done( 'users' ) : null;
			$open   = Migrator::is_current() ? Runs::open() : null;
			$states = Migrator::is_current() ? MonitorRows::counts( Clock::now_ms() ) : array();
		} catch ( RollcallError $error ) {
			wp_admin_notice( esc_html( $error->getMessage() ), array( 'type' => 'error', 'additional_classes' => array( 'inline' ) ) );
			return;
		}
		$users   = $newest['users_read'] ?? 0;
		$figures = null === $newest ? null : array(
			__( 'Users at listed companies', 'rollcall' ) => number_format_i18n( $newest['matched_users'] ),
			__( 'Companies', 'rollcall' )                 => number_format_i18n( $newest['matched_companies'] ),
			__( 'Users read', 'rollcall' )                => number_format_i18n( $users ),
			/* translators: %s: a number, such as 12.3. */
			__( 'Match rate', 'rollcall' )                => sprintf( __( '%s %%', 'rollcall' ), number_format_i18n( 0 === $users ? 0 : 100 * $newest['matched_users'] / $users, 1 ) ),
		);
		$as_of   = null === $newest || null === $newest['finished_at_ms'] ? null : (string) wp_date( implode( ' ', array_filter( array( get_option( 'date_format' ), get_option( 'time_format' ) ), 'is_string' ) ), intdiv( $newest['finished_at_ms'], 1000 ) );
		$watched = self::watched( $states );
		$is_open = null !== $open;
		$may_run = current_user_can( Capabilities::MANAGE );
		$matcher = add_query_arg( array( 'page' => Page::SLUG, 'screen' => 'matcher' ), admin_url( 'admin.php' ) );
		$monitor = add_query_arg( array( 'page' => Page::SLUG, 'screen' => 'monitors' ), admin_url( 'admin.php' ) );
		require dirname( __DIR__, 2 ) . '/templates/dashboard-widget.php';
	}

	/**
	 * The states that active monitors are in, with their numbers, what is worst first; empty without monitors.
	 *
	 * @param array<string, int> $states
	 */
	private static function watched( array $states ): string {
		$texts = array();
		foreach ( array( 'down', 'degraded', 'confirming', 'no_reading', 'maintenance', 'up' ) as $state ) {
			if ( isset( $states[ $state ] ) ) {
				/* translators: 1: state of monitors, such as Down, 2: how many are in it. */
				$texts[] = sprintf( __( '%1$s: %2$s', 'rollcall' ), StateWords::of( $state ), number_format_i18n( $states[ $state ] ) );
			}
		}
		return implode( ', ', $texts );
	}
}
