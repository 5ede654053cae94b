<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\Jobs as StoredJobs;
use Rollcall\Database\MonitorRows;
use Rollcall\Database\Monitors as Rows;
use Rollcall\RollcallError;

/**
 * "Check now": a job for the companion, and what came of it.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type CheckJob from \Rollcall\Contract\Shapes
 * @phpstan-import-type CheckRequest from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredMonitor from Rows
 * @phpstan-import-type StoredJob from StoredJobs
 */
final class MonitorCheck {
	/** The contract's limit. */
	private const RESULTS = 500;

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => '/monitors/check',
				'methods'    => 'POST',
				'auth'       => 'admin',
				'capability' => Capabilities::MANAGE,
				'args'       => Contract::args( array( 'check' => 'check_request' ) ),
				'callback'   => array( self::class, 'ask' ),
				'schema'     => 'check_job',
			),
			array(
				'route'      => '/monitors/check/(?P<job_uid>[0-9a-f]{32})',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'args'       => array( 'job_uid' => Resource::identity( '^[0-9a-f]{32}$' ) ),
				'callback'   => array( self::class, 'read' ),
				'schema'     => 'check_job',
			),
		);
	}

	/**
	 * Asks the companion to check active monitors now; what is asked for already is answered with its job.
	 *
	 * @return CheckJob
	 * @throws RollcallError `not_paired`; `bad_request`: none of them is active.
	 */
	public static function ask( \WP_REST_Request $request ): array {
		/** @var CheckRequest $given */
		$given = $request->get_param( 'check' );
		if ( null === Companions::current() ) {
			throw new RollcallError( 'not_paired', 'The companion checks the monitors, and none is connected.' );
		}
		$wanted = array_values( array_unique( $given['monitor_uids'] ) );
		$uids   = array() === $wanted ? array() : Rows::active_among( $wanted );
		$count  = array() === $wanted ? Rows::active_count() : count( $uids );
		if ( 0 === $count ) {
			throw new RollcallError( 'bad_request', array() === $wanted ? 'No monitor is active.' : 'None of these monitors is active.' );
		}
		$now_ms = Clock::now_ms();
		StoredJobs::end_checks( $now_ms );
		$job = self::open( $uids ) ?? self::add( $uids, $count, $now_ms );
		Client::wake();
		return self::item( $job );
	}

	/**
	 * How far a check is, with the readings that came since it was asked for.
	 *
	 * @return CheckJob
	 */
	public static function read( \WP_REST_Request $request ): array {
		StoredJobs::end_checks( Clock::now_ms() );
		$job = StoredJobs::find( Resource::in_route( $request, 'job_uid' ) );
		return null !== $job && 'check' === $job['kind'] ? self::item( $job ) : throw new RollcallError( 'not_found', 'There is no such check.' );
	}

	/**
	 * The open job that asks for the same.
	 *
	 * @param list<string> $uids
	 * @return StoredJob|null
	 */
	private static function open( array $uids ): ?array {
		$job = StoredJobs::open_of( 'check' );
		return null !== $job && $job['monitor_uids'] === $uids ? $job : null;
	}

	/**
	 * @param list<string> $uids
	 * @return StoredJob
	 */
	private static function add( array $uids, int $count, int $now_ms ): array {
		$input = array(
			'monitor_uids'  => $uids,
			'active_count'  => $count,
			// Of the companion's clock, as the readings are: the clocks may differ by minutes.
			'after_slot_ms' => MonitorRows::newest_slot_ms(),
		);
		return StoredJobs::find( StoredJobs::add( 'check', null, null, $now_ms, $input ) ) ?? throw new RollcallError( 'internal', 'The job was not stored.' );
	}

	/**
	 * @param StoredJob $job
	 * @return CheckJob
	 */
	private static function item( array $job ): array {
		$results = array_map(
			static fn ( array $monitor ): array => array(
				'monitor_uid'      => $monitor['monitor_uid'],
				'name'             => $monitor['name'],
				'url'              => $monitor['url'],
				'state'            => $monitor['last_state'] ?? 'unknown',
				'error_code'       => $monitor['last_error_code'] ?? 'not_checked_yet',
				'error_message'    => (string) $monitor['last_error_message'],
				'status_code'      => $monitor['last_status_code'],
				'response_time_ms' => $monitor['last_response_time_ms'],
			),
			MonitorRows::read_after( $job['monitor_uids'], $job['after_slot_ms'], self::RESULTS )
		);
		/** @var CheckJob $item The words come from the contract. */
		$item = array(
			'job_uid'       => $job['job_uid'],
			'state'         => $job['state'],
			'active_count'  => $job['active_count'],
			'done'          => min( $job['done'], $job['active_count'] ),
			'error_code'    => $job['error_code'],
			'error_message' => $job['error_message'],
			'results'       => $results,
		);
		return $item;
	}
}
