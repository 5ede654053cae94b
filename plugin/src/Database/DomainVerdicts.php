<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * Verdicts as rows of `domains` and `domain_companies`.
 *
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 */
final class DomainVerdicts {
	/** Domains in one statement. */
	private const CHUNK = 1000;

	private const COLUMNS = array( 'ascii_host', 'registrable', 'label', 'rule', 'evidence', 'flags', 'typo_of', 'ambiguous', 'data_version', 'labelled_at_ms' );

	/**
	 * Replaces the verdicts of domains. Companies go in first: a kill before the second statement leaves the domain
	 * stale, and it is labelled again.
	 *
	 * @param array<int, Verdict> $verdicts By domain_id.
	 * @param array<int, string>  $hosts    Host by domain_id.
	 */
	public static function write( array $verdicts, array $hosts, int $data_version, int $now_ms ): void {
		$rows      = array();
		$companies = array();
		foreach ( $verdicts as $domain_id => $verdict ) {
			$rows[] = self::row( $domain_id, $hosts[ $domain_id ], $verdict, $data_version, $now_ms );
			foreach ( $verdict['companies'] as $position => $company ) {
				$companies[] = array(
					'domain_id' => $domain_id,
					'list_uid'  => $company['list_uid'],
					'source_id' => $company['source_id'],
					'kind'      => Contract::number( 'MATCH_KINDS', $company['kind'] ),
					'position'  => $position,
				);
			}
		}
		foreach ( array_chunk( array_keys( $verdicts ), self::CHUNK ) as $ids ) {
			Sql::run( 'DELETE FROM {domain_companies} WHERE domain_id IN (' . Sql::places( count( $ids ) ) . ')', ...$ids );
		}
		Sql::insert( 'domain_companies', $companies, ignore: true );
		Sql::upsert( 'domains', $rows, self::COLUMNS );
	}

	/**
	 * The stored verdict and its version; null while there is none.
	 *
	 * @return array{verdict: Verdict, data_version: int}|null
	 */
	public static function read( int $domain_id ): ?array {
		$row = Sql::row( 'SELECT * FROM {domains} WHERE domain_id = %d AND label IS NOT NULL', $domain_id );
		if ( null === $row ) {
			return null;
		}
		$companies = array();
		foreach ( Sql::rows( 'SELECT list_uid, source_id, kind FROM {domain_companies} WHERE domain_id = %d ORDER BY position, list_uid, source_id', $domain_id ) as $company ) {
			$companies[] = array(
				'list_uid'  => (string) $company['list_uid'],
				'source_id' => (string) $company['source_id'],
				'kind'      => Contract::word( 'MATCH_KINDS', (int) $company['kind'] ),
			);
		}
		/** @var Verdict $verdict The rows were written from one. */
		$verdict = array(
			'ascii_host'  => $row['ascii_host'],
			'registrable' => $row['registrable'],
			'label'       => Contract::word( 'LABELS', (int) $row['label'] ),
			'rule'        => (string) $row['rule'],
			'evidence'    => (string) $row['evidence'],
			'flags'       => self::flags( (int) $row['flags'] ),
			'typo_of'     => $row['typo_of'],
			'ambiguous'   => '1' === $row['ambiguous'],
			'companies'   => $companies,
		);
		return array(
			'verdict'      => $verdict,
			'data_version' => (int) $row['data_version'],
		);
	}

	/**
	 * Registrable domains that the companion found for hosts; those of WordPress's own suffix walk are guesses.
	 *
	 * @param list<string> $hosts
	 * @return array<string, string> By host; others are left out.
	 */
	public static function registrables( array $hosts ): array {
		$rows  = array() === $hosts ? array() : Sql::rows(
			'SELECT host, registrable FROM {domains} WHERE registrable IS NOT NULL AND rule NOT IN (%s, %s) AND host IN (' . Sql::places( count( $hosts ), '%s' ) . ')',
			...array( ...AffectedDomains::GUESSING, ...$hosts )
		);
		$found = array();
		foreach ( $rows as $row ) {
			$found[ (string) $row['host'] ] = (string) $row['registrable'];
		}
		return $found;
	}

	/**
	 * A row of `domains`.
	 *
	 * @param Verdict $verdict
	 * @return array<string, int|string|bool|null>
	 */
	private static function row( int $domain_id, string $host, array $verdict, int $data_version, int $now_ms ): array {
		$flags = 0;
		foreach ( $verdict['flags'] as $flag ) {
			$flags |= Contract::number( 'DOMAIN_FLAGS', $flag );
		}
		return array(
			'domain_id'      => $domain_id,
			'host'           => $host,
			'ascii_host'     => $verdict['ascii_host'],
			'registrable'    => $verdict['registrable'],
			'label'          => Contract::number( 'LABELS', $verdict['label'] ),
			'rule'           => $verdict['rule'],
			'evidence'       => $verdict['evidence'],
			'flags'          => $flags,
			'typo_of'        => $verdict['typo_of'],
			'ambiguous'      => $verdict['ambiguous'],
			'data_version'   => $data_version,
			'labelled_at_ms' => $now_ms,
			'created_at_ms'  => $now_ms,
		);
	}

	/**
	 * Flags of their bits.
	 *
	 * @return list<string> Words of DOMAIN_FLAGS.
	 */
	public static function flags( int $bits ): array {
		$flags = array();
		foreach ( Contract::numbers( 'DOMAIN_FLAGS' ) as $flag => $bit ) {
			if ( ( $bits & $bit ) === $bit ) {
				$flags[] = $flag;
			}
		}
		return $flags;
	}
}
