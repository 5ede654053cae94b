<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Clock;
use Rollcall\Database\ListedCompanies;
use Rollcall\Database\Lists;
use Rollcall\RollcallError;

/**
 * Which of a visitor's domains belong to companies, by the tables alone: lists that are switched on and shown to
 * visitors, and the owner's rules. Whether a domain has users of the site makes no difference to the answer.
 *
 * @phpstan-import-type VisitorMatchAnswer from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredList from Lists
 */
final class VisitorMatch {
	/** No company's domain has more labels; a host that has is asked for by its last ones. */
	private const LABELS = 10;

	/**
	 * Answers a page of domains; what is no host is left out.
	 *
	 * @param list<string> $domains
	 * @return VisitorMatchAnswer
	 * @throws RollcallError list_not_ready, tables_missing or database_busy.
	 */
	public static function answer( array $domains ): array {
		$lists = Lists::visible_to_visitors();
		if ( array() === $lists ) {
			throw new RollcallError( 'list_not_ready', 'There is no list that visitors may look into.' );
		}
		$asked    = self::hosts( $domains );
		$verdicts = SuffixWalk::verdicts( array_values( array_unique( array_values( $asked ) ) ), array_column( $lists, 'list_uid' ) );
		$best     = array();
		foreach ( $asked as $domain => $host ) {
			$verdict = $verdicts[ $host ] ?? null;
			if ( 'company' === ( $verdict['label'] ?? null ) && isset( $verdict['companies'][0] ) ) {
				$best[ $domain ] = $verdict['companies'][0];
			}
		}
		$companies = ListedCompanies::of( array_values( $best ) );
		$matches   = array();
		foreach ( $best as $domain => $match ) {
			$company = $companies[ ListedCompanies::key( $match ) ] ?? null;
			if ( null !== $company ) {
				$matches[] = array( 'domain' => (string) $domain ) + $company + array( 'kind' => $match['kind'] );
			}
		}
		/** @var VisitorMatchAnswer $answer */
		$answer = array( 'checked' => count( $asked ), 'matches' => $matches ) + self::about( $lists );
		return $answer;
	}

	/**
	 * What the lists are called, and how old the oldest of them is.
	 *
	 * @param list<StoredList> $lists
	 * @return array{list_title: string, list_updated_at: string|null}
	 */
	public static function about( array $lists ): array {
		$fetched = array_filter( array_column( $lists, 'fetched_at_ms' ), 'is_int' );
		return array(
			'list_title'      => mb_substr( implode( ', ', array_column( $lists, 'title' ) ), 0, 200 ),
			'list_updated_at' => Clock::iso_or_null( array() === $fetched ? null : min( $fetched ) ),
		);
	}

	/**
	 * The hosts to look up, by the domain as it was asked.
	 *
	 * @param list<string> $domains
	 * @return array<array-key, string>
	 */
	private static function hosts( array $domains ): array {
		$hosts = array();
		foreach ( $domains as $domain ) {
			if ( strlen( $domain ) <= 253 && 1 === preg_match( '/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\z/', $domain ) ) {
				$hosts[ $domain ] = implode( '.', array_slice( explode( '.', $domain ), -self::LABELS ) );
			}
		}
		return $hosts;
	}
}
