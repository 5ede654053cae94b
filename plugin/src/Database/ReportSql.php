<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/**
 * What the reads of reports have in common. Keys are ASCII, so that no collation takes two of them for one.
 */
final class ReportSql {
	/** Users by host, read from KEY (domain_id, user_id) alone. */
	public const USERS = '(SELECT domain_id, COUNT(*) AS users FROM {user_domains} WHERE domain_id > 0 GROUP BY domain_id)';

	/** What a domain is grouped by: the registrable one, else the host. */
	public const KEY = 'COALESCE(d.registrable, d.host)';
}
