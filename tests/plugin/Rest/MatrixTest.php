<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Rest\Resource;
use Rollcall\Settings;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\TestCase;

/**
 * Who may call what. `matrix.json` holds every route with its auth kind and capability; a route that it lacks fails.
 */
final class MatrixTest extends TestCase {
	/** Values for parts of routes. */
	private const PARTS = array(
		'companion_id' => 'ffffffffffffffff',
		'domain'      => 'acme.example',
		'list_uid'    => 'yc',
		'source_id'   => '1',
		'job_uid'     => 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
		'payload_id'  => '1',
		'run_id'      => '1',
		'before_id'   => '1',
		'after_id'    => '2',
		'tab'         => 'companies',
		'monitor_uid' => 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
		'push_token'  => 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
	);

	private const ROLES = array( 'anonymous', 'subscriber', 'contributor', 'author', 'editor', 'administrator without nonce', 'administrator' );

	/** @return iterable<string, array{string, array{auth: string, capability: string|null}}> */
	public static function entries(): iterable {
		foreach ( self::matrix() as $route => $entry ) {
			yield $route => array( $route, $entry );
		}
	}

	public function test_the_matrix_holds_exactly_the_routes_that_wordpress_serves(): void {
		$served = array();
		foreach ( rest_get_server()->get_routes( Resource::NAMESPACE ) as $route => $handlers ) {
			foreach ( $handlers as $handler ) {
				foreach ( array_keys( array_filter( $handler['methods'] ) ) as $method ) {
					$this->assertIsCallable( $handler['permission_callback'] ?? ( '/' . Resource::NAMESPACE === $route ? '__return_true' : null ), "$method $route" );
					$this->assertTrue( '__return_true' !== ( $handler['permission_callback'] ?? null ), "$method $route is open to everyone." );
					$served[] = "$method $route";
				}
			}
		}
		$served = array_values( array_diff( $served, array( 'GET /' . Resource::NAMESPACE ) ) );
		sort( $served );
		$known = array_keys( self::matrix() );
		sort( $known );
		$this->assertSame( $known, $served );
	}

	/** @param array{auth: string, capability: string|null} $entry */
	#[DataProvider( 'entries' )]
	public function test_only_who_has_the_capability_gets_in( string $route, array $entry ): void {
		[ $method, $path ] = self::concrete( $route );
		foreach ( self::ROLES as $role ) {
			$this->be( $role );
			$status   = self::rest( $method, $path )->get_status();
			$expected = match ( true ) {
				'signed' === $entry['auth']                                      => array( 401 ),
				'administrator' === $role || self::is_open( $entry )             => null,
				in_array( $role, array( 'anonymous', 'administrator without nonce' ), true ) => array( 401 ),
				default                                                          => array( 403 ),
			};
			if ( null === $expected ) {
				$this->assertNotContains( $status, array( 401, 403 ), "$route as $role" );
			} else {
				$this->assertContains( $status, $expected, "$route as $role" );
			}
			Sql::run( 'DELETE FROM {rate_limits}' );
		}
	}

	/** @param array{auth: string, capability: string|null} $entry */
	#[DataProvider( 'entries' )]
	public function test_every_capability_that_is_named_is_needed( string $route, array $entry ): void {
		[ $method, $path ] = self::concrete( $route );
		$capabilities      = null === $entry['capability'] ? array() : explode( ' ', $entry['capability'] );
		foreach ( $capabilities as $capability ) {
			$user = new \WP_User( $this->make_user( 'most@rollcall.test', 'administrator' ) );
			$user->add_cap( $capability, false );
			self::log_in( $user->ID );
			$this->assertSame( 403, self::rest( $method, $path )->get_status(), "$route without $capability" );
		}
		$user = new \WP_User( $this->make_user( 'only@rollcall.test' ) );
		array_map( array( $user, 'add_cap' ), $capabilities );
		self::log_in( $user->ID );
		$status = self::rest( $method, $path )->get_status();
		if ( 'signed' === $entry['auth'] ) {
			$this->assertSame( 401, $status, "$route needs no user at all." );
		} else {
			$this->assertNotContains( $status, array( 401, 403 ), "$route with " . $entry['capability'] );
		}
	}

	/** @param array{auth: string, capability: string|null} $entry */
	#[DataProvider( 'entries' )]
	public function test_unknown_parameters_are_refused_and_change_nothing( string $route, array $entry ): void {
		[ $method, $path ] = self::concrete( $route );
		self::log_in( self::ada() );
		$before   = self::options();
		$expected = match ( true ) {
			'signed' === $entry['auth']         => 401,
			// Other tools send more than is asked for with a beat; the token is that of nobody.
			str_contains( $route, '/push/' )    => 404,
			default                             => 400,
		};
		$given    = array( 'default_role' => 'administrator', 'users_can_register' => '1' );
		$this->assertSame( $expected, self::rest( $method, $path, array(), $given )->get_status(), 'In the query.' );
		if ( 'GET' !== $method ) {
			$this->assertSame( $expected, self::rest( $method, $path, $given )->get_status(), 'At the top of the body.' );
		}
		foreach ( array_keys( self::PARTS ) as $part ) {
			if ( str_contains( $route, "(?P<$part>" ) ) {
				$this->assertSame( $expected, self::rest( $method, $path, array(), array( $part => 'other' ) )->get_status(), "$part in the query would come before the one in the path." );
			}
		}
		$this->assertSame( $before, self::options() );
	}

	/** @return iterable<string, array{string, string, array<string, mixed>}> */
	public static function bodies(): iterable {
		yield 'settings'   => array( 'PUT', '/settings', array( 'settings' => Settings::get() ) );
		$list              = array( 'title' => 'List', 'url' => 'https://lists.example/all.json', 'schedule_hours' => 24 );
		yield 'list'       => array( 'PUT', '/lists/yc', array( 'list' => array( 'enabled' => true, 'visible_to_visitors' => true ) + $list ) );
		yield 'new list'   => array( 'POST', '/lists', array( 'list' => array( 'source' => 'csv' ) + $list ) );
		yield 'list page'  => array( 'POST', '/lists/yc/pages', array( 'page' => ListFactory::page( 'v1', array( ListFactory::company( '1' ) ) ) ) );
		yield 'rules'      => array( 'POST', '/rules', array( 'rules' => array( 'kind' => 'exclusion', 'domains' => array( 'acme.example' ), 'list_uid' => null, 'source_id' => null, 'note' => '' ) ) );
		yield 'proposals'  => array( 'POST', '/rules/proposals', array( 'proposals' => array( 'domains' => array() ) ) );
		yield 'site'       => array( 'POST', '/connection/site', array( 'site' => array( 'decision' => 'moved' ) ) );
		$monitor           = array( 'name' => '', 'type' => 'http', 'url' => 'https://acme.example/', 'active' => true, 'is_public' => false, 'interval_seconds' => 60, 'options' => \Rollcall\Status\MonitorRequest::PLAIN );
		yield 'monitor'    => array( 'POST', '/monitors', array( 'monitor' => $monitor ) );
		yield 'monitors'   => array( 'POST', '/monitors/many', array( 'monitors' => array( 'monitors' => array( $monitor ) ) ) );
		yield 'sites'      => array( 'POST', '/monitors/companies', array( 'monitors' => array( 'companies' => array() ) ) );
		yield 'check'      => array( 'POST', '/monitors/check', array( 'check' => array( 'monitor_uids' => array() ) ) );
		yield 'run'        => array( 'POST', '/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) );
	}

	/** @param array<string, array<string, mixed>> $body */
	#[DataProvider( 'bodies' )]
	public function test_unknown_keys_inside_a_body_are_refused( string $method, string $path, array $body ): void {
		self::log_in( self::ada() );
		$name          = (string) array_key_first( $body );
		$body[ $name ] += array( 'default_role' => 'administrator' );
		$before        = self::options();
		$this->assertSame( 400, self::rest( $method, '/rollcall/v1' . $path, $body )->get_status() );
		$this->assertSame( $before, self::options() );
	}

	public function test_strangers_learn_nothing_of_arguments(): void {
		$response = self::rest( 'PUT', '/rollcall/v1/settings', array( 'settings' => 'nonsense' ), array( 'page' => 'x' ) );
		$this->assertSame( array( 401, 'not_allowed' ), array( $response->get_status(), $response->get_data()['code'] ) );
	}

	public function test_the_companies_are_public_once_that_was_switched_on(): void {
		Settings::update( array( 'companies_public' => true ) + Settings::get() );
		$this->assertSame( 503, self::rest( 'GET', '/rollcall/v1/companies.json' )->get_status(), 'There is no list, and a stranger may know.' );
		$this->assertSame( 401, self::rest( 'GET', '/rollcall/v1/companies' )->get_status() );
	}

	/** @param array{auth: string, capability: string|null} $entry */
	private static function is_open( array $entry ): bool {
		return 'public' === $entry['auth'] && null === $entry['capability'];
	}

	public function test_only_a_short_list_of_routes_is_open_to_everyone(): void {
		$open = array(
			'POST /rollcall/v1/visitor-match',
			'GET /rollcall/v1/public/dashboard',
			'GET /rollcall/v1/push/(?P<push_token>[A-Za-z0-9_-]{1,64})',
			'POST /rollcall/v1/push/(?P<push_token>[A-Za-z0-9_-]{1,64})',
		);
		$this->assertSame( $open, array_keys( array_filter( self::matrix(), array( self::class, 'is_open' ) ) ) );
	}

	private function be( string $role ): void {
		self::log_in(
			match ( $role ) {
				'anonymous'  => 0,
				'subscriber' => self::vi(),
				'editor'     => self::ed(),
				'administrator', 'administrator without nonce' => self::ada(),
				default      => $this->make_user( "$role@rollcall.test", $role ),
			}
		);
		if ( 'administrator without nonce' === $role ) {
			$GLOBALS['wp_rest_auth_cookie'] = true;
			$this->assertTrue( apply_filters( 'rest_authentication_errors', null ) );
			$GLOBALS['wp_rest_auth_cookie'] = null;
		}
	}

	/** @return array{string, string} Method and path. */
	private static function concrete( string $route ): array {
		[ $method, $path ] = explode( ' ', $route, 2 );
		$path              = (string) preg_replace_callback( '/\(\?P<([a-z_]+)>(?:[^()]|\([^()]*\))*\)/', static fn( array $part ): string => self::PARTS[ $part[1] ], $path );
		return array( $method, str_replace( '\\', '', $path ) );
	}

	/** @return array<string, array{auth: string, capability: string|null}> */
	private static function matrix(): array {
		/** @var array<string, array{auth: string, capability: string|null}> $matrix */
		$matrix = json_decode( (string) file_get_contents( __DIR__ . '/matrix.json' ), true, 8, JSON_THROW_ON_ERROR );
		return $matrix;
	}

	/** @return array<string, string> Options without those that move by themselves. */
	private static function options(): array {
		$rows = Sql::rows( 'SELECT option_name, option_value FROM %i WHERE option_name NOT LIKE %s', Table::db()->options, '%transient%' );
		return array_column( $rows, 'option_value', 'option_name' );
	}
}
