<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

/** The signed routes by admin-ajax.php, for sites where a firewall or plugin closes REST. */
final class Ajax {
	/** wp-admin/admin-ajax.php?action=rollcall_exchange */
	public static function exchange(): never {
		self::answer( '/rollcall/v1/exchange' );
	}

	/** wp-admin/admin-ajax.php?action=rollcall_pair */
	public static function pair(): never {
		self::answer( '/rollcall/v1/pair' );
	}

	private static function answer( string $route ): never {
		$response = rest_do_request( Auth::request_of_globals( $route ) );
		if ( ! headers_sent() ) {
			foreach ( $response->get_headers() as $name => $value ) {
				header( $name . ': ' . ( is_scalar( $value ) ? (string) $value : '' ) );
			}
		}
		wp_send_json( $response->get_data(), $response->get_status() );
	}
}
