<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\ReportCompanies;
use Rollcall\Database\ReportDomains;
use Rollcall\Database\ReportPeople;
use Rollcall\Database\ReportUsers;
use Rollcall\Matching\Export;
use Rollcall\Matching\Report as Figures;
use Rollcall\Users\UsersReport;

/**
 * The report: header, the tabs Companies, Domains and Users, and their exports; of the users live, of other sources
 * from their newest run.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type ReportCompanyRow from \Rollcall\Contract\Shapes
 * @phpstan-import-type ReportSummary from \Rollcall\Contract\Shapes
 * @phpstan-type Given array{page: int, per_page: int, search: string, orderby: string, order: string, format?: string, status?: list<string>, batch?: list<string>, industry?: list<string>, label?: list<string>, ambiguous?: bool, source: string}
 */
final class Report {
	/** The shape of a row by tab. */
	private const SHAPES = array(
		'companies' => 'report_company_row',
		'domains'   => 'report_domain_row',
		'users'     => 'report_user_row',
	);

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
				'args'       => self::source_arg(),
			),
		);
		foreach ( array_keys( self::SHAPES ) as $tab ) {
			$args     = self::args( $tab ) + self::source_arg();
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
	public static function summary( \WP_REST_Request $request ): array {
		return Figures::summary( Clock::now_ms(), self::given( $request )['source'] );
	}

	/** GET /report/companies. */
	public static function companies( \WP_REST_Request $request ): \WP_REST_Response {
		$given   = self::given( $request );
		$filters = self::company_filters( $given );
		$people  = ReportPeople::of( $given['source'] );
		return Resource::page( ReportCompanies::page( $filters, self::slice( $given ), $people ), ReportCompanies::count( $filters, $people ), $given['per_page'] );
	}

	/** GET /report/domains. */
	public static function domains( \WP_REST_Request $request ): \WP_REST_Response {
		$given   = self::given( $request );
		$filters = self::domain_filters( $given );
		$people  = ReportPeople::of( $given['source'] );
		return Resource::page( ReportDomains::page( $filters, self::slice( $given ), $people ), ReportDomains::count( $filters, $people ), $given['per_page'] );
	}

	/** GET /report/users; of other sources no address is kept, and nobody is shown. */
	public static function users( \WP_REST_Request $request ): \WP_REST_Response {
		$given = self::given( $request );
		if ( ! self::has_users( $given ) ) {
			return Resource::page( array(), 0, $given['per_page'] );
		}
		$filters = self::user_filters( $given );
		return Resource::page( UsersReport::page( $filters, self::slice( $given ) ), UsersReport::count( $filters ), $given['per_page'] );
	}

	/** GET /report/{tab}/export: a download of every row that the filters leave; users come by their ids. */
	private static function export( string $tab, \WP_REST_Request $request ): \WP_REST_Response {
		$given  = self::given( $request );
		$people = ReportPeople::of( $given['source'] );
		$slice  = static fn ( int $offset ): array => array_merge( self::slice( $given ), array( 'limit' => Export::ROWS, 'offset' => $offset ) );
		$chunk  = match ( $tab ) {
			'companies' => static fn ( int $offset ): array => ReportCompanies::page( self::company_filters( $given ), $slice( $offset ), $people ),
			'domains'   => static fn ( int $offset ): array => ReportDomains::page( self::domain_filters( $given ), $slice( $offset ), $people ),
			default     => static fn ( int $offset, int $after ): array => self::has_users( $given ) ? UsersReport::after( self::user_filters( $given ), $after, Export::ROWS ) : array(),
		};
		if ( 'companies' === $tab && 'csv' === ( $given['format'] ?? '' ) ) {
			$chunk = static fn ( int $offset ): array => array_map( array( self::class, 'with_site' ), ReportCompanies::page( self::company_filters( $given ), $slice( $offset ), $people ) );
		}
		/** @var array<string, mixed> $columns */
		$columns = Contract::shape( self::SHAPES[ $tab ] )['properties'];
		return Export::download( "rollcall-$tab", $given['format'] ?? 'json', array_keys( $columns ), $chunk );
	}

	/**
	 * A company whose monitor is one text, such as "web down, mail alive"; empty without one.
	 *
	 * @param ReportCompanyRow $row
	 * @return array<string, mixed>
	 */
	private static function with_site( array $row ): array {
		$monitor = $row['monitor'];
		$mail    = null === ( $monitor['mail_state'] ?? null ) ? '' : ", mail $monitor[mail_state]";
		return array( 'monitor' => null === $monitor ? '' : "web $monitor[screen_state]$mail" ) + $row;
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
			'schema'     => self::SHAPES[ $tab ],
			'args'       => $args,
		);
		return 'users' === $tab ? $entry + array( 'permission' => array( self::class, 'may_list_users' ) ) : $entry;
	}

	/** @param Given $given */
	private static function has_users( array $given ): bool {
		return in_array( $given['source'], array( 'users', ReportPeople::ALL ), true );
	}

	/** @return array<string, array<string, mixed>> */
	private static function source_arg(): array {
		return array(
			'source' => array(
				'type'              => 'string',
				'pattern'           => '^[a-z][a-z0-9_]{0,31}$',
				'default'           => 'users',
				'validate_callback' => 'rest_validate_request_arg',
				'sanitize_callback' => 'rest_sanitize_request_arg',
			),
		);
	}

	/** @return array<string, array<string, mixed>> */
	private static function args( string $tab ): array {
		$labels    = array( ...Contract::words( 'LABELS' ), ReportDomains::WAITING, ReportDomains::HIDDEN );
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

	/**
	 * The arguments, which core has checked and sanitised by args().
	 *
	 * @return Given
	 */
	private static function given( \WP_REST_Request $request ): array {
		/** @var Given $given */
		$given = $request->get_params();
		return $given;
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
	 * @param Given $given
	 * @return array{search: string, status: list<string>, batch: list<string>, industry: list<string>, ambiguous: bool|null}
	 */
	private static function company_filters( array $given ): array {
		return array(
			'search'    => $given['search'],
			'status'    => $given['status'] ?? array(),
			'batch'     => $given['batch'] ?? array(),
			'industry'  => $given['industry'] ?? array(),
			'ambiguous' => $given['ambiguous'] ?? null,
		);
	}

	/**
	 * @param Given $given
	 * @return array{search: string, label: list<string>, ambiguous: bool|null}
	 */
	private static function domain_filters( array $given ): array {
		return array(
			'search'    => $given['search'],
			'label'     => $given['label'] ?? array(),
			'ambiguous' => $given['ambiguous'] ?? null,
		);
	}

	/**
	 * @param Given $given
	 * @return array{search: string, label: list<string>, batch: list<string>}
	 */
	private static function user_filters( array $given ): array {
		return array(
			'search' => $given['search'],
			'label'  => $given['label'] ?? array(),
			'batch'  => $given['batch'] ?? array(),
		);
	}
}
