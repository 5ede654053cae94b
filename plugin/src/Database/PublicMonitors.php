<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** What is read of the public active monitors for visitors: names and figures, never an address or a message. */
final class PublicMonitors {
	/**
	 * Public active monitors by name. One whose name is an address has none.
	 *
	 * @return list<array{monitor_id: int, name: string, state: int, state_since_ms: int|null, known_until_ms: int, interval_seconds: int, is_confirming: bool, last_slot_ms: int|null, last_response_time_ms: int|null}>
	 */
	public static function rows(): array {
		$rows  = Sql::rows(
			"SELECT monitor_id, CASE WHEN name = SUBSTRING(url, 1, 200) THEN '' ELSE name END AS name, state, state_since_ms, known_until_ms, interval_seconds, is_confirming, last_slot_ms, last_response_time_ms "
			. Monitors::ACTIVE . ' AND is_public = 1 ORDER BY monitor_id'
		);
		$known = static fn( ?string $value ): ?int => null === $value ? null : (int) $value;
		$items = array_map(
			static fn( array $row ): array => array(
				'monitor_id'            => (int) $row['monitor_id'],
				'name'                  => str_contains( (string) $row['name'], '://' ) ? '' : (string) $row['name'],
				'state'                 => (int) $row['state'],
				'state_since_ms'        => $known( $row['state_since_ms'] ),
				'known_until_ms'        => (int) $row['known_until_ms'],
				'interval_seconds'      => (int) $row['interval_seconds'],
				'is_confirming'         => 1 === (int) $row['is_confirming'],
				'last_slot_ms'          => $known( $row['last_slot_ms'] ),
				'last_response_time_ms' => $known( $row['last_response_time_ms'] ),
			),
			$rows
		);
		// Here, since the databases sort letters differently; those without a name come last.
		usort( $items, static fn( array $one, array $other ): int => '' === $one['name'] || '' === $other['name'] ? strlen( $other['name'] ) <=> strlen( $one['name'] ) : strnatcasecmp( $one['name'], $other['name'] ) );
		return $items;
	}

	/** How many of them have an open incident. */
	public static function open_incident_count(): int {
		return Incidents::open_count( of_public: true );
	}
}
