<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Companion\Client;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\DomainVerdicts;
use Rollcall\Database\DueHosts;
use Rollcall\Database\Jobs;
use Rollcall\Database\Lists;
use Rollcall\Database\ReportCompanies;
use Rollcall\Database\ReportDomains;
use Rollcall\RollcallError;

/**
 * Says why a domain has its label: from the stored verdict, else from the lists in the tables, else from the companion,
 * at once when it can be reached and otherwise by its next call.
 *
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 * @phpstan-import-type Explanation from \Rollcall\Contract\Shapes
 */
final class Explaining {
	/**
	 * Explains a domain, address or URL; of an address only the host is used.
	 *
	 * @return Explanation
	 * @throws RollcallError `consent_missing`, `below_threshold`: only the companion knows, and it may not be told.
	 */
	public static function ask( string $text, int $now_ms ): array {
		$cut = HostText::cut( $text );
		if ( null === $cut['host'] ) {
			return self::invalid( (string) $cut['reason'] );
		}
		$host   = $cut['host'];
		$stored = self::stored( $host );
		if ( null !== $stored && DataVersion::current() === $stored['data_version'] ) {
			return self::answered( $host, $stored['verdict'], 'wordpress' );
		}
		$walked = SuffixWalk::verdicts( array( $host ) )[ $host ] ?? null;
		if ( null !== $walked ) {
			return self::answered( $host, $walked, 'wordpress' );
		}
		$kept_back = self::kept_back( $host );
		if ( null !== $kept_back && null === $stored ) {
			throw $kept_back;
		}
		$asked = null === $kept_back ? self::asked( $host ) : null;
		if ( null !== $asked ) {
			return self::answered( $host, $asked, 'companion' );
		}
		return null === $stored ? self::queued( $host, $now_ms ) : self::answered( $host, $stored['verdict'], 'wordpress' );
	}

	/**
	 * Why the companion may not be asked about a host now; null when it may. What nobody has is the own question of the
	 * person who asks.
	 */
	public static function kept_back( string $host ): ?RollcallError {
		$domain_id = Domains::id_of( $host );
		if ( null === $domain_id ) {
			return null;
		}
		if ( null === Consent::agreed_at_ms() ) {
			return new RollcallError( 'consent_missing', 'Only the companion can tell, and nobody has agreed yet to send it the domains of users.' );
		}
		return DueHosts::has_enough_people( $domain_id ) ? null
			: new RollcallError( 'below_threshold', "Only the companion can tell, and $host has fewer people than the threshold lets it be told of." );
	}

	/**
	 * The explanation that a job brought, or how far it is.
	 *
	 * @return Explanation
	 * @throws RollcallError `not_found`.
	 */
	public static function answer( string $job_uid ): array {
		$job = Jobs::find( $job_uid );
		if ( null === $job || 'explain' !== $job['kind'] || null === $job['host'] ) {
			throw new RollcallError( 'not_found', 'There is no such question.' );
		}
		/** @var Verdict|null $verdict Checked when the companion sent it. */
		$verdict = $job['result'];
		return self::shape( $job['host'], null === $verdict ? null : Verdicts::decided( array( $verdict ) )[0], 'companion', $job_uid, $job['state'] );
	}

	/** @return array{verdict: Verdict, data_version: int}|null */
	private static function stored( string $host ): ?array {
		$domain_id = Domains::id_of( $host );
		return null === $domain_id ? null : DomainVerdicts::read( $domain_id );
	}

	/**
	 * The companion's verdict, now; null when it cannot be reached or has not the lists in use.
	 *
	 * @return Verdict|null
	 */
	private static function asked( string $host ): ?array {
		$versions = array_values( array_filter( array_column( Lists::fetched(), 'active_sha256' ), 'is_string' ) );
		if ( array() === $versions ) {
			return null;
		}
		try {
			$verdict = Client::match( array( $host ), array_slice( OwnHosts::current(), 0, 20 ), $versions )[0] ?? null;
			return null === $verdict ? null : Verdicts::decided( array( $verdict ) )[0];
		} catch ( RollcallError ) {
			return null;
		}
	}

	/** @return Explanation */
	private static function queued( string $host, int $now_ms ): array {
		$open = array_values( array_filter( Jobs::open(), static fn ( array $job ): bool => 'explain' === $job['kind'] && $host === $job['host'] ) );
		$job  = $open[0]['job_uid'] ?? Jobs::add( 'explain', null, $host, $now_ms );
		return self::shape( $host, null, 'companion', $job, $open[0]['state'] ?? 'queued' );
	}

	/**
	 * @param Verdict                 $verdict
	 * @param 'wordpress'|'companion' $decided_by
	 * @return Explanation
	 */
	private static function answered( string $host, array $verdict, string $decided_by ): array {
		return self::shape( $host, $verdict, $decided_by, null, 'done' );
	}

	/** @return Explanation */
	private static function invalid( string $reason ): array {
		return self::shape(
			'',
			array(
				'ascii_host'  => null,
				'registrable' => null,
				'label'       => 'invalid',
				'rule'        => $reason,
				'evidence'    => '',
				'flags'       => array(),
				'typo_of'     => null,
				'ambiguous'   => false,
				'companies'   => array(),
			),
			'wordpress',
			null,
			'done'
		);
	}

	/**
	 * @param Verdict|null $verdict
	 * @return Explanation
	 */
	private static function shape( string $host, ?array $verdict, string $decided_by, ?string $job_uid, string $state ): array {
		/** @var Explanation $explanation */
		$explanation = array(
			'job_uid'       => $job_uid,
			'state'         => $state,
			'host'          => $host,
			'decided_by'    => $decided_by,
			'verdict'       => $verdict,
			'company_names' => null === $verdict ? array() : ReportCompanies::names_of( $verdict['companies'] ),
			'user_count'    => '' === $host ? 0 : ReportDomains::user_count( $verdict['registrable'] ?? $host ),
		);
		return $explanation;
	}
}
