<?php
declare( strict_types = 1 );

namespace Rollcall\Admin;

use Rollcall\Capabilities;
use Rollcall\Database\Migrator;
use Rollcall\Database\Runs;
use Rollcall\RollcallError;

/** The newest figures on WordPress's dashboard: two look-ups of frozen numbers, no counting and no remote call. */
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
		$is_open = null !== $open;
		$may_run = current_user_can( Capabilities::MANAGE );
		$matcher = add_query_arg( array( 'page' => Page::SLUG, 'screen' => 'matcher' ), admin_url( 'admin.php' ) );
		require dirname( __DIR__, 2 ) . '/templates/dashboard-widget.php';
	}
}
