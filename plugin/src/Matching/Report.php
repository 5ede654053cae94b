<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\ReportPeople;
use Rollcall\Database\ReportTotals;
use Rollcall\Database\Runs;

/**
 * The live report's header and charts. Every figure comes from the reads that the tabs and exports page through.
 *
 * @phpstan-import-type ReportSummary from \Rollcall\Contract\Shapes
 * @phpstan-type Totals array{users_read: int, no_usable_address: int, below_threshold: int, waiting: int, labels: list<array{label: string, user_count: int, domain_count: int}>, reasons: list<array{reason: string, user_count: int}>}
 * @phpstan-type Figures array{totals: Totals, matched_users: int, matched_domains: int, matched_companies: int, domain_count: int, ambiguous_domains: int, batches: list<array{key: string, user_count: int, company_count: int}>, industries: list<array{key: string, user_count: int, company_count: int}>, statuses: list<array{key: string, user_count: int, company_count: int}>}
 */
final class Report {
	/**
	 * Header and charts.
	 *
	 * @param string $source A word of USER_SOURCES, the name of another plugin's source, or ReportPeople::ALL.
	 * @return ReportSummary
	 */
	public static function summary( int $now_ms, string $source = 'users' ): array {
		$people  = ReportPeople::of( $source );
		$figures = self::figures( $people );
		$read    = $figures['totals']['users_read'];
		$newest  = Runs::newest_done();
		$open    = Runs::open();
		$of_run  = in_array( $source, array( 'users', ReportPeople::ALL ), true ) ? null : $people->runs[0] ?? null;
		/** @var ReportSummary $summary */
		$summary = array(
			'as_of'  => Clock::iso( $of_run['finished_at_ms'] ?? $now_ms ),
			'source' => $source,
			'run_id' => $of_run['run_id'] ?? null,
		) + $figures + array(
			'match_rate' => 0 === $read ? 0 : $figures['matched_users'] / $read,
			'newest_run' => null === $newest ? null : RunProgress::item( $newest, $now_ms ),
			'open_run'   => null === $open ? null : RunProgress::item( $open, $now_ms ),
		);
		return $summary;
	}

	/**
	 * All counted figures: the sum over labels, without a usable address, hidden and waiting is the users read.
	 *
	 * @param ReportPeople|null $people Null is the users of now.
	 * @return Figures
	 */
	public static function figures( ?ReportPeople $people = null ): array {
		$people  ??= ReportPeople::users();
		$by_label  = ReportTotals::by_label( $people );
		$companies = ReportTotals::companies( $people );
		$labels    = array();
		foreach ( Contract::numbers( 'LABELS' ) as $label => $number ) {
			$labels[] = array(
				'label'        => $label,
				'user_count'   => $by_label[ $number ]['users'] ?? 0,
				'domain_count' => $by_label[ $number ]['domains'] ?? 0,
			);
		}
		$reasons = array();
		foreach ( $people->reasons() as $reason => $users ) {
			$reasons[] = array(
				'reason'     => Contract::word( 'REASONS', $reason ),
				'user_count' => $users,
			);
		}
		$company = Contract::number( 'LABELS', 'company' );
		$without = array_sum( array_column( $reasons, 'user_count' ) );
		return array(
			'totals'            => array(
				'users_read'        => array_sum( array_column( $by_label, 'users' ) ) + $without,
				'no_usable_address' => $without,
				'below_threshold'   => $by_label[ ReportPeople::HIDDEN ]['users'] ?? 0,
				'waiting'           => $by_label[0]['users'] ?? 0,
				'labels'            => $labels,
				'reasons'           => $reasons,
			),
			'matched_users'     => $by_label[ $company ]['users'] ?? 0,
			'matched_domains'   => $by_label[ $company ]['domains'] ?? 0,
			'matched_companies' => count( $companies ),
			'domain_count'      => array_sum( array_column( $by_label, 'domains' ) ),
			'ambiguous_domains' => array_sum( array_column( $by_label, 'ambiguous' ) ),
			'batches'           => self::bars( $companies, 'batch', 100 ),
			'industries'        => self::bars( $companies, 'industry', 50 ),
			'statuses'          => self::bars( $companies, 'status', 5 ),
		);
	}

	/**
	 * Bars of a chart: users of the best company only, so that they add up to the matched users.
	 * Batches newest first, others by users; a bar too many is left out.
	 *
	 * @param list<array{batch: string, batch_sort: int, industry: string, status: string, best_users: int}> $companies
	 * @param 'batch'|'industry'|'status'                                                                    $by
	 * @return list<array{key: string, user_count: int, company_count: int}>
	 */
	private static function bars( array $companies, string $by, int $limit ): array {
		$bars  = array();
		$order = array();
		foreach ( $companies as $company ) {
			$key                  = 'k' . $company[ $by ];
			$bars[ $key ]       ??= array(
				'key'           => $company[ $by ],
				'user_count'    => 0,
				'company_count' => 0,
			);
			$bars[ $key ]['user_count']    += $company['best_users'];
			$bars[ $key ]['company_count'] += 1;
			$order[ $key ]                  = max( $order[ $key ] ?? 0, 'batch' === $by ? $company['batch_sort'] : $bars[ $key ]['user_count'] );
		}
		uksort( $bars, static fn ( string $one, string $other ): int => array( $order[ $other ], $one ) <=> array( $order[ $one ], $other ) );
		return array_values( array_slice( $bars, 0, $limit ) );
	}
}
