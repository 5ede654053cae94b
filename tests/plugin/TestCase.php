<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use Rollcall\Database\Table;

/** A test on a real WordPress. Afterwards tables, hooks, caches and the current user are as before. */
abstract class TestCase extends \PHPUnit\Framework\TestCase {
	/** @var array<string, \WP_Hook> */
	private array $hooks = array();

	private int $made = 0;

	protected function setUp(): void {
		parent::setUp();
		foreach ( $GLOBALS['wp_filter'] as $name => $hook ) {
			$this->hooks[ $name ] = clone $hook;
		}
		add_filter( 'query', array( Baseline::class, 'watch' ), PHP_INT_MAX );
		wp_set_current_user( 0 );
	}

	protected function tearDown(): void {
		$db = Table::db();
		while ( is_multisite() && ms_is_switched() ) {
			restore_current_blog();
		}
		$GLOBALS['wp_filter'] = $this->hooks;
		$db->suppress_errors( false );
		Baseline::restore();
		wp_cache_flush();
		wp_roles()->for_site();
		// Routes that a test registered go with the server.
		$GLOBALS['wp_rest_server'] = null;
		wp_set_current_user( 0 );
		$_GET     = array();
		$_POST    = array();
		$_REQUEST = array();
		parent::tearDown();
	}

	/** Ada administers. */
	protected static function ada(): int {
		return self::cast( 'ada' );
	}

	/** Ed edits. */
	protected static function ed(): int {
		return self::cast( 'ed' );
	}

	/** Vi visits: a subscriber. */
	protected static function vi(): int {
		return self::cast( 'vi' );
	}

	/** Makes a user be logged in; 0 is a stranger. */
	protected static function log_in( int $user_id ): void {
		wp_set_current_user( $user_id );
	}

	/** A user of this blog with an address, written straight into the tables: no hook runs. */
	protected function make_user( string $email, string $role = 'subscriber' ): int {
		return $this->make_users( array( $email ), $role )[0];
	}

	/**
	 * Many users of this blog, in the order of the addresses; no hook runs.
	 *
	 * @param list<string> $emails
	 * @return list<int>
	 */
	protected function make_users( array $emails, string $role = 'subscriber' ): array {
		$db  = Table::db();
		$ids = array();
		$id  = (int) $db->get_var( "SELECT MAX(ID) FROM {$db->users}" );
		foreach ( array_chunk( $emails, 500 ) as $chunk ) {
			$users = array();
			$roles = array();
			foreach ( $chunk as $email ) {
				$ids[]   = ++$id;
				$login   = 'user' . ( ++$this->made );
				$users[] = $db->prepare( '(%d,%s,%s,%s,%s,%s,%s)', $id, $login, $login, $login, '', $email, '2026-02-03 04:05:06' );
				$roles[] = $db->prepare( '(%d,%s,%s)', $id, $db->prefix . 'capabilities', serialize( array( $role => true ) ) );
			}
			$db->query( "INSERT INTO {$db->users} (ID, user_login, user_nicename, display_name, user_pass, user_email, user_registered) VALUES " . implode( ',', $users ) );
			$db->query( "INSERT INTO {$db->usermeta} (user_id, meta_key, meta_value) VALUES " . implode( ',', $roles ) );
		}
		return $ids;
	}

	/**
	 * Answers a REST request as the REST server does, without HTTP.
	 *
	 * @param array<string, mixed>  $body  JSON body.
	 * @param array<string, mixed>  $query Query parameters.
	 * @param array<string, string> $headers
	 */
	protected static function rest( string $method, string $route, array $body = array(), array $query = array(), array $headers = array() ): \WP_REST_Response {
		$request = new \WP_REST_Request( $method, $route );
		$request->set_query_params( $query );
		foreach ( $headers as $name => $value ) {
			$request->set_header( $name, $value );
		}
		if ( array() !== $body ) {
			$request->set_header( 'content-type', 'application/json' );
			$request->set_body( (string) wp_json_encode( $body ) );
		}
		return rest_do_request( $request );
	}

	private static function cast( string $login ): int {
		$user = get_user_by( 'login', $login );
		return $user instanceof \WP_User ? $user->ID : throw new \LogicException( "The cast has no $login." );
	}
}
