<?php
declare( strict_types = 1 );

namespace Rollcall\Admin;

use Rollcall\Clock;
use Rollcall\Database\Companions;
use Rollcall\Database\Incidents;
use Rollcall\Database\Monitors;
use Rollcall\Database\Server;
use Rollcall\RollcallError;
use Rollcall\Status\Losses;
use Rollcall\Status\Silence;
use Rollcall\Status\Vitals;

/**
 * The monitoring of sites in Tools > Site Health: whether results come, on time, all of them. Nothing is called.
 *
 * @phpstan-import-type Outcome from SiteHealth
 * @phpstan-import-type Companion from Companions
 * @phpstan-import-type Lost from Losses
 * @phpstan-import-type Vitals from \Rollcall\Contract\Shapes as VitalsShape
 * @phpstan-type Facts array{companion: Companion|null, vitals: VitalsShape|null, received_at_ms: int, lost: Lost, monitor_count: int, now_ms: int}
 */
final class MonitoringHealth {
	/** A row that WordPress has not signed for in so long is late. */
	private const LATE_MS = 600_000;

	/** Clocks that are further apart shift every time that is shown. */
	private const SKEW_MS = 60_000;

	/**
	 * Names of the tests with their labels.
	 *
	 * @return array<string, string>
	 */
	public static function labels(): array {
		return array(
			'monitoring_data'     => __( 'Rollcall: results of monitors arrive', 'rollcall' ),
			'monitoring_stalled'  => __( 'Rollcall: monitors are checked in time', 'rollcall' ),
			'monitoring_unsent'   => __( 'Rollcall: no result waits', 'rollcall' ),
			'monitoring_lost'     => __( 'Rollcall: no result was lost in the last 24 hours', 'rollcall' ),
			'monitoring_disk'     => __( 'Rollcall: disk of the companion', 'rollcall' ),
			'monitoring_clock'    => __( 'Rollcall: clocks agree', 'rollcall' ),
			'monitoring_database' => __( 'Rollcall: stored results outlive a crash', 'rollcall' ),
		);
	}

	/**
	 * The outcome of one of them.
	 *
	 * @return Outcome
	 */
	public static function test( string $name ): array {
		try {
			$facts   = self::facts();
			$problem = self::problem( $name, $facts );
		} catch ( RollcallError $error ) {
			return SiteHealth::outcome( $name, 'recommended', __( 'Rollcall could not look', 'rollcall' ), $error->getMessage() );
		}
		$label = self::labels()[ $name ] ?? $name;
		if ( null === $problem ) {
			$text = 0 === $facts['monitor_count'] ? __( 'No monitor is active.', 'rollcall' ) : __( 'There is nothing to do.', 'rollcall' );
			return SiteHealth::outcome( $name, 'good', $label, $text );
		}
		return SiteHealth::outcome( $name, $problem['status'], $problem['label'], $problem['text'], $problem['screen'] );
	}

	/**
	 * Facts for a support request: label and value by name.
	 *
	 * @return array<string, array{string, int|string}>
	 */
	public static function debug(): array {
		$facts  = self::facts();
		$vitals = $facts['vitals'];
		$yes    = static fn( bool $flag ): string => $flag ? __( 'Yes', 'rollcall' ) : __( 'No', 'rollcall' );
		$when   = static fn( ?int $instant_ms ): string => Clock::iso_or_null( $instant_ms ) ?? '-';
		$fields = array(
			'monitors'       => array( __( 'Active monitors', 'rollcall' ), $facts['monitor_count'] ),
			'open_incidents' => array( __( 'Open incidents', 'rollcall' ), Incidents::open_count() ),
			'no_data_since'  => array( __( 'No data since', 'rollcall' ), $when( Silence::since_ms( $facts['companion'], $facts['now_ms'] ) ) ),
			'flush'          => array( 'innodb_flush_log_at_trx_commit', Server::flush_at_commit() ?? '-' ),
		);
		return null === $vitals ? $fields : $fields + array(
			'vitals_at'         => array( __( 'Companion told at', 'rollcall' ), $when( $facts['received_at_ms'] ) ),
			'started_at'        => array( __( 'Companion started at', 'rollcall' ), $when( $vitals['started_at_ms'] ) ),
			'stalled_count'     => array( __( 'Monitors that are late', 'rollcall' ), $vitals['stalled_count'] ),
			'unsent_count'      => array( __( 'Results that wait to be sent', 'rollcall' ), $vitals['unsent_count'] ),
			'lost_lately'       => array( __( 'Results that were lost in the last 24 hours', 'rollcall' ), $facts['lost']['dropped_count'] ),
			'refused_lately'    => array( __( 'Results that this site refused in the last 24 hours', 'rollcall' ), $facts['lost']['dead_letter_count'] ),
			'dropped_count'     => array( __( 'Results that were lost since the folder of the companion was made', 'rollcall' ), $vitals['dropped_count'] ),
			'dead_letter_count' => array( __( 'Results that this site refused since then', 'rollcall' ), $vitals['dead_letter_count'] ),
			'quarantine_count'  => array( __( 'Damaged stores put aside', 'rollcall' ), $vitals['quarantine_count'] ),
			'disk_full'         => array( __( 'Disk of the companion is full', 'rollcall' ), $yes( $vitals['disk_full'] ) ),
			'offline_since'     => array( __( 'Network of the companion is away since', 'rollcall' ), $when( $vitals['offline_since_ms'] ) ),
			'loop_lag_ms'       => array( __( 'Greatest delay in the companion, ms', 'rollcall' ), $vitals['loop_lag_ms'] ),
			'dead_man'          => array( __( 'Last ping of the dead-man address', 'rollcall' ), $when( $vitals['dead_man_at_ms'] ) ),
		);
	}

	/**
	 * What is wrong, or null. Without vitals nothing is said of what the companion alone knows.
	 *
	 * @param Facts $facts
	 * @return array{status: 'recommended'|'critical', label: string, text: string, screen: string}|null
	 */
	private static function problem( string $name, array $facts ): ?array {
		$vitals = $facts['vitals'];
		if ( 0 === $facts['monitor_count'] || ( null === $vitals && ! in_array( $name, array( 'monitoring_data', 'monitoring_clock', 'monitoring_database' ), true ) ) ) {
			return null;
		}
		return match ( $name ) {
			'monitoring_data'     => self::silence( $facts ),
			'monitoring_clock'    => self::clock( $facts['companion']['clock_offset_ms'] ?? 0 ),
			'monitoring_database' => self::database( Server::flush_at_commit() ),
			'monitoring_unsent'   => self::unsent( $facts ),
			'monitoring_stalled'  => 0 === ( $vitals['stalled_count'] ?? 0 ) ? null : self::found(
				'recommended',
				__( 'Some monitors of Rollcall are checked too late', 'rollcall' ),
				/* translators: %s: number of monitors. */
				sprintf( __( 'Monitors that did not run within two of their intervals: %s. The computer of the companion is busy, or was asleep. Give it more rest, or the monitors longer intervals.', 'rollcall' ), number_format_i18n( $vitals['stalled_count'] ?? 0 ) )
			),
			'monitoring_lost'     => self::lost( ...$facts['lost'] ),
			'monitoring_disk'     => false === ( $vitals['disk_full'] ?? false ) ? null : self::found(
				'critical',
				__( 'The disk of the companion of Rollcall is full', 'rollcall' ),
				__( 'The newest results are held in memory only and are lost when the companion stops. Make room on the disk of its state folder.', 'rollcall' )
			),
			default               => throw new \LogicException( "There is no test $name." ),
		};
	}

	/**
	 * @param Facts $facts
	 * @return array{status: 'recommended'|'critical', label: string, text: string, screen: string}|null
	 */
	private static function silence( array $facts ): ?array {
		if ( ! Silence::holds( $facts['companion'], $facts['now_ms'] ) ) {
			return null;
		}
		$since_ms = Silence::since_ms( $facts['companion'], $facts['now_ms'] );
		$hint     = __( 'Start the companion (the helper program) where it was paired, or connect one. Until it calls, nothing is known of your sites.', 'rollcall' );
		/* translators: %s: date and time. */
		$text = null === $since_ms ? $hint : sprintf( __( 'No data since %s.', 'rollcall' ), Clock::iso( $since_ms ) ) . ' ' . $hint;
		return self::found( 'critical', __( 'Rollcall gets no data of the monitors', 'rollcall' ), $text, 'connect' );
	}

	/**
	 * By the companion's own clock, which stored the row and made the call.
	 *
	 * @param Facts $facts
	 * @return array{status: 'recommended'|'critical', label: string, text: string, screen: string}|null
	 */
	private static function unsent( array $facts ): ?array {
		$oldest_ms = $facts['vitals']['oldest_unsent_at_ms'] ?? null;
		$asked_ms  = $facts['received_at_ms'] - ( $facts['companion']['clock_offset_ms'] ?? 0 );
		if ( null === $oldest_ms || $asked_ms - $oldest_ms <= self::LATE_MS ) {
			return null;
		}
		/* translators: 1: number of results, 2: date and time. */
		$text = sprintf( __( 'Results that wait: %1$s, the oldest since %2$s. None is lost. This site answers the companion with errors or too slowly: look at its log, and whether a firewall refuses its calls.', 'rollcall' ), number_format_i18n( $facts['vitals']['unsent_count'] ?? 0 ), Clock::iso( $oldest_ms ) );
		return self::found( 'recommended', __( 'Results of monitors wait to be stored', 'rollcall' ), $text, 'connect' );
	}

	/** @return array{status: 'recommended'|'critical', label: string, text: string, screen: string}|null */
	private static function lost( int $dropped_count, int $dead_letter_count ): ?array {
		if ( 0 === $dropped_count + $dead_letter_count ) {
			return null;
		}
		/* translators: 1: number of results, 2: number of results. */
		$text = sprintf( __( 'In the last 24 hours, lost on the companion for want of room: %1$s. Refused by this site for good: %2$s. States, incidents and uptime are right; single checks are missing from the charts. Give the companion more room, and keep this site reachable for it.', 'rollcall' ), number_format_i18n( $dropped_count ), number_format_i18n( $dead_letter_count ) );
		return self::found( 'recommended', __( 'Some results of monitors were lost', 'rollcall' ), $text );
	}

	/** @return array{status: 'recommended'|'critical', label: string, text: string, screen: string}|null */
	private static function clock( int $offset_ms ): ?array {
		if ( abs( $offset_ms ) < self::SKEW_MS ) {
			return null;
		}
		/* translators: %s: number of seconds. */
		$text = sprintf( __( 'They are %s seconds apart, and so are the times of checks and incidents. Switch on time synchronisation on both computers.', 'rollcall' ), number_format_i18n( round( abs( $offset_ms ) / 1000 ) ) );
		return self::found( 'recommended', __( 'The clocks of this site and of the companion differ', 'rollcall' ), $text, 'connect' );
	}

	/** @return array{status: 'recommended'|'critical', label: string, text: string, screen: string}|null */
	private static function database( ?int $flush ): ?array {
		if ( null === $flush || 1 === $flush ) {
			return null;
		}
		/* translators: %s: a number. */
		$text = sprintf( __( 'innodb_flush_log_at_trx_commit is %s: when the machine of the database crashes, about a second of results that the companion was told are stored is gone. With 1 nothing is.', 'rollcall' ), $flush );
		return self::found( 'recommended', __( 'A crash of the database may lose results', 'rollcall' ), $text );
	}

	/**
	 * @param 'recommended'|'critical' $status
	 * @return array{status: 'recommended'|'critical', label: string, text: string, screen: string}
	 */
	private static function found( string $status, string $label, string $text, string $screen = 'monitors' ): array {
		return array(
			'status' => $status,
			'label'  => $label,
			'text'   => $text,
			'screen' => $screen,
		);
	}

	/** @return Facts */
	private static function facts(): array {
		$now_ms    = Clock::now_ms();
		$companion = Companions::current();
		$told      = Vitals::of( $companion, $now_ms );
		return array(
			'companion'      => $companion,
			'vitals'         => $told['vitals'] ?? null,
			'received_at_ms' => $told['received_at_ms'] ?? 0,
			'lost'           => $told['lost'] ?? Losses::NONE,
			'monitor_count'  => Monitors::active_count(),
			'now_ms'         => $now_ms,
		);
	}
}
