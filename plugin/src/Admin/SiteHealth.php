<?php
declare( strict_types = 1 );

namespace Rollcall\Admin;

use Rollcall\Clock;
use Rollcall\Companion\Link;
use Rollcall\Contract;
use Rollcall\Database\Lists;
use Rollcall\Database\Migrator;
use Rollcall\Database\Runs;
use Rollcall\Database\UserDomains;
use Rollcall\RollcallError;

/**
 * Rollcall in Tools > Site Health: its own tests, those of monitoring and a section of facts. Nothing is called, nothing secret is shown.
 *
 * @phpstan-type Outcome array{label: string, status: 'good'|'recommended'|'critical', badge: array{label: string, color: string}, description: string, actions: string, test: string}
 */
final class SiteHealth {
	/** A list that no look was had at for so long, and for two spans of its schedule, is not fresh. */
	private const OLD_MS = 3 * 86_400_000;

	/**
	 * Filter site_status_tests.
	 *
	 * @param array<string, array<string, mixed>> $tests
	 * @return array<string, array<string, mixed>>
	 */
	public static function tests( array $tests ): array {
		foreach ( array(
			'tables'    => __( 'Rollcall tables', 'rollcall' ),
			'companion' => __( 'Rollcall companion', 'rollcall' ),
			'companies' => __( 'Rollcall companies list', 'rollcall' ),
		) as $name => $label ) {
			$tests['direct'][ "rollcall_$name" ] = array(
				'label' => $label,
				'test'  => array( self::class, $name ),
			);
		}
		foreach ( MonitoringHealth::labels() as $name => $label ) {
			$tests['direct'][ "rollcall_$name" ] = array(
				'label' => $label,
				'test'  => static fn(): array => MonitoringHealth::test( $name ),
			);
		}
		return $tests;
	}

	/**
	 * Are the tables as new as the plugin?
	 *
	 * @return Outcome
	 */
	public static function tables(): array {
		if ( Migrator::is_current() ) {
			return self::outcome( 'tables', 'good', __( 'The tables of Rollcall are up to date', 'rollcall' ), __( 'The plugin can store what it finds.', 'rollcall' ) );
		}
		$error = get_option( Migrator::ERROR_OPTION );
		return self::outcome(
			'tables',
			'critical',
			__( 'The tables of Rollcall are not up to date', 'rollcall' ),
			is_string( $error ) && '' !== $error ? $error : __( 'Open any page of Rollcall as an administrator, which creates them.', 'rollcall' )
		);
	}

	/**
	 * Does the companion call?
	 *
	 * @return Outcome
	 */
	public static function companion(): array {
		try {
			$connection = Link::describe( Clock::now_ms() );
		} catch ( RollcallError $error ) {
			return self::unknown( 'companion', $error );
		}
		if ( 'connected' === $connection['state'] ) {
			return self::outcome( 'companion', 'good', __( 'The companion of Rollcall calls regularly', 'rollcall' ), __( 'New domains are labelled and lists are kept up to date.', 'rollcall' ) );
		}
		$label = 'not_paired' === $connection['state'] || 'waiting_for_pairing' === $connection['state']
			? __( 'No companion is connected to Rollcall', 'rollcall' )
			: __( 'The companion of Rollcall needs attention', 'rollcall' );
		$text  = trim( ( $connection['error_message'] ?? '' ) . ' ' . ( $connection['error_hint'] ?? __( 'The companion (the helper program) fetches companies lists and labels domains. Connect one on the Connect screen.', 'rollcall' ) ) );
		return self::outcome( 'companion', 'recommended', $label, $text, 'connect' );
	}

	/**
	 * Is there a companies list, and was it looked at lately?
	 *
	 * @return Outcome
	 */
	public static function companies(): array {
		try {
			$lists = Lists::fetched();
		} catch ( RollcallError $error ) {
			return self::unknown( 'companies', $error );
		}
		foreach ( $lists as $list ) {
			if ( 0 === $list['active_version'] ) {
				return self::outcome( 'companies', 'recommended', __( 'Rollcall has no companies list yet', 'rollcall' ), $list['error_message'] ?? __( 'The companion fetches it when it is connected.', 'rollcall' ), 'companies' );
			}
			$checked_at_ms = $list['checked_at_ms'] ?? $list['fetched_at_ms'] ?? 0;
			$is_old        = $list['schedule_hours'] > 0 && Clock::now_ms() - $checked_at_ms > max( self::OLD_MS, 2 * $list['schedule_hours'] * 3_600_000 );
			if ( null !== $list['error_code'] || $is_old ) {
				/* translators: %s: date and time. */
				$text = $list['error_message'] ?? sprintf( __( 'It was looked at last at %s.', 'rollcall' ), Clock::iso( $checked_at_ms ) );
				return self::outcome( 'companies', 'recommended', __( 'The companies list of Rollcall is not fresh', 'rollcall' ), $text, 'companies' );
			}
		}
		return self::outcome( 'companies', 'good', __( 'The companies list of Rollcall is fresh', 'rollcall' ), __( 'It was looked at as often as its schedule asks for.', 'rollcall' ) );
	}

	/**
	 * Filter debug_information: facts for a support request, without keys, codes or addresses.
	 *
	 * @param array<string, array<string, mixed>> $sections
	 * @return array<string, array<string, mixed>>
	 */
	public static function debug( array $sections ): array {
		$fields = array();
		try {
			$link   = Link::describe( Clock::now_ms() );
			$newest = Runs::newest_done();
			$facts  = array(
				'tables'            => array( __( 'Tables', 'rollcall' ), Migrator::number() ),
				'contract'          => array( __( 'Contract', 'rollcall' ), Contract::version() ),
				'connection'        => array( __( 'Connection', 'rollcall' ), $link['state'] ),
				'companion_version' => array( __( 'Version of the companion', 'rollcall' ), $link['companion_version'] ?? '-' ),
				'last_seen'         => array( __( 'Last call of the companion', 'rollcall' ), $link['last_seen_at'] ?? '-' ),
				'clock_offset'      => array( __( 'Clock offset in seconds', 'rollcall' ), $link['clock_offset_seconds'] ?? '-' ),
				'companies'         => array( __( 'Companies on lists', 'rollcall' ), Lists::company_count() ),
				'users_counted'     => array( __( 'Users counted', 'rollcall' ), UserDomains::counted() ),
				'newest_run'        => array( __( 'Newest run', 'rollcall' ), Clock::iso_or_null( $newest['finished_at_ms'] ?? null ) ?? '-' ),
			) + MonitoringHealth::debug();
		} catch ( RollcallError $error ) {
			$facts = array( 'tables' => array( __( 'Tables', 'rollcall' ), $error->error_code ) );
		}
		foreach ( $facts as $name => list( $label, $value ) ) {
			$fields[ $name ] = array(
				'label' => $label,
				'value' => $value,
			);
		}
		$sections['rollcall'] = array(
			'label'  => 'Rollcall ' . ROLLCALL_VERSION,
			'fields' => $fields,
		);
		return $sections;
	}

	/** @return Outcome */
	private static function unknown( string $name, RollcallError $error ): array {
		return self::outcome( $name, 'recommended', __( 'Rollcall could not look', 'rollcall' ), $error->getMessage() );
	}

	/**
	 * What a test answers.
	 *
	 * @param 'good'|'recommended'|'critical' $status
	 * @param string                          $screen Screen that the action leads to; empty for none.
	 * @return Outcome
	 */
	public static function outcome( string $name, string $status, string $label, string $text, string $screen = '' ): array {
		$url = add_query_arg( array( 'page' => Page::SLUG, 'screen' => $screen ), admin_url( 'admin.php' ) );
		return array(
			'label'       => $label,
			'status'      => $status,
			'badge'       => array(
				'label' => 'Rollcall',
				'color' => 'blue',
			),
			'description' => '<p>' . esc_html( $text ) . '</p>',
			'actions'     => '' === $screen ? '' : '<a href="' . esc_url( $url ) . '">' . esc_html__( 'Open Rollcall', 'rollcall' ) . '</a>',
			'test'        => "rollcall_$name",
		);
	}
}
