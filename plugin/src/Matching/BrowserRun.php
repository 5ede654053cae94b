<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Runs;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;

/**
 * A run whose domains the admin's browser labels. Nothing leaves the site and the browser that is logged in to it, so
 * nobody has to agree; the companion gets no domain while it is open.
 *
 * @phpstan-import-type DomainPage from \Rollcall\Contract\Shapes
 * @phpstan-import-type LabelsRequest from \Rollcall\Contract\Shapes
 */
final class BrowserRun {
	/** Domains on a page. */
	private const PAGE = 2000;

	/**
	 * The next domains that want a verdict; none when all have one.
	 *
	 * @return DomainPage
	 * @throws RollcallError `run_elsewhere`.
	 */
	public static function domains( int $run_id, int $after ): array {
		$labels = 'labelling' === self::checked( $run_id );
		return array(
			'data_version' => DataVersion::current(),
			'rows'         => $labels ? Domains::stale_page( DataVersion::current(), $after, self::PAGE ) : array(),
		);
	}

	/**
	 * Stores verdicts. Those on older lists or on domains that are gone are left out: the next page holds them again.
	 *
	 * @param LabelsRequest $labels
	 * @throws RollcallError `run_elsewhere`: the run is the companion's, or does not label now.
	 */
	public static function label( int $run_id, array $labels, int $now_ms ): void {
		self::checked( $run_id );
		Transaction::run(
			static function () use ( $run_id, $labels, $now_ms ): void {
				if ( null === Runs::locked( $run_id, 'labelling' ) ) {
					throw new RollcallError( 'run_elsewhere', "The run $run_id does not wait for labels." );
				}
				Verdicts::store( $labels['rows'], $now_ms );
			}
		);
	}

	/** State of a run of the browser. */
	private static function checked( int $run_id ): string {
		$run = Runs::find( $run_id );
		return null !== $run && 'browser' === $run['ran_in'] ? $run['state'] : throw new RollcallError( 'run_elsewhere', "The run $run_id is carried out by the companion." );
	}
}
