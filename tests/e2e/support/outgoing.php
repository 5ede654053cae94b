<?php
/**
 * Plugin Name: Keeps what WordPress sends by itself: its HTTP calls and its mail.
 */

declare( strict_types = 1 );

add_action(
	'http_api_debug',
	static function ( mixed $response, string $context, string $transport, array $args, string $url ): void {
		file_put_contents( dirname( ABSPATH ) . '/outgoing.log', $url . "\n" . serialize( $args ) . "\n", FILE_APPEND );
	},
	10,
	5
);
add_filter(
	'pre_wp_mail',
	static function ( mixed $sent, array $mail ): bool {
		file_put_contents( dirname( ABSPATH ) . '/outgoing.log', serialize( $mail ) . "\n", FILE_APPEND );
		file_put_contents( dirname( ABSPATH ) . '/mails.log', wp_json_encode( $mail ) . "\n", FILE_APPEND );
		return true;
	},
	10,
	2
);
