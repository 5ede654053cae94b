<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\AffectedDomains;
use Rollcall\Database\Domains;
use Rollcall\Database\DueHosts;
use Rollcall\Database\Jobs;
use Rollcall\Database\Rules;
use Rollcall\RollcallError;
use Rollcall\Settings;

/**
 * Aliases that redirects suggest: a domain whose site leads to a company's, and the domain that a company's own site leads
 * to. Only a person makes rules of them.
 *
 * @phpstan-import-type Redirect from \Rollcall\Contract\Shapes
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 */
final class RedirectProposals {
	/** The contract's limit. */
	private const HOSTS = 50;

	/**
	 * Asks where the sites of domains lead; without domains those that have most users and no company. A domain with fewer
	 * users than the threshold is never sent.
	 *
	 * @param list<string> $texts Domains, addresses or URLs.
	 * @return string The job_uid; that of the open job when there is one.
	 * @throws RollcallError `bad_request`: no domain is left to ask; `consent_missing`.
	 */
	public static function ask( array $texts, int $now_ms ): string {
		$open = Jobs::open_of( 'redirects' );
		if ( null !== $open ) {
			return $open['job_uid'];
		}
		if ( null === Consent::agreed_at_ms() ) {
			throw new RollcallError( 'consent_missing', 'Nobody has agreed yet to send domains of users to the companion.' );
		}
		$threshold = Settings::get()['threshold'];
		$hosts     = array() === $texts ? AffectedDomains::most_used_unmatched( $threshold, self::HOSTS ) : self::given( $texts );
		return array() === $hosts
			? throw new RollcallError( 'bad_request', 'There is no domain whose site could be asked.' )
			: Jobs::add( 'redirects', null, null, $now_ms, array( 'hosts' => $hosts ) );
	}

	/** Whether the threshold lets the companion be told of a domain; one that nobody has is always fine. */
	public static function may_ask( string $domain ): bool {
		$threshold = Settings::get()['threshold'];
		$users     = 1 === $threshold ? 1 : AffectedDomains::user_count( $domain );
		$domain_id = 0 === $users ? Domains::id_of( $domain ) : null;
		return $users >= $threshold || ( 0 === $users && ( null === $domain_id || DueHosts::has_enough_people( $domain_id ) ) );
	}

	/**
	 * Proposes aliases from what the companion found so far; the same findings again change nothing.
	 *
	 * @param array<Redirect> $redirects
	 */
	public static function take( array $redirects, int $now_ms ): void {
		$rule_domain = new RuleDomain();
		foreach ( $redirects as $redirect ) {
			$from = HostText::ascii( $redirect['host'] );
			$to   = $redirect['final_host'];
			if ( null === $from || null === $to || ! PageCheck::is_domain( $to ) || ! PageCheck::is_domain( $from ) || self::are_related( $from, $to ) ) {
				continue;
			}
			$walked = SuffixWalk::verdicts( array( $from, $to ) );
			$known  = self::company( $walked[ $from ] ?? null );
			$found  = self::company( $walked[ $to ] ?? null );
			$pair   = match ( true ) {
				null !== $found && ! isset( $walked[ $from ] ) => array( $from, $found ),
				null !== $known && ! isset( $walked[ $to ] )   => array( $to, $known ),
				default                                        => null,
			};
			if ( null !== $pair && ! self::is_shared( $pair[0] ) && null !== $rule_domain->of( $pair[0] )['domain'] ) {
				Rules::propose( $pair[0], $pair[1]['list_uid'], $pair[1]['source_id'], "https://$from redirects to $to", $now_ms );
			}
		}
	}

	/**
	 * @param list<string> $texts
	 * @return list<string>
	 */
	private static function given( array $texts ): array {
		$rule_domain = new RuleDomain();
		$hosts       = array();
		foreach ( $texts as $text ) {
			$domain = $rule_domain->of( $text )['domain'];
			if ( null !== $domain && self::may_ask( $domain ) ) {
				$hosts[ $domain ] = $domain;
			}
		}
		return array_slice( array_values( $hosts ), 0, self::HOSTS );
	}

	/** Whether one is the other or below it: a site that leads to its own www says nothing. */
	private static function are_related( string $one, string $other ): bool {
		return str_ends_with( ".$one", ".$other" ) || str_ends_with( ".$other", ".$one" );
	}

	/**
	 * @param Verdict|null $verdict
	 * @return array{list_uid: string, source_id: string}|null
	 */
	private static function company( ?array $verdict ): ?array {
		$best = $verdict['companies'][0] ?? null;
		return null === $best ? null : array(
			'list_uid'  => $best['list_uid'],
			'source_id' => $best['source_id'],
		);
	}

	/** Whether many unrelated people have addresses or pages there. */
	private static function is_shared( string $domain ): bool {
		return SharedHosts::is_platform( $domain )
			|| in_array( AffectedDomains::label_of( $domain ), array( 'core_mail', 'platform', 'free_mail', 'disposable', 'relay', 'education_government', 'invalid', 'special_use' ), true );
	}
}
