<?php
/**
 * Constants that WordPress defines at run time and its stubs leave out.
 */

declare( strict_types = 1 );

define( 'ARRAY_A', 'ARRAY_A' );
define( 'ARRAY_N', 'ARRAY_N' );
define( 'OBJECT', 'OBJECT' );
define( 'OBJECT_K', 'OBJECT_K' );
define( 'ABSPATH', '/' );
define( 'WP_CONTENT_DIR', '/wp-content' );
define( 'MINUTE_IN_SECONDS', 60 );
define( 'HOUR_IN_SECONDS', 3600 );
define( 'DAY_IN_SECONDS', 86400 );
define( 'DB_NAME', 'wordpress' );
define( 'AUTH_KEY', '' );
define( 'SECURE_AUTH_KEY', '' );
