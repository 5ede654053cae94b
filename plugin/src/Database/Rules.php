<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Contract;

/**
 * What the owner decided on domains. One rule a domain; as many as there are.
 *
 * @phpstan-import-type Rule from \Rollcall\Contract\Shapes
 * @phpstan-type StoredRule array{domain: string, kind: string, state: string, list_uid: string|null, source_id: string|null, evidence: string, created_by: int, created_at_ms: int}
 */
final class Rules {
	/** Domains in one IN list. */
	private const CHUNK = 1000;

	/**
	 * Active rules of domains; the primary key serves it.
	 *
	 * @param list<string> $domains
	 * @return array<string, StoredRule> By domain.
	 */
	public static function active( array $domains ): array {
		$found = array();
		foreach ( array_chunk( $domains, self::CHUNK ) as $chunk ) {
			$rows = Sql::rows(
				'SELECT * FROM {domain_rules} WHERE domain IN (' . Sql::places( count( $chunk ), '%s' ) . ') AND state = %d',
				...array( ...$chunk, Contract::number( 'RULE_STATES', 'active' ) )
			);
			foreach ( $rows as $row ) {
				$found[ (string) $row['domain'] ] = self::stored( $row );
			}
		}
		return $found;
	}

	/** Whether there is any active rule: without one, nothing else needs to be asked. */
	public static function any_active(): bool {
		return null !== Sql::value( 'SELECT 1 FROM {domain_rules} WHERE state = %d LIMIT 1', Contract::number( 'RULE_STATES', 'active' ) );
	}

	/**
	 * One rule.
	 *
	 * @return StoredRule|null
	 */
	public static function find( string $domain ): ?array {
		$row = Sql::row( 'SELECT * FROM {domain_rules} WHERE domain = %s', $domain );
		return null === $row ? null : self::stored( $row );
	}

	/**
	 * A page of rules.
	 *
	 * @param list<string> $kinds
	 * @param list<string> $states
	 * @return array{items: list<Rule>, total: int}
	 */
	public static function page( string $search, array $kinds, array $states, string $orderby, string $order, int $limit, int $offset ): array {
		$where  = array( '1 = 1' );
		$values = array();
		if ( '' !== trim( $search ) ) {
			$where[]  = 'domain LIKE %s';
			$values[] = '%' . Sql::like_host( trim( $search ) ) . '%';
		}
		foreach ( array( 'kind' => array( 'RULE_KINDS', $kinds ), 'state' => array( 'RULE_STATES', $states ) ) as $column => [ $vocabulary, $words ] ) {
			if ( array() !== $words ) {
				$where[] = "$column IN (" . Sql::places( count( $words ) ) . ')';
				array_push( $values, ...array_map( static fn( string $word ): int => Contract::number( $vocabulary, $word ), $words ) );
			}
		}
		$condition = implode( ' AND ', $where );
		$column    = 'created_at' === $orderby ? 'created_at_ms' : 'domain';
		$direction = 'desc' === $order ? 'DESC' : 'ASC';
		$rows      = Sql::rows( "SELECT * FROM {domain_rules} WHERE $condition ORDER BY $column $direction, domain LIMIT %d OFFSET %d", ...array( ...$values, $limit, $offset ) );
		return array(
			'items' => self::items( array_map( array( self::class, 'stored' ), $rows ) ),
			'total' => (int) Sql::value( "SELECT COUNT(*) FROM {domain_rules} WHERE $condition", ...$values ),
		);
	}

	/**
	 * Stores active rules; those that are there already for the same domains are replaced.
	 *
	 * @param list<string> $domains
	 */
	public static function put( string $kind, array $domains, ?string $list_uid, ?string $source_id, string $note, int $user_id, int $now_ms ): void {
		$rows = array_map( static fn( string $domain ): array => self::row( $domain, $kind, 'active', $list_uid, $source_id, $note, $user_id, $now_ms ), $domains );
		Sql::upsert( 'domain_rules', $rows, array( 'kind', 'state', 'list_uid', 'source_id', 'evidence', 'created_by', 'created_at_ms' ) );
	}

	/** Proposes an alias, unless a rule on the domain is there: a person has decided, or is about to. */
	public static function propose( string $domain, string $list_uid, string $source_id, string $evidence, int $now_ms ): void {
		Sql::insert( 'domain_rules', array( self::row( $domain, 'alias', 'proposed', $list_uid, $source_id, $evidence, 0, $now_ms ) ), ignore: true );
	}

	/** Confirms or declines a rule. */
	public static function set_state( string $domain, string $state, int $user_id ): void {
		Sql::run( 'UPDATE {domain_rules} SET state = %d, created_by = %d WHERE domain = %s', Contract::number( 'RULE_STATES', $state ), $user_id, $domain );
	}

	/** Removes a rule. */
	public static function delete( string $domain ): void {
		Sql::run( 'DELETE FROM {domain_rules} WHERE domain = %s', $domain );
	}

	/**
	 * Removes the aliases of a list whose companies are no longer those that they were made for.
	 *
	 * @return list<string> Their domains.
	 */
	public static function delete_of_list( string $list_uid ): array {
		$domains = Sql::column( 'SELECT domain FROM {domain_rules} WHERE list_uid = %s ORDER BY domain', $list_uid );
		Sql::run( 'DELETE FROM {domain_rules} WHERE list_uid = %s', $list_uid );
		return $domains;
	}

	/**
	 * Rules as REST shows them.
	 *
	 * @param list<StoredRule> $rules
	 * @return list<Rule>
	 */
	public static function items( array $rules ): array {
		$aliases = array_values( array_filter( $rules, static fn ( array $rule ): bool => null !== $rule['list_uid'] && null !== $rule['source_id'] ) );
		$listed  = ListedCompanies::of( array_map( static fn ( array $rule ): array => array( 'list_uid' => (string) $rule['list_uid'], 'source_id' => (string) $rule['source_id'] ), $aliases ) );
		$items   = array();
		foreach ( $rules as $rule ) {
			$user = 0 === $rule['created_by'] ? false : get_userdata( $rule['created_by'] );
			/** @var Rule $item */
			$item    = array(
				'domain'       => $rule['domain'],
				'kind'         => $rule['kind'],
				'state'        => $rule['state'],
				'list_uid'     => $rule['list_uid'],
				'source_id'    => $rule['source_id'],
				'company_name' => $listed[ "$rule[list_uid]\n$rule[source_id]" ]['name'] ?? '',
				'evidence'     => $rule['evidence'],
				'user_count'   => AffectedDomains::user_count( $rule['domain'] ),
				'created_by'   => false === $user ? '' : mb_substr( $user->display_name, 0, 250 ),
				'created_at'   => Clock::iso( $rule['created_at_ms'] ),
			);
			$items[] = $item;
		}
		return $items;
	}

	/** @return array<string, int|string|null> */
	private static function row( string $domain, string $kind, string $state, ?string $list_uid, ?string $source_id, string $evidence, int $user_id, int $now_ms ): array {
		return array(
			'domain'        => $domain,
			'kind'          => Contract::number( 'RULE_KINDS', $kind ),
			'state'         => Contract::number( 'RULE_STATES', $state ),
			'list_uid'      => $list_uid,
			'source_id'     => $source_id,
			'evidence'      => mb_substr( $evidence, 0, 500 ),
			'created_by'    => $user_id,
			'created_at_ms' => $now_ms,
		);
	}

	/**
	 * @param array<string, string|null> $row
	 * @return StoredRule
	 */
	private static function stored( array $row ): array {
		return array(
			'domain'        => (string) $row['domain'],
			'kind'          => Contract::word( 'RULE_KINDS', (int) $row['kind'] ),
			'state'         => Contract::word( 'RULE_STATES', (int) $row['state'] ),
			'list_uid'      => $row['list_uid'],
			'source_id'     => $row['source_id'],
			'evidence'      => (string) $row['evidence'],
			'created_by'    => (int) $row['created_by'],
			'created_at_ms' => (int) $row['created_at_ms'],
		);
	}
}
