<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Contract;
use Rollcall\Database\Audit;
use Rollcall\Database\MonitorRows;
use Rollcall\Database\Monitors as Rows;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;
use Rollcall\Status\MonitorRequest;
use Rollcall\Status\MonitorTarget;

/**
 * What is watched. The companion hears of a change at once when it can be reached, else with its next call.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type Monitor from \Rollcall\Contract\Shapes
 * @phpstan-import-type MonitorRequest from \Rollcall\Contract\Shapes as MonitorBody
 * @phpstan-import-type MonitorsAnswer from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredMonitor from Rows
 */
final class Monitors {
	private const UID = '(?P<monitor_uid>[0-9a-f]{32})';

	/** @return list<Route> */
	public static function routes(): array {
		$view   = array(
			'auth'       => 'admin',
			'capability' => Capabilities::VIEW,
			'schema'     => 'monitor',
		);
		$manage = array( 'capability' => Capabilities::MANAGE ) + $view;
		$uid    = array( 'monitor_uid' => Resource::identity( '^[0-9a-f]{32}$' ) );
		$body   = Contract::args( array( 'monitor' => 'monitor_request' ) );
		$words  = array(
			'state' => Contract::words( 'SCREEN_STATES' ),
			'type'  => Contract::words( 'CHECK_TYPES' ),
		);
		return array(
			array(
				'route'    => '/monitors',
				'methods'  => 'GET',
				'args'     => Resource::collection( array_keys( MonitorRows::ORDER ), 'asc', $words ),
				'callback' => array( self::class, 'list' ),
			) + $view,
			array(
				'route'    => '/monitors',
				'methods'  => 'POST',
				'args'     => $body,
				'callback' => array( self::class, 'create' ),
			) + $manage,
			array(
				'route'    => '/monitors/many',
				'methods'  => 'POST',
				'args'     => Contract::args( array( 'monitors' => 'monitors_request' ) ),
				'callback' => array( self::class, 'create_many' ),
				'schema'   => 'monitors_answer',
			) + $manage,
			array(
				'route'    => '/monitors/' . self::UID,
				'methods'  => 'GET',
				'args'     => $uid,
				'callback' => array( self::class, 'read' ),
			) + $view,
			array(
				'route'    => '/monitors/' . self::UID,
				'methods'  => 'PUT',
				'args'     => $uid + $body,
				'callback' => array( self::class, 'update' ),
			) + $manage,
			array(
				'route'    => '/monitors/' . self::UID,
				'methods'  => 'DELETE',
				'args'     => $uid,
				'callback' => array( self::class, 'delete' ),
			) + $manage,
		);
	}

	/** A page of monitors. */
	public static function list( \WP_REST_Request $request ): \WP_REST_Response {
		/** @var array{search: string, state: list<string>, type: list<string>, orderby: string, order: string, page: int, per_page: int} $given */
		$given   = $request->get_params();
		$filters = array(
			'search' => $given['search'],
			'state'  => $given['state'],
			'type'   => $given['type'],
		);
		$slice   = array(
			'orderby' => $given['orderby'],
			'order'   => $given['order'],
			'limit'   => $given['per_page'],
			'offset'  => ( $given['page'] - 1 ) * $given['per_page'],
		);
		$page    = MonitorRows::page( $filters, $slice, current_user_can( Capabilities::MANAGE ), Clock::now_ms() );
		return Resource::page( $page['items'], $page['total'], $given['per_page'] );
	}

	/**
	 * One monitor.
	 *
	 * @return Monitor
	 */
	public static function read( \WP_REST_Request $request ): array {
		return self::item( self::stored( Resource::in_route( $request, 'monitor_uid' ) ) );
	}

	/**
	 * Adds a monitor.
	 *
	 * @return Monitor
	 * @throws RollcallError `monitor_url`.
	 */
	public static function create( \WP_REST_Request $request ): array {
		/** @var MonitorBody $given */
		$given   = $request->get_param( 'monitor' );
		$monitor = MonitorRequest::accepted( $given );
		$now_ms  = Clock::now_ms();
		$uid     = Transaction::run(
			static function () use ( $monitor, $now_ms ): string {
				$uid = Rows::insert( array( $monitor ), $now_ms )[0];
				Audit::note( 'monitor_added', self::noted( $uid, $monitor ), $now_ms );
				return $uid;
			}
		);
		Client::wake();
		return self::item( self::stored( $uid ) );
	}

	/**
	 * Adds many; what is watched already, or is twice among them, counts as known. A push monitor has no target, and is
	 * always another one.
	 *
	 * @return MonitorsAnswer
	 */
	public static function create_many( \WP_REST_Request $request ): array {
		/** @var array{monitors: list<MonitorBody>} $given */
		$given   = $request->get_param( 'monitors' );
		$now_ms  = Clock::now_ms();
		$wanted  = array();
		$refused = array();
		foreach ( $given['monitors'] as $number => $monitor ) {
			try {
				$accepted = MonitorRequest::accepted( $monitor );
				$key      = '' === $accepted['url'] ? "$number" : "$accepted[type] $accepted[url]";
				$wanted  += array( $key => $accepted );
			} catch ( RollcallError $error ) {
				$refused[] = array(
					'url'           => $monitor['url'],
					'error_code'    => $error->error_code,
					'error_message' => $error->getMessage(),
				);
			}
		}
		$added = Transaction::run(
			static function () use ( $wanted, $now_ms ): int {
				Rows::hold();
				$new = array_values( array_diff_key( $wanted, MonitorRows::watched( array_column( $wanted, 'url' ) ) ) );
				if ( array() !== $new ) {
					Rows::insert( $new, $now_ms );
					Audit::note( 'monitors_added', (string) count( $new ), $now_ms );
				}
				return count( $new );
			}
		);
		if ( $added > 0 ) {
			Client::wake();
		}
		return array(
			'added'   => $added,
			'known'   => count( $given['monitors'] ) - count( $refused ) - $added,
			'refused' => $refused,
		);
	}

	/**
	 * Changes a monitor; whose site it is, and that it is asked politely, stays.
	 *
	 * @return Monitor
	 * @throws RollcallError `monitor_url`, `monitor_interval`, `not_found`.
	 */
	public static function update( \WP_REST_Request $request ): array {
		$stored = self::stored( Resource::in_route( $request, 'monitor_uid' ) );
		$uid    = $stored['monitor_uid'];
		/** @var MonitorBody $given */
		$given   = $request->get_param( 'monitor' );
		$monitor = MonitorRequest::accepted( $given );
		MonitorRequest::refuse_impolite( $stored, $monitor['interval_seconds'] );
		$now_ms = Clock::now_ms();
		Transaction::run(
			static function () use ( $uid, $monitor, $now_ms ): void {
				Rows::hold();
				Rows::update( $uid, $monitor );
				Audit::note( 'monitor_changed', self::noted( $uid, $monitor ), $now_ms );
			}
		);
		Client::wake();
		return self::item( self::stored( $uid ) );
	}

	/**
	 * Deletes a monitor.
	 *
	 * @return Monitor As it was.
	 */
	public static function delete( \WP_REST_Request $request ): array {
		$monitor = self::stored( Resource::in_route( $request, 'monitor_uid' ) );
		$item    = self::item( $monitor );
		$now_ms  = Clock::now_ms();
		Transaction::run(
			static function () use ( $monitor, $now_ms ): void {
				Rows::hold();
				Rows::delete( $monitor['monitor_uid'], $now_ms );
				Audit::note( 'monitor_deleted', self::noted( $monitor['monitor_uid'], $monitor ), $now_ms );
			}
		);
		Client::wake();
		return $item;
	}

	/** @return StoredMonitor */
	private static function stored( string $monitor_uid ): array {
		return Rows::find( $monitor_uid ) ?? throw new RollcallError( 'not_found', 'There is no such monitor.' );
	}

	/**
	 * @param StoredMonitor $monitor
	 * @return Monitor
	 */
	private static function item( array $monitor ): array {
		return MonitorRows::one( $monitor, current_user_can( Capabilities::MANAGE ), Clock::now_ms() );
	}

	/**
	 * A line for the log of changes: no header, no body, no query.
	 *
	 * @param array{type: string, url: string, active: bool} $monitor
	 */
	private static function noted( string $monitor_uid, array $monitor ): string {
		return trim( "$monitor_uid $monitor[type] " . ( $monitor['active'] ? '' : 'paused ' ) . MonitorTarget::shown( $monitor['url'] ) );
	}
}
