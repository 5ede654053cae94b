<?php
/**
 * The Playground names its address in WP_HOME and WP_SITEURL, which hold for every blog: a network has none of its own.
 */

declare( strict_types = 1 );

if ( is_multisite() ) {
	remove_filter( 'option_home', '_config_wp_home' );
	remove_filter( 'option_siteurl', '_config_wp_siteurl' );
}
