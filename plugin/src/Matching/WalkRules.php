<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\AffectedDomains;
use Rollcall\Database\DomainClaims;
use Rollcall\Database\Rules;

/**
 * The owner's rules as the suffix walk needs them. An alias whose company is on no list in use is as if it were not there.
 *
 * @phpstan-import-type StoredRule from Rules
 * @phpstan-type WalkRule array{domain: string, kind: string, list_uid: string|null, source_id: string|null, holds: bool, registrable: string|null}
 */
final class WalkRules {
	/**
	 * @param array<string, StoredRule> $rules By domain.
	 * @param array<string, true>       $known Domains that are registrable or below a registrable one.
	 */
	private function __construct( private readonly array $rules, private readonly array $known ) {
	}

	/**
	 * Active rules of the domains.
	 *
	 * @param list<string>        $domains   Hosts and their suffixes.
	 * @param array<string, mixed> $claims    Claims by domain: no suffix for all is ever claimed.
	 * @param list<string>|null   $list_uids Lists whose aliases count; null is all that are switched on. With lists named it is
	 *                                       visitors who ask: they learn nothing of the hosts that users have.
	 */
	public static function of( array $domains, array $claims, ?array $list_uids ): self {
		$rules = array() === $domains || ! Rules::any_active() ? array() : Rules::active( $domains );
		if ( array() === $rules ) {
			return new self( array(), array() );
		}
		$aliases = array();
		foreach ( $rules as $rule ) {
			if ( 'alias' === $rule['kind'] ) {
				$aliases[] = array( (string) $rule['list_uid'], (string) $rule['source_id'] );
			}
		}
		$in_use = DomainClaims::in_use( $aliases, $list_uids );
		$rules  = array_filter( $rules, static fn( array $rule ): bool => 'exclusion' === $rule['kind'] || isset( $in_use[ "$rule[list_uid]\n$rule[source_id]" ] ) );
		$known  = null === $list_uids ? AffectedDomains::registrable( $domains ) : array();
		return new self( $rules, $known + array_fill_keys( array_keys( $claims ), true ) );
	}

	/**
	 * The rule of the nearest suffix that has one. `holds` is false when nobody knows whether its domain is a suffix for
	 * all; `registrable` is the domain by which it is known not to be.
	 *
	 * @param list<string> $suffixes    The host and its suffixes, longest first.
	 * @param string|null  $registrable Of the host; null when it is not known.
	 * @return WalkRule|null
	 */
	public function nearest( array $suffixes, ?string $registrable ): ?array {
		foreach ( $suffixes as $position => $suffix ) {
			$rule = $this->rules[ $suffix ] ?? null;
			if ( null === $rule ) {
				continue;
			}
			$below = array_slice( $suffixes, $position );
			if ( null === $registrable ) {
				$known = array_values( array_filter( $below, fn( string $domain ): bool => isset( $this->known[ $domain ] ) ) )[0] ?? null;
				return self::walk_rule( $rule, 0 === $position || null !== $known, $known );
			}
			if ( in_array( $registrable, $below, true ) ) {
				return self::walk_rule( $rule, true, $registrable );
			}
		}
		return null;
	}

	/**
	 * @param StoredRule $rule
	 * @return WalkRule
	 */
	private static function walk_rule( array $rule, bool $holds, ?string $registrable ): array {
		return array(
			'domain'      => $rule['domain'],
			'kind'        => $rule['kind'],
			'list_uid'    => $rule['list_uid'],
			'source_id'   => $rule['source_id'],
			'holds'       => $holds,
			'registrable' => $registrable,
		);
	}
}
