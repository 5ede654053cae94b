<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\RunChanges;
use Rollcall\Matching\Comparison as Compared;

/**
 * Two runs beside each other, and the companies whose users may soon be lost.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type RunComparison from \Rollcall\Contract\Shapes
 * @phpstan-import-type ChangeFilters from RunChanges
 * @phpstan-type Given array{page: int, per_page: int, search: string, orderby: string, order: string, change: list<string>, churn?: bool}
 */
final class Comparison {
	private const BOTH = '/runs/(?P<before_id>[0-9]{1,15})/compare/(?P<after_id>[0-9]{1,15})';

	/** @return list<Route> */
	public static function routes(): array {
		$companies = self::filters( array_keys( RunChanges::COMPANY_ORDER ) ) + array( 'churn' => array( 'type' => 'boolean', 'default' => false ) + self::checks() );
		return array(
			self::route( self::BOTH, array( self::class, 'both' ), 'run_comparison', self::ids() ),
			self::route( self::BOTH . '/companies', array( self::class, 'companies' ), 'run_company_change', self::ids() + $companies ),
			self::route( self::BOTH . '/domains', array( self::class, 'domains' ), 'run_domain_change', self::ids() + self::filters( array_keys( RunChanges::DOMAIN_ORDER ) ) ),
			self::route( '/runs/churn', array( self::class, 'churn' ), 'run_company_change', $companies ),
		);
	}

	/**
	 * GET /runs/{before_id}/compare/{after_id}.
	 *
	 * @return RunComparison
	 */
	public static function both( \WP_REST_Request $request ): array {
		return Compared::of( self::id( $request, 'before_id' ), self::id( $request, 'after_id' ), Clock::now_ms() );
	}

	/** GET .../companies. */
	public static function companies( \WP_REST_Request $request ): \WP_REST_Response {
		[ $before, $after ] = self::runs( $request );
		return self::company_page( $before, $after, self::given( $request ) );
	}

	/** GET .../domains. */
	public static function domains( \WP_REST_Request $request ): \WP_REST_Response {
		[ $before, $after ] = self::runs( $request );
		$given              = self::given( $request );
		$counts             = RunChanges::counts( 'domains', $before, $after, self::change_filters( $given ) );
		return Resource::page( RunChanges::domains( $before, $after, self::change_filters( $given ), self::slice( $given ) ), $counts['new'] + $counts['gone'] + $counts['changed'], $given['per_page'] );
	}

	/** GET /runs/churn: companies with a sign of churn in the newest run, against the one before of the same sources. */
	public static function churn( \WP_REST_Request $request ): \WP_REST_Response {
		$given = self::given( $request );
		$runs  = Compared::newest();
		return null === $runs ? Resource::page( array(), 0, $given['per_page'] ) : self::company_page( $runs['before'], $runs['after'], array( 'churn' => true ) + $given );
	}

	/** @param Given $given */
	private static function company_page( int $before, int $after, array $given ): \WP_REST_Response {
		$counts = RunChanges::counts( 'companies', $before, $after, self::change_filters( $given ) );
		return Resource::page( RunChanges::companies( $before, $after, self::change_filters( $given ), self::slice( $given ) ), $counts['new'] + $counts['gone'] + $counts['changed'], $given['per_page'] );
	}

	/** @return array{int, int} Numbers of two finished runs. */
	private static function runs( \WP_REST_Request $request ): array {
		return array( Compared::finished( self::id( $request, 'before_id' ) )['run_id'], Compared::finished( self::id( $request, 'after_id' ) )['run_id'] );
	}

	private static function id( \WP_REST_Request $request, string $name ): int {
		/** @var int $run_id Core has checked and sanitised it by ids(). */
		$run_id = $request->get_param( $name );
		return $run_id;
	}

	/** @return Given */
	private static function given( \WP_REST_Request $request ): array {
		/** @var Given $given Core has checked and sanitised it. */
		$given = $request->get_params();
		return $given;
	}

	/**
	 * @param Given $given
	 * @return ChangeFilters
	 */
	private static function change_filters( array $given ): array {
		return array(
			'search' => $given['search'],
			'change' => $given['change'],
			'churn'  => $given['churn'] ?? false,
		);
	}

	/**
	 * @param Given $given
	 * @return array{orderby: string, order: string, limit: int, offset: int}
	 */
	private static function slice( array $given ): array {
		return array(
			'orderby' => $given['orderby'],
			'order'   => $given['order'],
			'limit'   => $given['per_page'],
			'offset'  => ( $given['page'] - 1 ) * $given['per_page'],
		);
	}

	/**
	 * @param callable(\WP_REST_Request): mixed   $callback
	 * @param array<string, array<string, mixed>> $args
	 * @return Route
	 */
	private static function route( string $route, callable $callback, string $schema, array $args ): array {
		return array(
			'route'      => $route,
			'methods'    => 'GET',
			'auth'       => 'admin',
			'capability' => Capabilities::VIEW,
			'callback'   => $callback,
			'schema'     => $schema,
			'args'       => $args,
		);
	}

	/**
	 * @param non-empty-list<string> $orderby
	 * @return array<string, array<string, mixed>>
	 */
	private static function filters( array $orderby ): array {
		return Resource::collection( $orderby, 'desc', array( 'change' => Contract::words( 'RUN_CHANGES' ) ) );
	}

	/** @return array<string, array<string, mixed>> */
	private static function ids(): array {
		$id = array( 'type' => 'integer', 'minimum' => 1, 'required' => true ) + self::checks();
		return array( 'before_id' => $id, 'after_id' => $id );
	}

	/** @return array<string, string> */
	private static function checks(): array {
		return array(
			'validate_callback' => 'rest_validate_request_arg',
			'sanitize_callback' => 'rest_sanitize_request_arg',
		);
	}
}
