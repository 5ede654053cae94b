<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Contract;
use Rollcall\Database\AffectedDomains;
use Rollcall\Database\DataVersion;
use Rollcall\Database\DomainVerdicts;

/**
 * Applies a changed rule or list at once to the hosts that it is about. What nothing in the tables matches any more waits
 * for the next run: only the companion knows what it is otherwise.
 *
 * @phpstan-import-type AffectedDomain from AffectedDomains
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 */
final class Recomputing {
	/** Hosts at a time. */
	private const CHUNK = 1000;

	/** Labels that no rule changes. */
	private const FIXED = array( 'invalid', 'special_use', 'own_site' );

	/**
	 * Hosts at or below the domains of rules.
	 *
	 * @param list<string> $domains
	 */
	public static function domains( array $domains, int $now_ms ): void {
		foreach ( array_chunk( AffectedDomains::at_or_below( $domains ), self::CHUNK ) as $rows ) {
			self::rows( $rows, $now_ms );
		}
	}

	/** Hosts that the domains of a list, also its former ones, have to do with. */
	public static function list( string $list_uid, int $now_ms ): void {
		$after = 0;
		do {
			$rows  = AffectedDomains::of_list( $list_uid, $after, self::CHUNK );
			$after = $rows[ count( $rows ) - 1 ]['domain_id'] ?? $after;
			self::rows( $rows, $now_ms );
		} while ( count( $rows ) === self::CHUNK );
	}

	/** @param list<AffectedDomain> $rows */
	private static function rows( array $rows, int $now_ms ): void {
		$hosts        = array();
		$registrables = array();
		foreach ( $rows as $row ) {
			$host = $row['ascii_host'] ?? $row['host'];
			if ( ! in_array( $row['label'], self::FIXED, true ) ) {
				$hosts[ $row['domain_id'] ] = $host;
			}
			if ( null !== $row['registrable'] && AffectedDomains::knows_registrable( $row ) ) {
				$registrables[ $host ] = $row['registrable'];
			}
		}
		$found   = SuffixWalk::verdicts( array_values( array_unique( $hosts ) ), null, $registrables );
		$written = array();
		$waiting = array();
		foreach ( $rows as $row ) {
			$host = $hosts[ $row['domain_id'] ] ?? null;
			if ( null === $host ) {
				continue;
			}
			$walked = $found[ $host ] ?? null;
			if ( null === $walked && ( 'company' === $row['label'] || in_array( $row['rule'], AffectedDomains::OWN_RULES, true ) ) ) {
				$waiting[] = $row['domain_id'];
			} elseif ( null !== $walked && self::is_stronger( $walked['label'], $row['label'] ) ) {
				/** @var Verdict $verdict Flags are words of the vocabulary. */
				$verdict = array(
					'registrable' => $registrables[ $host ] ?? $walked['registrable'],
					'flags'       => $row['flags'],
				) + $walked;

				$written[ $row['domain_id'] ] = $verdict;
			}
		}
		AffectedDomains::wait( $waiting );
		DomainVerdicts::write( $written, array_column( $rows, 'host', 'domain_id' ), DataVersion::current(), $now_ms );
	}

	private static function is_stronger( string $walked, ?string $label ): bool {
		return null === $label || in_array( $walked, array( 'own_site', 'excluded' ), true ) || in_array( $label, array( 'excluded', 'company' ), true )
			|| Contract::number( 'LABELS', $label ) > Contract::number( 'LABELS', 'company' );
	}
}
