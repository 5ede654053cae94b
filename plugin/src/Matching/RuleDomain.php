<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\AffectedDomains;
use Rollcall\Database\DomainClaims;

/**
 * Decides which domain a text means in a rule. Refused is what a rule would do nothing or far too much to: the site's own
 * hosts, mail providers, and what stands above the domains of many.
 *
 * Of suffixes for all WordPress knows those above which the companion has found registrable domains, and the usual second
 * levels of country domains. Any other one does no harm: a rule never holds above the registrable domain.
 */
final class RuleDomain {
	/** Such as co.uk; a domain of this form that the companion has found to be registrable is fine. */
	private const SECOND_LEVEL = '/^(?:ac|co|com|edu|gov|mil|net|org|or|ne|go|gob|gouv|sch)\.[a-z]{2}\z/';

	/** @var list<string>|null The site's own domains. */
	private ?array $own = null;

	/** @var array<string, true>|null What stands above registrable domains. */
	private ?array $suffixes = null;

	/**
	 * The domain, or the reason why there can be no rule on it; exactly one of them is null.
	 *
	 * @return array{domain: string|null, reason: string|null}
	 */
	public function of( string $text ): array {
		$text = trim( $text );
		$cut  = HostText::cut( 1 === preg_match( '/^(?:@|\*\.)(?=[^@]+\z)/u', $text ) ? ltrim( $text, '@*.' ) : $text );
		if ( null === $cut['host'] ) {
			return self::refused( (string) $cut['reason'] );
		}
		$domain = HostText::ascii( $cut['host'] );
		if ( null === $domain ) {
			return self::refused( 'bad_punycode' );
		}
		$domain = str_starts_with( $domain, 'www.' ) && substr_count( $domain, '.' ) > 1 ? substr( $domain, 4 ) : $domain;
		$reason = $this->reason( $domain );
		return null === $reason ? array(
			'domain' => $domain,
			'reason' => null,
		) : self::refused( $reason );
	}

	private function reason( string $domain ): ?string {
		return match ( true ) {
			! str_contains( $domain, '.' )         => 'no_dot',
			! PageCheck::is_domain( $domain )      => 'bad_char',
			$this->is_own( $domain )               => 'own_site',
			SharedHosts::is_core_mail( $domain )   => 'core_mail',
			$this->is_suffix( $domain )            => 'public_suffix',
			default                                => null,
		};
	}

	/** Users of the site's own hosts are decided before any rule. */
	private function is_own( string $domain ): bool {
		$this->own ??= array_map( 'strval', array_keys( SuffixWalk::own_domains() ) );
		foreach ( $this->own as $own ) {
			if ( str_ends_with( ".$domain", ".$own" ) ) {
				return true;
			}
		}
		return false;
	}

	private function is_suffix( string $domain ): bool {
		$this->suffixes ??= array_fill_keys( AffectedDomains::public_suffixes(), true );
		foreach ( array_keys( $this->suffixes ) as $suffix ) {
			if ( $domain === (string) $suffix || str_ends_with( (string) $suffix, ".$domain" ) ) {
				return true;
			}
		}
		return 1 === preg_match( self::SECOND_LEVEL, $domain ) && array() === AffectedDomains::registrable( array( $domain ) ) && array() === DomainClaims::of( array( $domain ) );
	}

	/** @return array{domain: null, reason: string} */
	private static function refused( string $reason ): array {
		return array(
			'domain' => null,
			'reason' => $reason,
		);
	}
}
