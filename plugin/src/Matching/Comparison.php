<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\RunChanges;
use Rollcall\Database\Runs;
use Rollcall\RollcallError;

/**
 * Two finished runs beside each other, from their frozen figures.
 *
 * @phpstan-import-type RunComparison from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredRun from Runs
 */
final class Comparison {
	/** Nothing left out. */
	public const EVERYTHING = array(
		'search' => '',
		'change' => array(),
		'churn'  => false,
	);

	/**
	 * The runs with their totals, and how much differs.
	 *
	 * @return RunComparison
	 * @throws RollcallError `not_found`.
	 */
	public static function of( int $before_id, int $after_id, int $now_ms ): array {
		$before    = self::finished( $before_id );
		$after     = self::finished( $after_id );
		$companies = RunChanges::counts( 'companies', $before_id, $after_id, self::EVERYTHING );
		$domains   = RunChanges::counts( 'domains', $before_id, $after_id, self::EVERYTHING );
		/** @var RunComparison $comparison The totals were written by Report::figures(). */
		$comparison = array(
			'before'        => RunProgress::item( $before, $now_ms ),
			'after'         => RunProgress::item( $after, $now_ms ),
			'before_totals' => $before['totals'],
			'after_totals'  => $after['totals'],
			'companies'     => array_diff_key( $companies, array( 'churn' => 0 ) ),
			'domains'       => array_diff_key( $domains, array( 'churn' => 0 ) ),
			'churn_count'   => $companies['churn'],
		);
		return $comparison;
	}

	/**
	 * A run that came to its end.
	 *
	 * @return StoredRun
	 * @throws RollcallError `not_found`.
	 */
	public static function finished( int $run_id ): array {
		$run = Runs::find( $run_id );
		return null !== $run && 'done' === $run['state'] ? $run : throw new RollcallError( 'not_found', "There is no finished run $run_id." );
	}

	/**
	 * The newest finished run and the one before it that read the same sources; null when there are not two.
	 *
	 * @return array{before: int, after: int}|null
	 */
	public static function newest(): ?array {
		$after  = Runs::newest_done();
		$before = null === $after ? null : Runs::previous_done( $after );
		return null === $after || null === $before ? null : array(
			'before' => $before['run_id'],
			'after'  => $after['run_id'],
		);
	}
}
