<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\Settings;

/**
 * Whose figures a report shows: the users, live; another source, from its newest run; all of them; or one run. Header,
 * tabs, exports and frozen figures read the same SQL, so that they always add up.
 *
 * @phpstan-import-type StoredRun from Runs
 * @phpstan-type Part array{run_id: int, source: int}
 */
final class ReportPeople {
	/** The word of ?source= for everything. */
	public const ALL = 'all';

	/** Number in the place of a label: the threshold hides the host, and it has no verdict on the lists in use. */
	public const HIDDEN = 255;

	/** Makes MariaDB fill a table once: without it, it asked for the users of each of 6,000 domains again, in 35 s. */
	private const ONCE = ' LIMIT 9223372036854775807';

	/** Number of the best of MATCH_KINDS: current, subdomain, manual, alias, former. */
	private const BEST_KIND = 'CASE MIN(CASE dc.kind WHEN 1 THEN 1 WHEN 5 THEN 2 WHEN 4 THEN 3 WHEN 3 THEN 4 ELSE 5 END)
			WHEN 1 THEN 1 WHEN 2 THEN 5 WHEN 3 THEN 4 WHEN 4 THEN 3 ELSE 2 END';

	/**
	 * @param bool                $live_users Whether the users of now are among them.
	 * @param list<Part>          $parts      Rows of `run_domains`; source 0 is every source of the run.
	 * @param array<int, int>     $reasons    People of runs without a usable address, by number of the reason.
	 * @param list<StoredRun>     $runs       Runs that the figures are of.
	 */
	private function __construct(
		private readonly bool $live_users,
		private readonly array $parts,
		private readonly array $reasons,
		public readonly array $runs,
		private readonly int $threshold,
		private readonly int $data_version
	) {
	}

	/** The users of now. */
	public static function users(): self {
		return self::made( true, array(), array() );
	}

	/** Those of a source, or of ALL. A source that no finished run has read has nobody. */
	public static function of( string $source ): self {
		if ( 'users' === $source ) {
			return self::users();
		}
		$parts = array();
		$runs  = array();
		foreach ( self::ALL === $source ? Runs::newest_by_source() : array( $source => Runs::newest_done( $source ) ) as $word => $run ) {
			if ( null !== $run && 'users' !== $word ) {
				$parts[] = array(
					'run_id' => $run['run_id'],
					'source' => RunSources::number( (string) $word ),
				);
				$runs[ (string) $word ] = $run;
			}
		}
		return self::made( self::ALL === $source, $parts, $runs );
	}

	/**
	 * Those of one run, over all its sources.
	 *
	 * @param StoredRun $run
	 */
	public static function of_run( array $run ): self {
		return new self(
			false,
			array(
				array(
					'run_id' => $run['run_id'],
					'source' => 0,
				),
			),
			self::added( array( in_array( 'users', $run['sources'], true ) ? UserDomains::reasons() : array(), ...array_values( $run['progress']['reasons'] ) ) ),
			array( $run ),
			'browser' === $run['ran_in'] ? 1 : Settings::get()['threshold'],
			DataVersion::current()
		);
	}

	/** Rows of domain_id and users, a domain more than once; a table to select from. */
	public function rows(): string {
		$live   = array() === $this->parts ? 'SELECT domain_id, 1 AS users FROM {user_domains} WHERE domain_id > 0' : 'SELECT domain_id, users FROM ' . ReportSql::USERS . ' live';
		$tables = $this->live_users ? array( $live ) : array();
		foreach ( $this->parts as $part ) {
			$tables[] = "SELECT domain_id, users FROM {run_domains} WHERE run_id = $part[run_id]" . ( 0 === $part['source'] ? '' : " AND source = $part[source]" );
		}
		return '(' . ( array() === $tables ? 'SELECT domain_id, users FROM {run_domains} WHERE run_id = 0' : implode( ' UNION ALL ', $tables ) ) . ')';
	}

	/** Users by host. Those of now are read from KEY (domain_id, user_id) alone. */
	public function by_host(): string {
		return $this->live_users && array() === $this->parts
			? ReportSql::USERS
			: '(SELECT p.domain_id, SUM(p.users) AS users FROM ' . $this->rows() . ' p GROUP BY p.domain_id' . self::ONCE . ')';
	}

	/** Users of a few hosts: rows() where the database looks up those alone, else a table that is filled once. */
	public function of_hosts(): string {
		return 1 === (int) $this->live_users + count( $this->parts ) ? $this->rows() : $this->by_host();
	}

	/** Number of a label; 0 waits. Needs domains d and users u by host. */
	public function label(): string {
		return $this->threshold > 1
			? sprintf( 'CASE WHEN u.users < %d AND d.data_version <> %d THEN %d ELSE COALESCE(d.label, 0) END', $this->threshold, $this->data_version, self::HIDDEN )
			: 'COALESCE(d.label, 0)';
	}

	/** Registrable domains with users, by label. Named g. */
	public function domains(): string {
		return '(SELECT ' . ReportSql::KEY . ' AS domain, ' . $this->label() . ' AS label, SUM(u.users) AS users,
			MAX(d.ambiguous) AS ambiguous, MIN(d.domain_id) AS domain_id
		FROM ' . $this->by_host() . ' u INNER JOIN {domains} d ON d.domain_id = u.domain_id
		GROUP BY ' . ReportSql::KEY . ', ' . $this->label() . ') g';
	}

	/** Companies with users, named g, with their row c of the list in use; kind is the best one. */
	public function companies(): string {
		return '(SELECT dc.list_uid, dc.source_id, SUM(u.users) AS users,
			SUM(CASE WHEN dc.position = 0 THEN u.users ELSE 0 END) AS best_users,
			COUNT(DISTINCT ' . ReportSql::KEY . ') AS domains, MAX(d.ambiguous) AS ambiguous,
			' . self::BEST_KIND . ' AS kind
		FROM {domain_companies} dc INNER JOIN {domains} d ON d.domain_id = dc.domain_id
			INNER JOIN ' . $this->by_host() . ' u ON u.domain_id = dc.domain_id
		WHERE ' . $this->label() . ' = ' . Contract::number( 'LABELS', 'company' ) . '
		GROUP BY dc.list_uid, dc.source_id) g
		LEFT JOIN {lists} l ON l.list_uid = g.list_uid
		LEFT JOIN {companies} c ON c.list_uid = g.list_uid AND c.version = l.active_version AND c.source_id = g.source_id';
	}

	/**
	 * People without a usable address by number of the reason.
	 *
	 * @return array<int, int>
	 */
	public function reasons(): array {
		return $this->live_users ? self::added( array( UserDomains::reasons(), $this->reasons ) ) : $this->reasons;
	}

	/**
	 * @param list<Part>               $parts
	 * @param array<string, StoredRun> $runs By source.
	 */
	private static function made( bool $live_users, array $parts, array $runs ): self {
		$reasons = array();
		foreach ( $runs as $source => $run ) {
			$reasons[] = $run['progress']['reasons'][ $source ] ?? array();
		}
		return new self( $live_users, $parts, self::added( $reasons ), array_values( $runs ), Settings::get()['threshold'], DataVersion::current() );
	}

	/**
	 * @param list<array<int, int>> $counts
	 * @return array<int, int>
	 */
	private static function added( array $counts ): array {
		$sums = array();
		foreach ( $counts as $by_reason ) {
			foreach ( $by_reason as $reason => $users ) {
				$sums[ $reason ] = ( $sums[ $reason ] ?? 0 ) + $users;
			}
		}
		ksort( $sums );
		return $sums;
	}
}
