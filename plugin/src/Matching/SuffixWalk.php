<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Contract;
use Rollcall\Database\DomainClaims;
use Rollcall\Database\DomainVerdicts;

/**
 * Matches a host without the companion: it, then it without its first label, and so on. Right without a list of
 * public suffixes, because none of them and no mail provider ever becomes a company's domain.
 *
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 * @phpstan-import-type WalkRule from WalkRules
 * @phpstan-type Claim array{list_uid: string, source_id: string, kind: int, former: bool, removed: bool, status: int, batch_sort: int}
 */
final class SuffixWalk {
	/** Statuses, best first; other ones come last. */
	private const STATUS_ORDER = array( 'active', 'public', 'acquired', 'inactive' );

	/** The contract's limit. */
	private const MAX_COMPANIES = 20;

	/**
	 * Verdicts on ASCII hosts, for those that the site itself has, that a rule of the owner is about, or that a listed
	 * company has.
	 *
	 * @param list<string>          $hosts
	 * @param list<string>|null     $list_uids    Lists to look in; null is all that are switched on.
	 * @param array<string, string> $registrables Registrable domains that are known, by host. A rule above one is for all who
	 *                                            share the suffix, so it does not hold; where none is known, such a rule
	 *                                            leaves the host undecided unless the tables show that it is no suffix.
	 * @return array<string, Verdict> By host; other hosts are left out.
	 */
	public static function verdicts( array $hosts, ?array $list_uids = null, array $registrables = array() ): array {
		$suffixes = array();
		foreach ( $hosts as $host ) {
			foreach ( self::suffixes( $host ) as $suffix ) {
				$suffixes[ $suffix ] = true;
			}
		}
		$domains = array_map( 'strval', array_keys( $suffixes ) );
		$claims  = DomainClaims::of( $domains, $list_uids );
		$rules   = WalkRules::of( $domains, $claims, $list_uids );
		$own     = self::own_domains();
		$found   = array();
		foreach ( $hosts as $host ) {
			$verdict = self::verdict( $host, $own, $claims, $rules, $registrables[ $host ] ?? null );
			if ( null !== $verdict ) {
				$found[ $host ] = $verdict;
			}
		}
		return $found;
	}

	/**
	 * The verdict on one host: the site's own, or that of the nearest rule or claim; an exclusion comes before claims that
	 * are nearer. Null too when the walk comes to a parent of the site's own host: that may be the site's domain or a
	 * suffix for all.
	 *
	 * @param array<string, bool>        $own    The site's own domains, and whether each is known to be registrable.
	 * @param array<string, list<Claim>> $claims By domain.
	 * @return Verdict|null
	 */
	private static function verdict( string $host, array $own, array $claims, WalkRules $rules, ?string $registrable ): ?array {
		$suffixes = self::suffixes( $host );
		foreach ( $suffixes as $suffix ) {
			if ( isset( $own[ $suffix ] ) ) {
				return self::own( $suffixes[0], $suffix );
			}
		}
		$rule = $rules->nearest( $suffixes, $registrable );
		if ( null !== $rule && ( ! $rule['holds'] || 'exclusion' === $rule['kind'] ) ) {
			return $rule['holds'] ? self::ruled( $suffixes[0], $rule, 'excluded' ) : null;
		}
		foreach ( $suffixes as $suffix ) {
			if ( self::is_above( $suffix, $own ) ) {
				return null;
			}
			if ( null !== $rule && $suffix === $rule['domain'] ) {
				return self::ruled( $suffixes[0], $rule, 'company' );
			}
			$former  = array_values( array_filter( $claims[ $suffix ] ?? array(), static fn ( array $claim ): bool => $claim['former'] ) );
			$current = array_values( array_filter( $claims[ $suffix ] ?? array(), static fn ( array $claim ): bool => ! $claim['former'] ) );
			$heard   = array() === $current ? $former : $current;
			if ( array() !== $heard ) {
				return self::company( $suffixes[0], $suffix, $heard );
			}
		}
		return null;
	}

	/**
	 * The verdict of a rule of the owner: an alias means its company alone.
	 *
	 * @param WalkRule             $rule
	 * @param 'excluded'|'company' $label
	 * @return Verdict
	 */
	private static function ruled( string $host, array $rule, string $label ): array {
		return array(
			'ascii_host'  => $host,
			'registrable' => $rule['registrable'],
			'label'       => $label,
			'rule'        => 'company' === $label ? 'alias' : 'excluded',
			'evidence'    => $rule['domain'],
			'flags'       => array(),
			'typo_of'     => null,
			'ambiguous'   => false,
			'companies'   => 'company' !== $label ? array() : array(
				array(
					'list_uid'  => (string) $rule['list_uid'],
					'source_id' => (string) $rule['source_id'],
					'kind'      => $host === $rule['domain'] ? 'alias' : 'subdomain',
				),
			),
		);
	}

	/**
	 * Whether several companies of one list are meant. A company that two lists name is one company to people.
	 *
	 * @param list<array{list_uid: string, source_id: string}> $companies
	 */
	public static function is_ambiguous( array $companies ): bool {
		$lists = array_column( $companies, 'list_uid' );
		return count( $lists ) > count( array_unique( $lists ) );
	}

	/**
	 * The site's own domains: of each own host the registrable one that the companion found, else the host without www.
	 *
	 * @return array<string, bool> Whether it is the registrable one.
	 */
	public static function own_domains(): array {
		$bare = array();
		foreach ( OwnHosts::current() as $host ) {
			$bare[ $host ] = str_starts_with( $host, 'www.' ) ? substr( $host, 4 ) : $host;
		}
		$found = DomainVerdicts::registrables( array_values( array_unique( array( ...array_keys( $bare ), ...array_values( $bare ) ) ) ) );
		$own   = array();
		foreach ( $bare as $host => $domain ) {
			$registrable                    = $found[ $host ] ?? $found[ $domain ] ?? null;
			$own[ $registrable ?? $domain ] = null !== $registrable;
		}
		return $own;
	}

	/** @param array<string, bool> $own */
	private static function is_above( string $suffix, array $own ): bool {
		foreach ( $own as $domain => $is_registrable ) {
			if ( ! $is_registrable && str_ends_with( (string) $domain, ".$suffix" ) ) {
				return true;
			}
		}
		return false;
	}

	/** @return Verdict */
	private static function own( string $host, string $own_host ): array {
		return array(
			'ascii_host'  => $host,
			'registrable' => $own_host,
			'label'       => 'own_site',
			'rule'        => 'own_host',
			'evidence'    => $own_host,
			'flags'       => array(),
			'typo_of'     => null,
			'ambiguous'   => false,
			'companies'   => array(),
		);
	}

	/**
	 * The verdict on a host of which a suffix is claimed.
	 *
	 * @param non-empty-list<Claim> $claims
	 * @return Verdict
	 */
	private static function company( string $host, string $domain, array $claims ): array {
		usort( $claims, array( self::class, 'compare' ) );
		$companies = array();
		foreach ( array_slice( $claims, 0, self::MAX_COMPANIES ) as $claim ) {
			$companies[] = array(
				'list_uid'  => $claim['list_uid'],
				'source_id' => $claim['source_id'],
				'kind'      => self::kind( $claim, $host === $domain ),
			);
		}
		return array(
			'ascii_host'  => $host,
			'registrable' => $domain,
			'label'       => 'company',
			'rule'        => 'suffix_walk',
			'evidence'    => $domain,
			'flags'       => array(),
			'typo_of'     => null,
			'ambiguous'   => self::is_ambiguous( $companies ),
			'companies'   => $companies,
		);
	}

	/**
	 * @param Claim $claim
	 * @return 'current'|'former'|'alias'|'manual'|'subdomain'
	 */
	private static function kind( array $claim, bool $is_host ): string {
		/** @var 'current'|'former'|'alias'|'manual'|'subdomain' $kind */
		$kind = $claim['former'] ? 'former' : Contract::word( 'MATCH_KINDS', $claim['kind'] );
		return 'former' !== $kind && ! $is_host ? 'subdomain' : $kind;
	}

	/**
	 * Orders claims, best first: on the list before removed from it, Active, Public, Acquired, Inactive, then the newest
	 * batch. Identities are compared as bytes.
	 *
	 * @param Claim $one
	 * @param Claim $other
	 */
	private static function compare( array $one, array $other ): int {
		$order = array( $one['removed'], self::status_rank( $one ), -$one['batch_sort'] ) <=> array( $other['removed'], self::status_rank( $other ), -$other['batch_sort'] );
		return 0 !== $order ? $order : strcmp( "$one[list_uid]\n$one[source_id]", "$other[list_uid]\n$other[source_id]" );
	}

	/** @param Claim $claim */
	private static function status_rank( array $claim ): int {
		$rank = array_search( Contract::word( 'COMPANY_STATUSES', $claim['status'] ), self::STATUS_ORDER, true );
		return false === $rank ? count( self::STATUS_ORDER ) : $rank;
	}

	/**
	 * The host and its suffixes of two labels or more, longest first; none for a host with other than ASCII bytes.
	 *
	 * @return list<string>
	 */
	private static function suffixes( string $host ): array {
		$host = str_ends_with( $host, '.' ) ? substr( $host, 0, -1 ) : $host;
		if ( 1 !== preg_match( '/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/D', $host ) || strlen( $host ) > 253 ) {
			return array();
		}
		$labels   = explode( '.', $host );
		$suffixes = array();
		for ( $first = 0; $first < count( $labels ) - 1; $first++ ) {
			$suffixes[] = implode( '.', array_slice( $labels, $first ) );
		}
		return $suffixes;
	}
}
