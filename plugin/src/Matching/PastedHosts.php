<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Contract;
use Rollcall\Database\Runs;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;
use Rollcall\Users\SourcePeople;

/**
 * Takes the hosts of a pasted or dropped list, which the browser has cut, page by page.
 *
 * @phpstan-import-type HostsRequest from \Rollcall\Contract\Shapes
 */
final class PastedHosts {
	/**
	 * Stores a page; one that was stored before changes nothing.
	 *
	 * @param HostsRequest $hosts
	 * @throws RollcallError `run_elsewhere`: the run has no pasted list; `bad_request`: a page is missing before this one.
	 */
	public static function store( int $run_id, array $hosts, int $now_ms ): void {
		Transaction::run(
			static function () use ( $run_id, $hosts, $now_ms ): void {
				// The lock comes first: two tabs may send the same page, and what is read before it may be over when it is had.
				$run = Runs::locked( $run_id, 'counting' ) ?? Runs::find( $run_id );
				if ( null === $run || ! in_array( 'paste', $run['sources'], true ) ) {
					throw new RollcallError( 'run_elsewhere', "The run $run_id has no pasted list." );
				}
				$at = SourceCounting::at( $run, 'paste' );
				if ( $at['done'] || $hosts['page'] <= $at['cursor'] ) {
					return;
				}
				if ( 'counting' !== $run['state'] ) {
					throw new RollcallError( 'run_elsewhere', "The run $run_id takes no hosts any more." );
				}
				if ( $hosts['page'] !== $at['cursor'] + 1 ) {
					throw new RollcallError( 'bad_request', sprintf( 'Page %d comes next, not %d.', $at['cursor'] + 1, $hosts['page'] ) );
				}
				$counted = SourcePeople::count_hosts( $hosts['rows'], $now_ms );
				foreach ( $hosts['reasons'] as $row ) {
					$reason                        = Contract::number( 'REASONS', $row['reason'] );
					$counted['reasons'][ $reason ] = ( $counted['reasons'][ $reason ] ?? 0 ) + $row['user_count'];
					$counted['read']              += $row['user_count'];
				}
				SourceCounting::add(
					$run,
					'paste',
					$counted,
					array(
						'cursor' => $hosts['page'],
						'done'   => $hosts['last'],
					) + $at
				);
			}
		);
	}
}
