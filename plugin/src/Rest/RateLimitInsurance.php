<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

/**
 * Counts requests in one small file while the database cannot. PHP keeps no memory from one request to the next, and
 * APCu is on few servers.
 *
 * @phpstan-import-type Taken from RateLimit
 * @phpstan-import-type Window from SlidingWindow
 */
final class RateLimitInsurance {
	/** Clients that are remembered; the one that was idle longest is forgotten first. */
	private const MOST_CLIENTS = 500;

	/** What a client waits when the file cannot be used either. */
	private const WAIT_MS = 60_000;

	/**
	 * Counts a request when there is room for it.
	 *
	 * @param string $name Keyed hash.
	 * @return Taken
	 */
	public static function take( string $name, int $limit, int $window_ms, int $now_ms, int $cost ): array {
		$path = self::path();
		// phpcs:disable WordPress.WP.AlternativeFunctions, WordPress.PHP.NoSilencedErrors -- WP_Filesystem knows no locks; a folder that is full is no error here.
		$file = is_link( $path ) ? false : @fopen( $path, 'c+' );
		if ( false === $file || ! flock( $file, LOCK_EX ) ) {
			return array( 'retry_after_ms' => self::WAIT_MS, 'remaining' => 0, 'window' => SlidingWindow::NONE );
		}
		@chmod( $path, 0600 );
		$windows = self::windows( (string) stream_get_contents( $file ) );
		$taken   = SlidingWindow::step( $windows[ $name ] ?? SlidingWindow::NONE, $limit, $window_ms, $now_ms, $cost );
		unset( $windows[ $name ] );
		$windows[ $name ] = $taken['window'];
		$windows          = array_slice( $windows, -self::MOST_CLIENTS, null, true );
		ftruncate( $file, 0 );
		rewind( $file );
		fwrite( $file, (string) wp_json_encode( $windows ) );
		fclose( $file );
		// phpcs:enable
		return $taken;
	}

	/** Removes the file. */
	public static function forget(): void {
		if ( is_file( self::path() ) ) {
			wp_delete_file( self::path() );
		}
	}

	/** Where it counts: a name that nobody else can guess. */
	public static function path(): string {
		return get_temp_dir() . 'rollcall-' . substr( hash_hmac( 'sha256', 'limits ' . get_current_blog_id(), wp_salt( 'nonce' ) ), 0, 32 ) . '.json';
	}

	/** @return array<array-key, Window> By keyed hash; empty for a file that holds nothing of ours. */
	private static function windows( string $text ): array {
		$stored  = json_decode( $text, true, 4 );
		$windows = array();
		foreach ( is_array( $stored ) ? $stored : array() as $name => $window ) {
			if ( is_array( $window ) && is_int( $window['window_start_ms'] ?? null ) && is_int( $window['current'] ?? null ) && is_int( $window['previous'] ?? null ) ) {
				$windows[ $name ] = array( 'window_start_ms' => $window['window_start_ms'], 'current' => $window['current'], 'previous' => $window['previous'] );
			}
		}
		return $windows;
	}
}
