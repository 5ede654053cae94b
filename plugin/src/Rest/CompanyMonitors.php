<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Contract;
use Rollcall\Database\Audit;
use Rollcall\Database\CompanySites;
use Rollcall\Database\ListedCompanies;
use Rollcall\Database\Monitors as Rows;
use Rollcall\Database\Transaction;
use Rollcall\Matching\SharedHosts;
use Rollcall\Status\MonitorRequest;
use Rollcall\Status\MonitorTarget;

/**
 * "Monitor these companies' sites": a polite monitor for each site of companies of the report.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type CompanyMonitorsRequest from \Rollcall\Contract\Shapes
 * @phpstan-import-type MonitorsAnswer from \Rollcall\Contract\Shapes
 * @phpstan-import-type CompanySite from CompanySites
 * @phpstan-type Refused array{url: string, error_code: string, error_message: string}
 */
final class CompanyMonitors {
	/** The contract's limit of refusals. */
	private const REFUSED = 500;

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => '/monitors/companies',
				'methods'    => 'POST',
				'auth'       => 'admin',
				'capability' => Capabilities::MANAGE,
				'args'       => Contract::args( array( 'monitors' => 'company_monitors_request' ) ),
				'callback'   => array( self::class, 'add' ),
				'schema'     => 'monitors_answer',
			),
		);
	}

	/**
	 * Adds monitors for the sites that have none. Asked again, or by two people at once, it adds nothing more.
	 *
	 * @return MonitorsAnswer
	 */
	public static function add( \WP_REST_Request $request ): array {
		/** @var CompanyMonitorsRequest $given */
		$given              = $request->get_param( 'monitors' );
		$asked              = array_values( array_column( array_map( static fn ( array $company ): array => array( ListedCompanies::key( $company ), $company ), $given['companies'] ), 1, 0 ) );
		$companies          = CompanySites::with_users( $asked );
		[ $sites, $refused ] = self::sites( $companies );
		array_push( $refused, ...self::strangers( $asked, $companies ) );
		$now_ms = Clock::now_ms();
		$added  = array() === $sites ? 0 : Transaction::run( static fn (): int => self::store( $sites, $now_ms ) );
		if ( $added > 0 ) {
			Client::wake();
		}
		return array(
			'added'   => $added,
			'known'   => count( $sites ) - $added,
			'refused' => array_slice( $refused, 0, self::REFUSED ),
		);
	}

	/**
	 * Adds those that are not watched. Who comes second waits here, and then sees what the first one added.
	 *
	 * @param non-empty-list<CompanySite> $companies
	 */
	private static function store( array $companies, int $now_ms ): int {
		Rows::hold();
		$watched = CompanySites::monitors( $companies );
		$new     = array();
		foreach ( $companies as $company ) {
			if ( ! isset( $watched[ ListedCompanies::key( $company ) ] ) ) {
				$new[ (string) CompanySites::site( $company['website_origin'] ) ] ??= self::monitor( $company );
			}
		}
		if ( array() !== $new ) {
			Rows::insert( array_values( $new ), $now_ms );
			Audit::note( 'company_monitors_added', (string) count( $new ), $now_ms );
		}
		return count( $new );
	}

	/**
	 * @param CompanySite $company
	 * @return array{name: string, type: string, url: string, active: bool, is_public: bool, is_polite: bool, interval_seconds: int, options: array{method: 'GET', headers: array{}, body: string, assertions: array{}, timeout_ms: int, grace_seconds: int}, list_uid: string, source_id: string}
	 */
	private static function monitor( array $company ): array {
		return array(
			'name'             => mb_substr( $company['name'], 0, 200 ),
			'type'             => 'http',
			'url'              => rtrim( (string) $company['website_origin'], '/' ) . '/',
			'active'           => true,
			'is_public'        => false,
			'is_polite'        => true,
			'interval_seconds' => MonitorRequest::polite_interval_seconds(),
			'options'          => MonitorRequest::PLAIN,
			'list_uid'         => $company['list_uid'],
			'source_id'        => $company['source_id'],
		);
	}

	/**
	 * Companies with a site of their own, and why the others have none.
	 *
	 * @param list<CompanySite> $companies
	 * @return array{list<CompanySite>, list<Refused>}
	 */
	private static function sites( array $companies ): array {
		$sites   = array();
		$refused = array();
		foreach ( $companies as $company ) {
			$problem = self::problem( $company );
			if ( null === $problem ) {
				$sites[] = $company;
			} else {
				$refused[] = self::refusal( MonitorTarget::shown( $company['website_raw'] ), 'monitor_url', $problem );
			}
		}
		return array( $sites, $refused );
	}

	/** @param CompanySite $company */
	private static function problem( array $company ): ?string {
		$origin = $company['website_origin'];
		if ( null === $origin || '' === $origin ) {
			return "$company[name] has no website on its list.";
		}
		$site = CompanySites::site( $origin );
		$host = (string) preg_replace( '/:\d+\z/', '', (string) $site );
		if ( null !== $site && SharedHosts::is_platform( $host ) && ! self::is_own_platform( $host, $company['website_raw'] ) ) {
			return "The website of $company[name] is a page on $host, where pages of many are.";
		}
		return null === $site ? "The website of $company[name] cannot be monitored." : MonitorTarget::problem( 'http', rtrim( $origin, '/' ) . '/' );
	}

	/** Whether a company's website is the front page of the platform itself. */
	private static function is_own_platform( string $host, string $website_raw ): bool {
		$above = substr( $host, (int) strpos( $host, '.' ) + 1 );
		return ! SharedHosts::is_platform( $above ) && 1 === preg_match( '#^(?:[a-z]+://)?[^/?\#]+/?\z#i', trim( $website_raw ) );
	}

	/**
	 * Companies that were asked for and have no users.
	 *
	 * @param list<array{list_uid: string, source_id: string}> $asked
	 * @param list<CompanySite>                                $companies
	 * @return list<Refused>
	 */
	private static function strangers( array $asked, array $companies ): array {
		$keys    = array_flip( array_map( array( ListedCompanies::class, 'key' ), $companies ) );
		$refused = array();
		foreach ( $asked as $company ) {
			if ( ! isset( $keys[ ListedCompanies::key( $company ) ] ) ) {
				$refused[] = self::refusal( '', 'not_found', "The report has no company $company[source_id] of the list $company[list_uid]." );
			}
		}
		return $refused;
	}

	/** @return Refused */
	private static function refusal( string $url, string $error_code, string $error_message ): array {
		return array(
			'url'           => $url,
			'error_code'    => $error_code,
			'error_message' => mb_substr( $error_message, 0, 500 ),
		);
	}
}
