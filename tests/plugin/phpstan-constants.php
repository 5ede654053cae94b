<?php
/** Constants that WordPress or the plugin's main file define, for PHPStan. */

declare( strict_types = 1 );

define( 'ABSPATH', '/wordpress/' );
define( 'ARRAY_A', 'ARRAY_A' );
define( 'ARRAY_N', 'ARRAY_N' );
define( 'OBJECT', 'OBJECT' );
define( 'MINUTE_IN_SECONDS', 60 );
define( 'HOUR_IN_SECONDS', 3600 );
define( 'DAY_IN_SECONDS', 86400 );
define( 'WP_CONTENT_DIR', '/wordpress/wp-content' );
define( 'DB_NAME', 'wordpress' );
define( 'AUTH_KEY', 'key' );
define( 'AUTH_SALT', 'salt' );
define( 'ROLLCALL_FILE', '/wordpress/wp-content/plugins/rollcall/rollcall.php' );
define( 'ROLLCALL_VERSION', '0.0.0' );
