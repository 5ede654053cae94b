<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Contract;
use Rollcall\Database\Runs as Rows;
use Rollcall\Matching\BrowserRun;
use Rollcall\Matching\Consent;
use Rollcall\Matching\Counting;
use Rollcall\Matching\PastedHosts;
use Rollcall\Matching\RunProgress;
use Rollcall\RollcallError;

/**
 * Runs of the matcher: what would be sent, start, progress, cancel.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type Run from \Rollcall\Contract\Shapes
 * @phpstan-import-type RunRequest from \Rollcall\Contract\Shapes
 * @phpstan-import-type HostsRequest from \Rollcall\Contract\Shapes
 * @phpstan-import-type LabelsRequest from \Rollcall\Contract\Shapes
 * @phpstan-import-type DomainPage from \Rollcall\Contract\Shapes
 * @phpstan-import-type SendPreview from \Rollcall\Contract\Shapes
 */
final class Runs {
	private const ID = '/runs/(?P<run_id>[0-9]{1,15})';

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			self::route( '/runs', 'GET', Capabilities::VIEW, array( self::class, 'page' ), 'run', Resource::collection( array( 'started_at' ), 'desc' ) ),
			self::route( '/runs', 'POST', Capabilities::MANAGE, array( self::class, 'start' ), 'run', Contract::args( array( 'run' => 'run_request' ) ) ),
			self::route( '/runs/preview', 'GET', Capabilities::MANAGE, array( self::class, 'preview' ), 'send_preview', self::preview_args() ),
			self::route( '/runs/count', 'POST', Capabilities::MANAGE, array( self::class, 'count' ), 'send_preview' ),
			self::route( self::ID, 'GET', Capabilities::VIEW, array( self::class, 'one' ), 'run', self::id_args() ),
			self::route( self::ID . '/advance', 'POST', Capabilities::MANAGE, array( self::class, 'advance' ), 'run', self::id_args() ),
			self::route( self::ID . '/agree', 'POST', Capabilities::MANAGE, array( self::class, 'agree' ), 'run', Contract::args( array( 'run' => 'run_request' ) ) + self::id_args() ),
			self::route( self::ID . '/hosts', 'POST', Capabilities::MANAGE, array( self::class, 'hosts' ), 'run', Contract::args( array( 'hosts' => 'hosts_request' ) ) + self::id_args() ),
			self::route( self::ID . '/domains', 'GET', Capabilities::MANAGE, array( self::class, 'domains' ), 'domain_page', self::id_args() + self::after_args() ),
			self::route( self::ID . '/labels', 'POST', Capabilities::MANAGE, array( self::class, 'labels' ), 'run', Contract::args( array( 'labels' => 'labels_request' ) ) + self::id_args() ),
			self::route( self::ID . '/cancel', 'POST', Capabilities::MANAGE, array( self::class, 'cancel' ), 'run', self::id_args() ),
		);
	}

	/** GET /runs: newest first. */
	public static function page( \WP_REST_Request $request ): \WP_REST_Response {
		$now_ms = Clock::now_ms();
		/** @var array{page: int, per_page: int, order: string} $given */
		$given = $request->get_params();
		$runs  = Rows::page( $given['per_page'], ( $given['page'] - 1 ) * $given['per_page'], 'asc' === $given['order'] );
		return Resource::page( array_map( static fn ( array $run ): array => RunProgress::item( $run, $now_ms ), $runs ), Rows::count(), $given['per_page'] );
	}

	/** POST /runs: starts a run and asks the companion to call. */
	public static function start( \WP_REST_Request $request ): \WP_REST_Response {
		/** @var RunRequest $run */
		$run    = $request->get_param( 'run' );
		$run_id = RunProgress::start( get_current_user_id(), $run['agreed'], Clock::now_ms(), $run['sources'], $run['ran_in'] );
		return new \WP_REST_Response( self::item( $run_id ), 201 );
	}

	/**
	 * GET /runs/preview: exactly what a run would send.
	 *
	 * @return SendPreview
	 */
	public static function preview( \WP_REST_Request $request ): array {
		/** @var int $page */
		$page = $request->get_param( 'page' );
		return Counting::preview( $page );
	}

	/**
	 * POST /runs/count: one chunk of counting before the first run.
	 *
	 * @return SendPreview
	 */
	public static function count(): array {
		Counting::step( Clock::now_ms() );
		return Counting::preview( 1 );
	}

	/**
	 * GET /runs/{run_id}.
	 *
	 * @return Run
	 */
	public static function one( \WP_REST_Request $request ): array {
		return self::item( self::run_id( $request ) );
	}

	/**
	 * POST /runs/{run_id}/advance: one step of the open run; does nothing to one that has ended. The companion is asked
	 * to call when there is something for it to label.
	 *
	 * @return Run
	 */
	public static function advance( \WP_REST_Request $request ): array {
		$before = self::item( self::run_id( $request ) );
		$open   = Rows::open();
		if ( null !== $open && $open['run_id'] === $before['run_id'] ) {
			RunProgress::advance( Clock::now_ms() );
		}
		$after = self::item( $before['run_id'] );
		if ( 'labelling' === $after['state'] && 'companion' === $after['ran_in'] && $before['state'] !== $after['state'] ) {
			Client::wake();
		}
		return $after;
	}

	/**
	 * POST /runs/{run_id}/agree: lets an open run go on with a companion that was paired after it had started.
	 *
	 * @return Run
	 * @throws RollcallError `consent_missing`: the user does not agree.
	 */
	public static function agree( \WP_REST_Request $request ): array {
		$run_id = self::item( self::run_id( $request ) )['run_id'];
		/** @var RunRequest $run */
		$run = $request->get_param( 'run' );
		if ( ! $run['agreed'] ) {
			throw new RollcallError( 'consent_missing', 'The run waits until someone agrees to send the domains to this companion.' );
		}
		if ( ( Rows::open()['run_id'] ?? null ) === $run_id ) {
			Consent::agree( get_current_user_id(), Clock::now_ms() );
			Client::wake();
		}
		return self::item( $run_id );
	}

	/**
	 * POST /runs/{run_id}/hosts: a page of a pasted list, cut to hosts in the browser.
	 *
	 * @return Run
	 */
	public static function hosts( \WP_REST_Request $request ): array {
		$run = self::item( self::run_id( $request ) );
		/** @var HostsRequest $hosts */
		$hosts = $request->get_param( 'hosts' );
		PastedHosts::store( $run['run_id'], $hosts, Clock::now_ms() );
		return self::item( $run['run_id'] );
	}

	/**
	 * GET /runs/{run_id}/domains: what the browser is to label next.
	 *
	 * @return DomainPage
	 */
	public static function domains( \WP_REST_Request $request ): array {
		/** @var int $after */
		$after = $request->get_param( 'after' );
		return BrowserRun::domains( self::item( self::run_id( $request ) )['run_id'], $after );
	}

	/**
	 * POST /runs/{run_id}/labels: verdicts that the browser made.
	 *
	 * @return Run
	 */
	public static function labels( \WP_REST_Request $request ): array {
		$run = self::item( self::run_id( $request ) );
		/** @var LabelsRequest $labels */
		$labels = $request->get_param( 'labels' );
		BrowserRun::label( $run['run_id'], $labels, Clock::now_ms() );
		RunProgress::advance( Clock::now_ms() );
		return self::item( $run['run_id'] );
	}

	/**
	 * POST /runs/{run_id}/cancel.
	 *
	 * @return Run
	 */
	public static function cancel( \WP_REST_Request $request ): array {
		$run = self::item( self::run_id( $request ) );
		RunProgress::cancel( $run['run_id'], Clock::now_ms() );
		return self::item( $run['run_id'] );
	}

	private static function run_id( \WP_REST_Request $request ): int {
		/** @var int $run_id Core has checked and sanitised it by id_args(). */
		$run_id = $request->get_param( 'run_id' );
		return $run_id;
	}

	/** @return Run */
	private static function item( int $run_id ): array {
		$run = Rows::find( $run_id ) ?? throw new RollcallError( 'not_found', "There is no run $run_id." );
		return RunProgress::item( $run, Clock::now_ms() );
	}

	/**
	 * @param callable(\WP_REST_Request): mixed   $callback
	 * @param array<string, array<string, mixed>> $args
	 * @return Route
	 */
	private static function route( string $route, string $method, string $capability, callable $callback, string $schema, array $args = array() ): array {
		return array(
			'route'      => $route,
			'methods'    => $method,
			'auth'       => 'admin',
			'capability' => $capability,
			'callback'   => $callback,
			'schema'     => $schema,
			'args'       => $args,
		);
	}

	/** @return array<string, array<string, mixed>> */
	private static function id_args(): array {
		return array(
			'run_id' => array(
				'type'              => 'integer',
				'minimum'           => 1,
				'required'          => true,
				'validate_callback' => 'rest_validate_request_arg',
				'sanitize_callback' => 'rest_sanitize_request_arg',
			),
		);
	}

	/** @return array<string, array<string, mixed>> */
	private static function after_args(): array {
		return array( 'after' => array( 'default' => 0, 'minimum' => 0, 'required' => false ) + self::id_args()['run_id'] );
	}

	/** @return array<string, array<string, mixed>> */
	private static function preview_args(): array {
		return array( 'page' => Resource::collection( array( 'host' ), 'asc' )['page'] );
	}
}
