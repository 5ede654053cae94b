<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\ReportCompanies;
use Rollcall\Database\ReportDomains;
use Rollcall\Database\ReportUsers;
use Rollcall\Matching\Export;
use Rollcall\Matching\Report as Figures;
use Rollcall\Users\UsersReport;

/**
 * The live report: header, the tabs Companies, Domains and Users, and their exports.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type ReportSummary from \Rollcall\Contract\Shapes
 */
final class Report {
	/** @return list<Route> */
	public static function routes(): array {
		$routes = array(
			array(
				'route'      => '/report',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'callback'   => array( self::class, 'summary' ),
				'schema'     => 'report_summary',
			),
		);
		foreach ( array( 'companies', 'domains', 'users' ) as $tab ) {
			$args     = self::args( $tab );
			$routes[] = self::tab( $tab, "/report/$tab", $args, array( self::class, $tab ) );
			$routes[] = self::tab( $tab, "/report/$tab/export", self::export_args( $args ), static fn ( \WP_REST_Request $request ): \WP_REST_Response => self::export( $tab, $request ) );
		}
		return $routes;
	}

	/** Who may see users: both the report's right and WordPress's own. */
	public static function may_list_users(): bool {
		return current_user_can( Capabilities::VIEW ) && current_user_can( 'list_users' );
	}

	/**
	 * GET /report.
	 *
	 * @return ReportSummary
	 */
	public static function summary(): array {
		return Figures::summary( Clock::now_ms() );
	}

	/** GET /report/companies. */
	public static function companies( \WP_REST_Request $request ): \WP_REST_Response {
		$filters = self::company_filters( $request );
		return Resource::page( ReportCompanies::page( $filters, self::slice( $request ) ), ReportCompanies::count( $filters ), (int) $request['per_page'] );
	}

	/** GET /report/domains. */
	public static function domains( \WP_REST_Request $request ): \WP_REST_Response {
		$filters = self::domain_filters( $request );
		return Resource::page( ReportDomains::page( $filters, self::slice( $request ) ), ReportDomains::count( $filters ), (int) $request['per_page'] );
	}

	/** GET /report/users. */
	public static function users( \WP_REST_Request $request ): \WP_REST_Response {
		$filters = self::user_filters( $request );
		return Resource::page( UsersReport::page( $filters, self::slice( $request ) ), UsersReport::count( $filters ), (int) $request['per_page'] );
	}

	/** GET /report/{tab}/export: a download of every row that the filters leave. */
	private static function export( string $tab, \WP_REST_Request $request ): \WP_REST_Response {
		$slice  = self::slice( $request );
		$shape  = array( 'companies' => 'report_company_row', 'domains' => 'report_domain_row', 'users' => 'report_user_row' )[ $tab ];
		$chunks = match ( $tab ) {
			'companies' => static fn ( int $offset, array $last ): array => ReportCompanies::page( self::company_filters( $request ), array_merge( $slice, array( 'limit' => Export::ROWS, 'offset' => $offset ) ) ),
			'domains'   => static fn ( int $offset, array $last ): array => ReportDomains::page( self::domain_filters( $request ), array_merge( $slice, array( 'limit' => Export::ROWS, 'offset' => $offset ) ) ),
			default     => static fn ( int $offset, array $last ): array => UsersReport::after( self::user_filters( $request ), (int) ( $last['user_id'] ?? 0 ), Export::ROWS ),
		};
		return Export::download( "rollcall-$tab", (string) $request['format'], array_keys( Contract::shape( $shape )['properties'] ), $chunks );
	}

	/**
	 * @param array<string, array<string, mixed>> $args
	 * @return Route
	 */
	private static function tab( string $tab, string $route, array $args, callable $callback ): array {
		$entry = array(
			'route'      => $route,
			'methods'    => 'GET',
			'auth'       => 'admin',
			'capability' => Capabilities::VIEW,
			'callback'   => $callback,
			'schema'     => array( 'companies' => 'report_company_row', 'domains' => 'report_domain_row', 'users' => 'report_user_row' )[ $tab ],
			'args'       => $args,
		);
		return 'users' === $tab ? $entry + array( 'permission' => array( self::class, 'may_list_users' ) ) : $entry;
	}

	/** @return array<string, array<string, mixed>> */
	private static function args( string $tab ): array {
		$labels    = array( ...Contract::words( 'LABELS' ), ReportDomains::WAITING );
		$ambiguous = array(
			'ambiguous' => array(
				'type'              => 'boolean',
				'validate_callback' => 'rest_validate_request_arg',
				'sanitize_callback' => 'rest_sanitize_request_arg',
			),
		);
		return match ( $tab ) {
			'companies' => Resource::collection(
				array_keys( ReportCompanies::ORDER ),
				'desc',
				array( 'status' => Contract::words( 'COMPANY_STATUSES' ), 'batch' => null, 'industry' => null )
			) + $ambiguous,
			'domains'   => Resource::collection( array_keys( ReportDomains::ORDER ), 'desc', array( 'label' => $labels ) ) + $ambiguous,
			default     => Resource::collection(
				array_keys( ReportUsers::ORDER ),
				'desc',
				array( 'label' => array( ...$labels, ReportUsers::NO_ADDRESS ), 'batch' => null )
			),
		};
	}

	/**
	 * @param array<string, array<string, mixed>> $args
	 * @return array<string, array<string, mixed>>
	 */
	private static function export_args( array $args ): array {
		return $args + array(
			'format' => array(
				'type'              => 'string',
				'enum'              => array( 'csv', 'json' ),
				'required'          => true,
				'validate_callback' => 'rest_validate_request_arg',
				'sanitize_callback' => 'rest_sanitize_request_arg',
			),
		);
	}

	/** @return array{orderby: string, order: string, limit: int, offset: int} */
	private static function slice( \WP_REST_Request $request ): array {
		$per_page = (int) $request['per_page'];
		return array(
			'orderby' => (string) $request['orderby'],
			'order'   => (string) $request['order'],
			'limit'   => $per_page,
			'offset'  => ( (int) $request['page'] - 1 ) * $per_page,
		);
	}

	/** @return array{search: string, status: list<string>, batch: list<string>, industry: list<string>, ambiguous: bool|null} */
	private static function company_filters( \WP_REST_Request $request ): array {
		return array(
			'search'    => (string) $request['search'],
			'status'    => self::words( $request, 'status' ),
			'batch'     => self::words( $request, 'batch' ),
			'industry'  => self::words( $request, 'industry' ),
			'ambiguous' => self::flag( $request ),
		);
	}

	/** @return array{search: string, label: list<string>, ambiguous: bool|null} */
	private static function domain_filters( \WP_REST_Request $request ): array {
		return array(
			'search'    => (string) $request['search'],
			'label'     => self::words( $request, 'label' ),
			'ambiguous' => self::flag( $request ),
		);
	}

	/** @return array{search: string, label: list<string>, batch: list<string>} */
	private static function user_filters( \WP_REST_Request $request ): array {
		return array(
			'search' => (string) $request['search'],
			'label'  => self::words( $request, 'label' ),
			'batch'  => self::words( $request, 'batch' ),
		);
	}

	/** @return list<string> */
	private static function words( \WP_REST_Request $request, string $name ): array {
		return array_map( 'strval', array_values( (array) $request[ $name ] ) );
	}

	private static function flag( \WP_REST_Request $request ): ?bool {
		return is_bool( $request['ambiguous'] ) ? $request['ambiguous'] : null;
	}
}
