<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

/** The site's own hosts: its users there are staff, not customers. */
final class OwnHosts {
	/**
	 * Hosts of the site's two addresses in lower case, each once, in alphabetical order.
	 *
	 * @return list<string>
	 */
	public static function current(): array {
		$hosts = array();
		foreach ( array( home_url(), site_url() ) as $url ) {
			$host = wp_parse_url( $url, PHP_URL_HOST );
			if ( is_string( $host ) && '' !== $host && strlen( $host ) <= 253 ) {
				$hosts[ strtolower( $host ) ] = true;
			}
		}
		ksort( $hosts );
		return array_map( 'strval', array_keys( $hosts ) );
	}
}
