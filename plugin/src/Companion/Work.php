<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Checks;
use Rollcall\Database\Companions;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Incidents;
use Rollcall\Database\Jobs;
use Rollcall\Database\JudgeEpoch;
use Rollcall\Database\Lists;
use Rollcall\Database\Runs;
use Rollcall\Database\StoreGeneration;
use Rollcall\Matching\Consent;
use Rollcall\Matching\Explaining;
use Rollcall\Matching\OwnHosts;
use Rollcall\Matching\RedirectProposals;
use Rollcall\Matching\RunProgress;
use Rollcall\Matching\Webhook;

/**
 * What WordPress answers to an exchange: what became of the batch, and what there is to do.
 *
 * @phpstan-import-type Exchange from \Rollcall\Contract\Shapes
 * @phpstan-import-type ExchangePayload from \Rollcall\Contract\Shapes
 * @phpstan-import-type Accepted from Ingest
 * @phpstan-import-type StoredJob from Jobs
 */
final class Work {
	/** Domains in a page. */
	private const PAGE = 2000;

	/** An unpolled companion hears of a cancelled job for this long. */
	private const CANCELLED_MS = 600_000;

	private const IDLE_SECONDS = 60;
	private const BUSY_SECONDS = 5;

	/**
	 * The payload.
	 *
	 * @param Exchange      $exchange
	 * @param Accepted|null $accepted
	 * @param bool          $was_asked Whether the answer before this one asked to call again at once.
	 * @return ExchangePayload
	 */
	public static function payload( array $exchange, ?array $accepted, string $companion_id, bool $was_asked, int $now_ms ): array {
		$location_id = Companions::location_of( $companion_id );
		if ( Checks::JUDGE !== $location_id ) {
			return self::of_standby( $exchange, $accepted, $companion_id, $location_id, $now_ms );
		}
		$own_hosts = OwnHosts::current();
		DataVersion::note_own_hosts( $own_hosts );
		$generation = StoreGeneration::current();
		Jobs::end_checks( $now_ms );
		$jobs       = self::jobs();
		$monitors   = MonitorWork::of( $exchange['cursors'], $now_ms );
		$domains    = self::domains( $exchange['cursors']['domains_after'] );
		$rotation   = KeyRing::commands( $companion_id );
		return self::answer(
			$accepted,
			null,
			$generation,
			array_merge( $rotation, self::cancelled( $now_ms ), self::restored( $exchange, $generation ) ),
			array(
				'jobs'      => array_map( array( self::class, 'job' ), $jobs ),
				'lists'     => self::lists(),
				'own_hosts' => array_slice( $own_hosts, 0, 20 ),
				'domains'   => $domains,
			) + $monitors,
			self::next_after_seconds(
				null !== $domains,
				null === $exchange['batch'] && $was_asked,
				self::hurries( $jobs ) || array() !== $rotation || null !== Runs::open() || Incidents::open_count() > 0
			)
		);
	}

	/**
	 * What a companion gets that checks along: the monitors and its keys. The dead man's switch is the judge's, who is missed by it.
	 *
	 * @param Exchange      $exchange
	 * @param Accepted|null $accepted
	 * @return ExchangePayload
	 */
	private static function of_standby( array $exchange, ?array $accepted, string $companion_id, int $location_id, int $now_ms ): array {
		$generation = StoreGeneration::current();
		$rotation   = KeyRing::commands( $companion_id );
		$monitors   = array_merge( MonitorWork::of( $exchange['cursors'], $now_ms ), array( 'dead_man_url' => '' ) );
		return self::answer(
			$accepted,
			$location_id,
			$generation,
			array_merge( $rotation, self::restored( $exchange, $generation ) ),
			array(
				'jobs'      => array(),
				'lists'     => array(),
				'own_hosts' => array(),
				'domains'   => null,
			) + $monitors,
			self::next_after_seconds( false, false, array() !== $rotation )
		);
	}

	/**
	 * What both kinds of companions get. More monitors are fetched at once, whatever else would let it wait.
	 *
	 * @param Accepted|null                                                                  $accepted
	 * @param int|null                                                                       $standby_location_id Null for the judge.
	 * @param array{id: string, counter: int}                                                $generation
	 * @param list<array{kind: string, kid: string|null, nonce: string|null, job_uid: string|null}> $commands
	 * @param array<string, mixed>                                                           $work
	 * @return ExchangePayload
	 */
	private static function answer( ?array $accepted, ?int $standby_location_id, array $generation, array $commands, array $work, int $next_after_seconds ): array {
		$page = $work['monitors'] ?? null;
		/** @var ExchangePayload $payload */
		$payload = array(
			'accepted'            => $accepted,
			'contract_version'    => Contract::version(),
			'plugin_version'      => ROLLCALL_VERSION,
			'judge_epoch'         => JudgeEpoch::current(),
			'standby_location_id' => $standby_location_id,
			'store_generation'    => $generation,
			'commands'            => $commands,
			'work'                => $work,
			'next_after_seconds'  => is_array( $page ) && true === $page['has_more'] ? 0 : $next_after_seconds,
		);
		return $payload;
	}

	/** When to call again. A companion that brings nothing for the domains that wait is not asked to spin. */
	public static function next_after_seconds( bool $domains_wait, bool $spins, bool $busy ): int {
		if ( $domains_wait && ! $spins ) {
			return 0;
		}
		return $domains_wait || $busy ? self::BUSY_SECONDS : self::IDLE_SECONDS;
	}

	/**
	 * Whether a job wants the next call soon. A webhook that is on its way does not: it is tried for an hour, and the
	 * companion calls by itself when it ends.
	 *
	 * @param list<StoredJob> $jobs
	 */
	private static function hurries( array $jobs ): bool {
		foreach ( $jobs as $job ) {
			if ( 'webhook' !== $job['kind'] || 'queued' === $job['state'] ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The next page of domains, after the last one that was labelled; from the start when nothing comes after it.
	 *
	 * @return array{data_version: int, rows: list<array{domain_id: int, host: string}>}|null
	 */
	private static function domains( int $after ): ?array {
		if ( ! RunProgress::sends_domains() ) {
			return null;
		}
		$version = DataVersion::current();
		$rows    = Domains::stale_page( $version, $after, self::PAGE );
		if ( array() === $rows && $after > 0 ) {
			$rows = Domains::stale_page( $version, 0, self::PAGE );
		}
		return array() === $rows ? null : array(
			'data_version' => $version,
			'rows'         => $rows,
		);
	}

	/** @return list<array{kind: string, kid: null, nonce: null, job_uid: string|null}> */
	private static function cancelled( int $now_ms ): array {
		return array_map( static fn( string $job_uid ): array => self::command( 'cancel_job', $job_uid ), Jobs::cancelled_since( $now_ms - self::CANCELLED_MS ) );
	}

	/**
	 * Tells a companion that knows more than there is that a backup was restored.
	 *
	 * @param Exchange                       $exchange
	 * @param array{id: string, counter: int} $generation
	 * @return list<array{kind: string, kid: null, nonce: null, job_uid: string|null}>
	 */
	private static function restored( array $exchange, array $generation ): array {
		$known = $exchange['store_generation'];
		return null !== $known && ( $known['id'] !== $generation['id'] || $known['counter'] > $generation['counter'] ) ? array( self::command( 'forget_cursors', null ) ) : array();
	}

	/**
	 * Open jobs. A question about users' domains waits for consent, as when it was asked under another companion, and for a
	 * threshold that lets them leave.
	 *
	 * @return list<StoredJob>
	 */
	private static function jobs(): array {
		$agreed = null !== Consent::agreed_at_ms();
		$jobs   = array();
		foreach ( Jobs::open() as $job ) {
			$hosts = $agreed ? array_values( array_filter( $job['hosts'], array( RedirectProposals::class, 'may_ask' ) ) ) : array();
			$waits = ( array() !== $job['hosts'] && array() === $hosts ) || ( null !== $job['host'] && null !== Explaining::kept_back( $job['host'] ) );
			if ( ! $waits ) {
				$jobs[] = array( 'hosts' => $hosts ) + $job;
			}
		}
		return $jobs;
	}

	/** @return array{kind: string, kid: null, nonce: null, job_uid: string|null} */
	private static function command( string $kind, ?string $job_uid ): array {
		return array(
			'kind'    => $kind,
			'kid'     => null,
			'nonce'   => null,
			'job_uid' => $job_uid,
		);
	}

	/**
	 * @param StoredJob $job
	 * @return array<string, mixed> Shape `job`.
	 */
	private static function job( array $job ): array {
		return array(
			'job_uid'      => $job['job_uid'],
			'kind'         => $job['kind'],
			'list_uid'     => $job['list_uid'],
			'host'         => $job['host'],
			'hosts'        => $job['hosts'],
			'webhook'      => null === $job['webhook'] ? null : Webhook::signed( $job['webhook'], Clock::now_ms() ),
			'monitor_uids' => $job['monitor_uids'],
		);
	}

	/** @return list<array<string, mixed>> */
	private static function lists(): array {
		return array_map(
			static fn( array $list ): array => array(
				'list_uid'             => $list['list_uid'],
				'source'               => $list['source'],
				'url'                  => $list['url'],
				'active_version'       => $list['active_version'],
				'active_sha256'        => $list['active_sha256'],
				'active_row_count'     => $list['row_count'],
				'active_fetched_at_ms' => $list['fetched_at_ms'],
				'staging_sha256'       => $list['staging_sha256'],
				'staged_pages'         => $list['staged_pages'],
				'schedule_hours'       => $list['schedule_hours'],
				'accept_shrunk'        => $list['accept_shrunk'],
			),
			array_slice( Lists::fetched(), 0, 50 )
		);
	}
}
