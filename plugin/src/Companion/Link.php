<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Errors;
use Rollcall\RollcallError;

/**
 * The link to the companion as the screens show it.
 *
 * @phpstan-import-type Connection from \Rollcall\Contract\Shapes
 * @phpstan-import-type Companion from Companions
 */
final class Link {
	/** A companion that is this late has stopped. */
	public const SILENT_MS = 120_000;

	/**
	 * The `connection` shape.
	 *
	 * @return Connection
	 */
	public static function describe( int $now_ms ): array {
		$companion          = Companions::current();
		$code_expires_at_ms = Pairing::expires_at_ms( $now_ms );
		$state              = self::state( $companion, null !== $code_expires_at_ms, $now_ms );
		$error_code         = self::error_code( $state, $companion );
		$offset_ms          = $companion['clock_offset_ms'] ?? null;
		/** @var Connection $connection */
		$connection = array(
			'state'                      => $state,
			'kid'                        => $companion['kid'] ?? null,
			'paired_at'                  => Clock::iso_or_null( $companion['paired_at_ms'] ?? null ),
			'last_seen_at'               => Clock::iso_or_null( $companion['last_seen_ms'] ?? null ),
			'next_expected_at'           => Clock::iso_or_null( $companion['next_expected_ms'] ?? null ),
			'companion_version'          => $companion['companion_version'] ?? null,
			'companion_contract_version' => $companion['contract_version'] ?? null,
			'companion_url'              => $companion['companion_url'] ?? null,
			'reachable'                  => $companion['reachable'] ?? null,
			'plugin_version'             => ROLLCALL_VERSION,
			'contract_version'           => Contract::version(),
			'clock_offset_seconds'       => null === $offset_ms ? null : (int) round( $offset_ms / 1000 ),
			'transport'                  => $companion['transport'] ?? null,
			'error_code'                 => $error_code,
			'error_message'              => self::message( $state, $companion ),
			'error_hint'                 => null === $error_code ? null : Errors::row( $error_code )['hint'],
			'code_expires_at'            => Clock::iso_or_null( $code_expires_at_ms ),
			'companions'                 => array_map( static fn( array $paired ): array => self::companion( $paired, $now_ms ), Companions::paired() ),
			'site_url'                   => untrailingslashit( site_url() ),
			'contact_url'                => MonitorWork::contact_url(),
			'download_url'               => plugins_url( 'companion/rollcall-companion.mjs', ROLLCALL_FILE ),
		);
		return $connection;
	}

	/**
	 * @param Companion $companion
	 * @return array<string, bool|string|null> Shape `companion`.
	 */
	private static function companion( array $companion, int $now_ms ): array {
		return array(
			'companion_id'      => $companion['companion_id'],
			'is_judge'          => ! $companion['is_standby'],
			'is_silent'         => self::is_silent( $companion, $now_ms ),
			'paired_at'         => Clock::iso( $companion['paired_at_ms'] ),
			'last_seen_at'      => Clock::iso_or_null( $companion['last_seen_ms'] ),
			'companion_version' => $companion['companion_version'],
			'companion_url'     => $companion['companion_url'],
		);
	}

	/**
	 * Word of CONNECTION_STATES.
	 *
	 * @param Companion|null $companion
	 */
	private static function state( ?array $companion, bool $code_open, int $now_ms ): string {
		try {
			$paired = array() !== Keys::rings();
		} catch ( RollcallError ) {
			return $code_open ? 'waiting_for_pairing' : 'key_unreadable';
		}
		if ( ! $paired || null === $companion ) {
			return $code_open ? 'waiting_for_pairing' : 'not_paired';
		}
		$behind = Version::behind( $companion['contract_version'] );
		return match ( true ) {
			SiteIdentity::changed()                          => 'site_changed',
			null !== $behind                                 => $behind,
			'clock_skew' === $companion['error_code']        => 'clock_skew',
			self::is_silent( $companion, $now_ms )           => 'silent',
			default                                          => 'connected',
		};
	}

	/** @param Companion $companion */
	private static function is_silent( array $companion, int $now_ms ): bool {
		return $now_ms > max( $companion['paired_at_ms'], $companion['next_expected_ms'] ?? 0 ) + self::SILENT_MS;
	}

	/** @param Companion|null $companion */
	private static function error_code( string $state, ?array $companion ): ?string {
		return match ( $state ) {
			'silent'                                       => 'companion_silent',
			'key_unreadable', 'site_changed', 'clock_skew' => $state,
			'companion_older', 'plugin_older'              => null === $companion || Version::is_supported( $companion['contract_version'] ) ? null : 'contract_unsupported',
			default                                        => null,
		};
	}

	/** @param Companion|null $companion */
	private static function message( string $state, ?array $companion ): ?string {
		return match ( $state ) {
			'silent'          => null === ( $companion['last_seen_ms'] ?? null )
				? __( 'The companion was paired but has not called yet.', 'rollcall' )
				/* translators: %s: date and time. */
				: sprintf( __( 'The companion called last at %s.', 'rollcall' ), Clock::iso( $companion['last_seen_ms'] ) ),
			'key_unreadable'  => __( 'The stored key does not open with the salts of this WordPress.', 'rollcall' ),
			'site_changed'    => __( 'The address, folder, database or environment of this WordPress is not the one that was paired. Nothing is sent until you decide.', 'rollcall' ),
			'clock_skew'      => __( 'The clocks of the companion and of WordPress differ by more than five minutes.', 'rollcall' ),
			/* translators: 1: version of the companion, 2: version of the plugin. */
			'companion_older' => self::versions( __( 'The companion is older than the plugin: companion %1$s, plugin %2$s.', 'rollcall' ), $companion ),
			/* translators: 1: version of the companion, 2: version of the plugin. */
			'plugin_older'    => self::versions( __( 'The plugin is older than the companion: companion %1$s, plugin %2$s.', 'rollcall' ), $companion ),
			default           => null,
		};
	}

	/** @param Companion|null $companion */
	private static function versions( string $text, ?array $companion ): string {
		return sprintf( $text, $companion['companion_version'] ?? '', ROLLCALL_VERSION );
	}
}
