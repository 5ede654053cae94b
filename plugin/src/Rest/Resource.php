<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Contract;
use Rollcall\Errors;
use Rollcall\RollcallError;

/**
 * Every REST route of the plugin. A class in CLASSES has `routes()`, a list of
 * - route, methods (one method), callback( WP_REST_Request ): WP_REST_Response, array or WP_Error; may throw RollcallError
 * - auth: `admin` (with a capability, or a permission callback), `signed` or `public`
 * - args (Contract::args(), or collection()), schema (name of the shape that it answers)
 * - limit: how many requests a client may make, made by RateLimit::persistentRateLimitMiddleware()
 * - takes_unknown: parameters that it does not know are left alone instead of refused
 *
 * @phpstan-import-type Limit from RateLimit
 * @phpstan-type Route array{route: string, methods: string, auth: 'admin'|'signed'|'public', callback: callable(\WP_REST_Request): mixed, capability?: string, permission?: callable(): bool, limit?: Limit, takes_unknown?: bool, args?: array<string, array<string, mixed>>, schema?: string}
 */
final class Resource {
	public const NAMESPACE = 'rollcall/v1';

	/** The registry. */
	public const CLASSES = array(
		Pair::class,
		Exchange::class,
		Connection::class,
		Payloads::class,
		Lists::class,
		ListContent::class,
		Rules::class,
		Companies::class,
		Jobs::class,
		Overview::class,
		Runs::class,
		Comparison::class,
		Sources::class,
		Report::class,
		Explanations::class,
		SettingsRoute::class,
		VisitorMatch::class,
		Monitors::class,
		CompanyMonitors::class,
		MonitorCheck::class,
		Monitoring::class,
		Push::class,
		PublicDashboard::class,
	);

	/** @var \WeakMap<\WP_REST_Request, array<string, string>>|null Headers of the limit, for the answer. */
	private static ?\WeakMap $headers = null;

	/**
	 * Routes of all classes, in order.
	 *
	 * @return list<Route>
	 */
	public static function routes(): array {
		/** @var list<Route> $routes */
		$routes = array_merge( ...array_map( static fn( string $name ): array => $name::routes(), self::CLASSES ) );
		return $routes;
	}

	/** Registers every route; on rest_api_init. */
	public static function register(): void {
		$by_route = array();
		foreach ( self::routes() as $entry ) {
			$by_route[ $entry['route'] ][] = $entry;
		}
		foreach ( $by_route as $route => $entries ) {
			$options = array_map( array( self::class, 'options' ), $entries );
			$shape   = array_values( array_filter( array_column( $entries, 'schema' ) ) )[0] ?? null;
			if ( null !== $shape ) {
				$options['schema'] = static fn(): array => Contract::shape( $shape ) + array( 'title' => $shape );
			}
			/** @var non-falsy-string $route */
			register_rest_route( self::NAMESPACE, $route, $options );
		}
	}

	/**
	 * Refuses strangers, requests beyond the limit and unknown parameters before core validates arguments, which it does
	 * before it asks for permission. A filter of rest_pre_dispatch.
	 */
	public static function refuse_early( mixed $result, \WP_REST_Server $server, \WP_REST_Request $request ): mixed {
		$entry = null === $result || false === $result ? self::entry_of( $request ) : null;
		if ( null === $entry || 'signed' === $entry['auth'] ) {
			return $result;
		}
		$allowed = self::permission( $entry );
		if ( true !== $allowed ) {
			return $allowed;
		}
		try {
			self::$headers           ??= new \WeakMap();
			self::$headers[ $request ] = isset( $entry['limit'] ) ? ( $entry['limit'] )( $request, $entry['route'] ) : array();
		} catch ( RollcallError $error ) {
			return self::refused( $error->to_wp_error() );
		}
		return ( $entry['takes_unknown'] ?? false ) ? $result : self::unknown_parameter( $entry, $request ) ?? self::broken_text( $request ) ?? $result;
	}

	/**
	 * Arguments of a collection.
	 *
	 * @param non-empty-list<string>             $orderby Words; the first one is the default.
	 * @param array<string, list<string>|null>   $filters Words by filter; null for any text.
	 * @return array<string, array<string, mixed>>
	 */
	public static function collection( array $orderby, string $order, array $filters = array(), int $per_page = 20 ): array {
		$args = array(
			'page'     => self::arg( array( 'type' => 'integer', 'minimum' => 1, 'maximum' => 100000, 'default' => 1 ) ),
			'per_page' => self::arg( array( 'type' => 'integer', 'minimum' => 1, 'maximum' => 100, 'default' => $per_page ) ),
			'search'   => self::arg( array( 'type' => 'string', 'maxLength' => 200, 'default' => '' ) ),
			'orderby'  => self::arg( array( 'type' => 'string', 'enum' => $orderby, 'default' => $orderby[0] ) ),
			'order'    => self::arg( array( 'type' => 'string', 'enum' => array( 'asc', 'desc' ), 'default' => $order ) ),
		);
		foreach ( $filters as $name => $words ) {
			$item          = array( 'type' => 'string', 'maxLength' => 200 ) + ( null === $words ? array() : array( 'enum' => $words ) );
			$args[ $name ] = self::arg( array( 'type' => 'array', 'items' => $item, 'maxItems' => 100, 'default' => array() ) );
		}
		return $args;
	}

	/**
	 * A page of a collection with its totals.
	 *
	 * @param list<mixed> $items
	 */
	public static function page( array $items, int $total, int $per_page ): \WP_REST_Response {
		$response = new \WP_REST_Response( $items );
		$response->header( 'X-WP-Total', (string) $total );
		$response->header( 'X-WP-TotalPages', (string) (int) ceil( $total / max( 1, $per_page ) ) );
		return $response;
	}

	/**
	 * Says when to try again, when the error knows.
	 *
	 * @param array<mixed> $data Data of the error.
	 */
	public static function with_retry_after( \WP_REST_Response $response, array $data ): \WP_REST_Response {
		$seconds = $data['retry_after_seconds'] ?? null;
		if ( is_int( $seconds ) ) {
			$response->header( 'Retry-After', (string) $seconds );
		}
		return $response;
	}

	/** A part of the route as it is in the path; a query parameter of the same name would come first in get_param(). */
	public static function in_route( \WP_REST_Request $request, string $name ): string {
		$value = $request->get_url_params()[ $name ] ?? '';
		return is_string( $value ) ? $value : '';
	}

	/**
	 * The argument of a part of the route, such as a list_uid.
	 *
	 * @return array<string, mixed>
	 */
	public static function identity( string $pattern ): array {
		return self::arg( array( 'type' => 'string', 'pattern' => $pattern, 'required' => true ) );
	}

	/**
	 * @param Route $entry
	 * @return array<string, mixed>
	 */
	private static function options( array $entry ): array {
		return array(
			'methods'             => $entry['methods'],
			'args'                => $entry['args'] ?? array(),
			'callback'            => static fn( \WP_REST_Request $request ): \WP_REST_Response => self::answer( $entry['callback'], $request ),
			'permission_callback' => static fn(): bool|\WP_Error => self::permission( $entry ),
		);
	}

	private static function answer( callable $callback, \WP_REST_Request $request ): \WP_REST_Response {
		try {
			$answer = rest_ensure_response( $callback( $request ) );
		} catch ( RollcallError $error ) {
			$answer = $error->to_wp_error();
		}
		if ( $answer instanceof \WP_Error ) {
			$response = self::refused( $answer );
		} else {
			$response = $answer instanceof \WP_REST_Response ? $answer : new \WP_REST_Response( $answer->get_data() );
		}
		$response->set_headers( $response->get_headers() + ( self::$headers[ $request ] ?? array() ) );
		return $response;
	}

	/** An error with the headers that belong to it: when to try again, and those of a limit. */
	private static function refused( \WP_Error $error ): \WP_REST_Response {
		$data     = $error->get_error_data();
		$data     = is_array( $data ) ? $data : array();
		$headers  = is_array( $data['headers'] ?? null ) ? $data['headers'] : array();
		unset( $data['headers'] );
		$response = rest_convert_error_to_response( new \WP_Error( $error->get_error_code(), $error->get_error_message(), $data ) );
		$response->set_headers( $headers );
		return self::with_retry_after( $response, $data );
	}

	/**
	 * Whether the current user may use a route. A signed route never gets here with a good signature: Auth answered it.
	 *
	 * @param Route $entry
	 * @return true|\WP_Error
	 */
	private static function permission( array $entry ): bool|\WP_Error {
		if ( 'signed' === $entry['auth'] ) {
			return Auth::unauthorized();
		}
		$allowed = isset( $entry['permission'] ) ? ( $entry['permission'] )() : current_user_can( $entry['capability'] ?? 'do_not_allow' );
		return $allowed ? true : Errors::make( 'not_allowed', 'This needs a right that you do not have.', array( 'status' => rest_authorization_required_code() ) );
	}

	/**
	 * The route that a request is for, as core will find it.
	 *
	 * @return Route|null
	 */
	private static function entry_of( \WP_REST_Request $request ): ?array {
		$method = 'HEAD' === $request->get_method() ? 'GET' : $request->get_method();
		if ( ! str_starts_with( strtolower( $request->get_route() ), '/' . self::NAMESPACE . '/' ) ) {
			return null;
		}
		foreach ( self::routes() as $entry ) {
			if ( $method === $entry['methods'] && 1 === preg_match( '@^/' . self::NAMESPACE . $entry['route'] . '$@i', $request->get_route() ) ) {
				return $entry;
			}
		}
		return null;
	}

	/**
	 * Core checks unknown properties inside an argument, never at the top level. Core's own parameters begin with `_`.
	 *
	 * @param Route $entry
	 */
	private static function unknown_parameter( array $entry, \WP_REST_Request $request ): ?\WP_Error {
		preg_match_all( '/\(\?P<([a-z_]+)>/', $entry['route'], $in_route );
		$known = array_diff( array_keys( $entry['args'] ?? array() ), $in_route[1] );
		$given = array_merge(
			array_keys( $request->get_query_params() ),
			array_keys( $request->get_body_params() ),
			array_keys( (array) $request->get_json_params() ),
			array_keys( $request->get_file_params() )
		);
		foreach ( $given as $name ) {
			$name = (string) $name;
			if ( 'rest_route' !== $name && ! str_starts_with( $name, '_' ) && ! in_array( $name, $known, true ) ) {
				return Errors::make( 'bad_request', 'Unknown parameter: ' . mb_substr( $name, 0, 100 ) . '.' );
			}
		}
		return null;
	}

	/** A query with text that is no UTF-8: wpdb would refuse the statement. JSON with such text is refused by core. */
	private static function broken_text( \WP_REST_Request $request ): ?\WP_Error {
		$given = array( $request->get_query_params(), $request->get_body_params() );
		$texts = array();
		array_walk_recursive(
			$given,
			static function ( mixed $value ) use ( &$texts ): void {
				$texts[] = is_string( $value ) ? $value : '';
			}
		);
		return 1 === preg_match( '//u', implode( "\n", $texts ) ) ? null : Errors::make( 'bad_request', 'A parameter is not UTF-8.' );
	}

	/**
	 * @param array<string, mixed> $schema
	 * @return array<string, mixed>
	 */
	private static function arg( array $schema ): array {
		return $schema + array(
			'validate_callback' => 'rest_validate_request_arg',
			'sanitize_callback' => 'rest_sanitize_request_arg',
		);
	}
}
