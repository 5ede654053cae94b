<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/**
 * The reads that header, tabs, exports and frozen figures share, so that they always add up. Keys are ASCII, so that
 * no collation takes two of them for one.
 */
final class ReportSql {
	/** Users by host, read from KEY (domain_id, user_id) alone. */
	public const USERS = '(SELECT domain_id, COUNT(*) AS users FROM {user_domains} WHERE domain_id > 0 GROUP BY domain_id)';

	/** What a domain is grouped by: the registrable one, else the host. */
	public const KEY = 'COALESCE(d.registrable, d.host)';

	/** Registrable domains with users, by label; 0 while they wait for one. Named g. */
	public const DOMAINS = '(SELECT ' . self::KEY . ' AS domain, COALESCE(d.label, 0) AS label, SUM(u.users) AS users,
			MAX(d.ambiguous) AS ambiguous, MIN(d.domain_id) AS domain_id
		FROM ' . self::USERS . ' u INNER JOIN {domains} d ON d.domain_id = u.domain_id
		GROUP BY ' . self::KEY . ', COALESCE(d.label, 0)) g';

	/** Number of the best of MATCH_KINDS: current, subdomain, manual, alias, former. */
	private const BEST_KIND = 'CASE MIN(CASE dc.kind WHEN 1 THEN 1 WHEN 5 THEN 2 WHEN 4 THEN 3 WHEN 3 THEN 4 ELSE 5 END)
			WHEN 1 THEN 1 WHEN 2 THEN 5 WHEN 3 THEN 4 WHEN 4 THEN 3 ELSE 2 END';

	/** Companies with users, named g, with their row c of the list in use; kind is the best one. */
	public const COMPANIES = '(SELECT dc.list_uid, dc.source_id, SUM(u.users) AS users,
			SUM(CASE WHEN dc.position = 0 THEN u.users ELSE 0 END) AS best_users,
			COUNT(DISTINCT ' . self::KEY . ') AS domains, MAX(d.ambiguous) AS ambiguous,
			' . self::BEST_KIND . ' AS kind
		FROM {domain_companies} dc INNER JOIN {domains} d ON d.domain_id = dc.domain_id
			INNER JOIN ' . self::USERS . ' u ON u.domain_id = dc.domain_id
		GROUP BY dc.list_uid, dc.source_id) g
		LEFT JOIN {lists} l ON l.list_uid = g.list_uid
		LEFT JOIN {companies} c ON c.list_uid = g.list_uid AND c.version = l.active_version AND c.source_id = g.source_id';
}
