<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Link;
use Rollcall\Database\Jobs as JobRows;
use Rollcall\Database\Lists as ListRows;
use Rollcall\Database\Runs as RunRows;
use Rollcall\Database\UserDomains;
use Rollcall\Matching\RunProgress;
use Rollcall\Settings;

/**
 * What the Overview screen opens with.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type Overview from \Rollcall\Contract\Shapes as OverviewShape
 */
final class Overview {
	private const NOT_CONNECTED = array( 'not_paired', 'waiting_for_pairing', 'key_unreadable', 'site_changed' );

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => '/overview',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'callback'   => array( self::class, 'get' ),
				'schema'     => 'overview',
			),
		);
	}

	/**
	 * GET /overview.
	 *
	 * @return OverviewShape
	 */
	public static function get(): array {
		$now_ms     = Clock::now_ms();
		$connection = Link::describe( $now_ms );
		$newest     = RunRows::newest_done();
		$open       = RunRows::open();
		/** @var OverviewShape $overview */
		$overview = array(
			'next_step'     => self::next_step( $connection['state'], ListRows::any_wanted(), null !== $newest ),
			'connection'    => $connection,
			'newest_run'    => null === $newest ? null : RunProgress::item( $newest, $now_ms ),
			'open_run'      => null === $open ? null : RunProgress::item( $open, $now_ms ),
			'open_jobs'     => array_map( array( JobRows::class, 'item' ), JobRows::open() ),
			'run_schedule'  => Settings::get()['run_schedule'],
			'user_count'    => UserDomains::user_count(),
			'company_count' => ListRows::company_count(),
			'list_source'   => array_values( array_filter( array_column( ListRows::all(), 'active_source' ) ) )[0] ?? null,
		);
		return $overview;
	}

	/** A site is led from connecting over its first list and first run to its report. */
	public static function next_step( string $connection_state, bool $has_list, bool $has_run ): string {
		return match ( true ) {
			in_array( $connection_state, self::NOT_CONNECTED, true ) => 'connect',
			! $has_list                                             => 'wait_for_list',
			! $has_run                                              => 'run',
			default                                                 => 'look',
		};
	}
}
