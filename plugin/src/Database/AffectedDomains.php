<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * Hosts that a rule or a list is about. Keys ascii_host and registrable serve every read; LIKE looks only within a
 * registrable domain.
 *
 * @phpstan-type AffectedDomain array{domain_id: int, host: string, ascii_host: string|null, registrable: string|null, label: string|null, rule: string, flags: list<string>}
 */
final class AffectedDomains {
	/** Values in one IN list. */
	private const CHUNK = 1000;

	private const COLUMNS = 'd.domain_id, d.host, d.ascii_host, d.registrable, d.label, d.rule, d.flags';

	/** Rules by which WordPress decides itself. */
	public const OWN_RULES = array( 'own_host', 'suffix_walk', 'excluded', 'alias' );

	/** Those of them that take a domain for the registrable one; the others leave it empty where it is not known. */
	public const GUESSING = array( 'own_host', 'suffix_walk' );

	/** That the registrable domain is the companion's, with the values of GUESSING. */
	private const KNOWN = 'rule NOT IN (%s, %s)';

	/**
	 * Hosts that are one of the domains or below one.
	 *
	 * @param list<string> $domains
	 * @return list<AffectedDomain>
	 */
	public static function at_or_below( array $domains ): array {
		$found = array();
		foreach ( array_chunk( $domains, 300 ) as $chunk ) {
			$places  = Sql::places( count( $chunk ), '%s' );
			$parents = array_values( array_unique( array_merge( ...array_map( array( self::class, 'parents' ), $chunk ) ) ) );
			$rows    = Sql::rows(
				'SELECT ' . self::COLUMNS . " FROM {domains} d WHERE d.host IN ($places)
				UNION SELECT " . self::COLUMNS . " FROM {domains} d WHERE d.ascii_host IN ($places)
				UNION SELECT " . self::COLUMNS . ' FROM {domains} d WHERE d.registrable IN (' . Sql::places( count( $parents ), '%s' ) . ')',
				...array( ...$chunk, ...$chunk, ...$parents )
			);
			$is_meant = array_fill_keys( $chunk, true );
			foreach ( $rows as $row ) {
				foreach ( self::parents( $row['ascii_host'] ?? (string) $row['host'] ) as $domain ) {
					if ( isset( $is_meant[ $domain ] ) ) {
						$found[ (int) $row['domain_id'] ] = self::affected( $row );
					}
				}
			}
		}
		return array_values( $found );
	}

	/** Users whose host is the domain or below it. */
	public static function user_count( string $domain ): int {
		$own = self::parents( $domain );
		return (int) Sql::value(
			// The hosts first: with IN (... UNION ...) MariaDB looks at each of a million users.
			'SELECT COUNT(*) FROM (
				SELECT d.domain_id FROM {domains} d WHERE d.host = %s
				UNION SELECT d.domain_id FROM {domains} d WHERE d.ascii_host = %s
				UNION SELECT d.domain_id FROM {domains} d WHERE d.registrable IN (' . Sql::places( count( $own ), '%s' ) . ') AND d.ascii_host LIKE %s) h
			INNER JOIN {user_domains} u ON u.domain_id = h.domain_id',
			$domain,
			$domain,
			...array( ...$own, '%.' . Sql::like( $domain ) )
		);
	}

	/**
	 * Hosts that a list's domains, also its former ones, or its companies have to do with, by domain_id.
	 *
	 * @return list<AffectedDomain>
	 */
	public static function of_list( string $list_uid, int $after, int $limit ): array {
		$rows = Sql::rows(
			'SELECT ' . self::COLUMNS . ' FROM {domains} d WHERE d.domain_id > %d AND d.domain_id IN (
				SELECT dc.domain_id FROM {domain_companies} dc WHERE dc.list_uid = %s
				UNION SELECT a.domain_id FROM {company_domains} cd INNER JOIN {domains} a ON a.registrable = cd.domain WHERE cd.list_uid = %s
				UNION SELECT b.domain_id FROM {company_domains} ce INNER JOIN {domains} b ON b.ascii_host = ce.domain WHERE ce.list_uid = %s
				UNION SELECT w.domain_id FROM {company_domains} cf INNER JOIN {domains} w ON w.host = cf.domain WHERE cf.list_uid = %s)
			ORDER BY d.domain_id LIMIT %d',
			$after,
			$list_uid,
			$list_uid,
			$list_uid,
			$list_uid,
			$limit
		);
		return array_map( array( self::class, 'affected' ), $rows );
	}

	/**
	 * Whether the stored registrable domain is the companion's and not one that WordPress took for it.
	 *
	 * @param AffectedDomain $row
	 */
	public static function knows_registrable( array $row ): bool {
		return null !== $row['registrable'] && ! in_array( $row['rule'], self::GUESSING, true );
	}

	/**
	 * Takes verdicts back, so that the hosts wait for the next run.
	 *
	 * @param list<int> $domain_ids
	 */
	public static function wait( array $domain_ids ): void {
		foreach ( array_chunk( $domain_ids, self::CHUNK ) as $chunk ) {
			$places = Sql::places( count( $chunk ) );
			Sql::run( "DELETE FROM {domain_companies} WHERE domain_id IN ($places)", ...$chunk );
			Sql::run( "UPDATE {domains} SET label = NULL, rule = '', evidence = '', ambiguous = 0, data_version = 0 WHERE domain_id IN ($places)", ...$chunk );
		}
	}

	/**
	 * Those of the domains that the companion has found to be registrable.
	 *
	 * @param list<string> $domains
	 * @return array<string, true>
	 */
	public static function registrable( array $domains ): array {
		$found = array();
		foreach ( array_chunk( $domains, self::CHUNK ) as $chunk ) {
			$rows = Sql::column(
				'SELECT DISTINCT registrable FROM {domains} WHERE registrable IN (' . Sql::places( count( $chunk ), '%s' ) . ') AND ' . self::KNOWN,
				...array( ...$chunk, ...self::GUESSING )
			);
			$found += array_fill_keys( $rows, true );
		}
		return $found;
	}

	/**
	 * What stands above the registrable domains that the companion has found: nobody's own.
	 *
	 * @return list<string>
	 */
	public static function public_suffixes(): array {
		return Sql::column(
			"SELECT DISTINCT SUBSTR(registrable, INSTR(registrable, '.') + 1) FROM {domains} WHERE registrable IS NOT NULL AND " . self::KNOWN,
			...self::GUESSING
		);
	}

	/** The label that the companion gave a host or its registrable domain; null when it was never asked. */
	public static function label_of( string $domain ): ?string {
		$number = Sql::value(
			'SELECT label FROM {domains} WHERE (ascii_host = %s OR registrable = %s) AND label IS NOT NULL AND ' . self::KNOWN . ' ORDER BY domain_id LIMIT 1',
			$domain,
			$domain,
			...self::GUESSING
		);
		return Contract::word_or_null( 'LABELS', $number );
	}

	/**
	 * Registrable domains without a company that have most users, at least as many as the threshold, and no rule.
	 *
	 * @return list<string>
	 */
	public static function most_used_unmatched( int $threshold, int $limit ): array {
		return Sql::column(
			'SELECT d.registrable FROM {domains} d INNER JOIN {user_domains} u ON u.domain_id = d.domain_id
			LEFT JOIN {domain_rules} r ON r.domain = d.registrable
			WHERE d.label = %d AND d.registrable IS NOT NULL AND r.domain IS NULL
			GROUP BY d.registrable HAVING COUNT(*) >= %d ORDER BY COUNT(*) DESC, d.registrable LIMIT %d',
			Contract::number( 'LABELS', 'unmatched' ),
			$threshold,
			$limit
		);
	}

	/**
	 * The domain and its parents of two labels or more: one of them is the registrable one.
	 *
	 * @return non-empty-list<string>
	 */
	private static function parents( string $domain ): array {
		$parents = array( $domain );
		while ( substr_count( $domain, '.' ) > 1 ) {
			$domain    = substr( $domain, (int) strpos( $domain, '.' ) + 1 );
			$parents[] = $domain;
		}
		return $parents;
	}

	/**
	 * @param array<string, string|null> $row
	 * @return AffectedDomain
	 */
	private static function affected( array $row ): array {
		return array(
			'domain_id'   => (int) $row['domain_id'],
			'host'        => (string) $row['host'],
			'ascii_host'  => $row['ascii_host'],
			'registrable' => $row['registrable'],
			'label'       => Contract::word_or_null( 'LABELS', $row['label'] ),
			'rule'        => (string) $row['rule'],
			'flags'       => DomainVerdicts::flags( (int) $row['flags'] ),
		);
	}
}
