<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\DomainVerdicts;

/**
 * Takes verdicts in, from the companion or from the browser, and puts over them what only WordPress knows: the owner's
 * rules, the lists that are kept here, and the domains that companies had.
 *
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 * @phpstan-type LabelRow array{domain_id: int, data_version: int, verdict: Verdict}
 * @phpstan-type RefusedLabel array{kind: 'labels', key: string, error_code: string}
 */
final class Verdicts {
	/**
	 * Stores verdicts; runs inside the caller's transaction.
	 *
	 * @param list<LabelRow> $label_rows
	 * @return list<RefusedLabel> Rows that were refused; the others are stored.
	 */
	public static function store( array $label_rows, int $now_ms ): array {
		$current = DataVersion::current();
		$hosts   = Domains::hosts_of( array_column( $label_rows, 'domain_id' ) );
		$refused = array();
		$taken   = array();
		foreach ( $label_rows as $row ) {
			$error = match ( true ) {
				! self::fits_columns( $row['verdict'] )  => 'bad_request',
				! isset( $hosts[ $row['domain_id'] ] )   => 'not_found',
				$row['data_version'] !== $current        => 'stale_data_version',
				default                                  => null,
			};
			if ( null === $error ) {
				$taken[ $row['domain_id'] ] = $row['verdict'];
			} else {
				$refused[] = array(
					'kind'       => 'labels',
					'key'        => (string) $row['domain_id'],
					'error_code' => $error,
				);
			}
		}
		DomainVerdicts::write( self::decided( $taken ), $hosts, $current, $now_ms );
		return $refused;
	}

	/**
	 * Verdicts with what only WordPress knows put over them. An exclusion is stronger than all but the site's own hosts;
	 * a company counts where the label is company or ranks after it.
	 *
	 * @param array<int, Verdict> $verdicts
	 * @return array<int, Verdict> By the same keys.
	 */
	public static function decided( array $verdicts ): array {
		$own_site     = Contract::number( 'LABELS', 'own_site' );
		$open         = array();
		$registrables = array();
		foreach ( $verdicts as $key => $verdict ) {
			if ( null !== $verdict['ascii_host'] && Contract::number( 'LABELS', $verdict['label'] ) > $own_site ) {
				$open[ $key ] = $verdict['ascii_host'];
				if ( null !== $verdict['registrable'] ) {
					$registrables[ $verdict['ascii_host'] ] = $verdict['registrable'];
				}
			}
		}
		$found = SuffixWalk::verdicts( array_values( array_unique( $open ) ), null, $registrables );
		foreach ( $open as $key => $host ) {
			$verdicts[ $key ] = self::stronger( $verdicts[ $key ], $found[ $host ] ?? null );
		}
		return $verdicts;
	}

	/**
	 * @param Verdict      $given
	 * @param Verdict|null $walked
	 * @return Verdict
	 */
	private static function stronger( array $given, ?array $walked ): array {
		$company = Contract::number( 'LABELS', 'company' );
		if ( null !== $walked && ( 'excluded' === $walked['label'] || Contract::number( 'LABELS', $given['label'] ) >= $company ) && ! self::says_the_same( $given, $walked ) ) {
			return array(
				'registrable' => $given['registrable'] ?? $walked['registrable'],
				'flags'       => $given['flags'],
			) + $walked;
		}
		return array( 'ambiguous' => SuffixWalk::is_ambiguous( $given['companies'] ) ) + $given;
	}

	/**
	 * Whether both name the same companies; then the given one, which says more, stays.
	 *
	 * @param Verdict $given
	 * @param Verdict $walked
	 */
	private static function says_the_same( array $given, array $walked ): bool {
		return 'alias' !== $walked['rule'] && $given['label'] === $walked['label'] && self::companies( $given ) === self::companies( $walked );
	}

	/**
	 * @param Verdict $verdict
	 * @return list<string>
	 */
	private static function companies( array $verdict ): array {
		$keys = array_map( static fn( array $company ): string => "$company[list_uid]\n$company[source_id]", $verdict['companies'] );
		sort( $keys, SORT_STRING );
		return $keys;
	}

	/**
	 * Whether texts that go to ASCII columns are lower-case ASCII; MariaDB would refuse the whole batch for one row.
	 *
	 * @param Verdict $verdict
	 */
	private static function fits_columns( array $verdict ): bool {
		$texts = array( $verdict['ascii_host'] ?? '', $verdict['registrable'] ?? '', $verdict['typo_of'] ?? '', $verdict['rule'] );
		foreach ( $verdict['companies'] as $company ) {
			$texts[] = $company['list_uid'];
			$texts[] = $company['source_id'];
		}
		return 1 === preg_match( '/^[\x21-\x40\x5b-\x7e\n]*\z/', implode( "\n", $texts ) );
	}
}
