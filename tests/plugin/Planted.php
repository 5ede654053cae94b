<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Sql;
use Rollcall\Matching\Verdicts;

/** Rows with valid defaults; a test names only what it is about. */
final class Planted {
	public const NOW_MS = 1_790_000_000_000;

	/** A list in use. */
	public static function list( string $list_uid = 'yc', int $active_version = 5 ): void {
		Sql::run( 'DELETE FROM {lists} WHERE list_uid = %s', $list_uid );
		Sql::insert(
			'lists',
			array(
				array(
					'list_uid'           => $list_uid,
					'title'              => 'Companies',
					'owner'              => 1,
					'source'             => 1,
					'url'                => 'https://list.example/all.json',
					'enabled'            => 1,
					'last_version'       => $active_version,
					'active_version'     => $active_version,
					'active_sha256'      => str_repeat( 'a', 64 ),
					'active_source'      => 1,
					'row_count'          => 1,
					'staging_version'    => 0,
					'staged_pages'       => 0,
					'staging_page_count' => 0,
					'source_updated_at_ms' => self::NOW_MS,
					'fetched_at_ms'      => self::NOW_MS,
					'created_at_ms'      => self::NOW_MS,
				),
			)
		);
	}

	/**
	 * A company of the list in use, with its domains.
	 *
	 * @param array<string, int|string|null> $fields  Columns that differ.
	 * @param list<string>                   $domains Current ones.
	 */
	public static function company( string $source_id, array $fields = array(), array $domains = array(), string $list_uid = 'yc', int $version = 5 ): void {
		Sql::insert(
			'companies',
			array(
				array_merge(
					array(
						'list_uid'       => $list_uid,
						'version'        => $version,
						'source_id'      => $source_id,
						'source'         => 1,
						'name'           => "Company $source_id",
						'former_names'   => '[]',
						'slug'           => "company-$source_id",
						'status'         => Contract::number( 'COMPANY_STATUSES', 'active' ),
						'batch'          => 'Winter 2020',
						'batch_sort'     => 8080,
						'team_size'      => 12,
						'industry'       => 'B2B',
						'subindustry'    => '',
						'regions'        => '[]',
						'tags'           => '[]',
						'one_liner'      => 'Makes things.',
						'logo_url'       => null,
						'website_raw'    => '',
						'website_origin' => null,
						'launched_at_ms' => null,
						'first_seen_ms'  => self::NOW_MS,
						'last_seen_ms'   => self::NOW_MS,
						'removed_at_ms'  => null,
						'raw_hash'       => str_repeat( '0', 64 ),
					),
					$fields
				),
			)
		);
		foreach ( $domains as $domain ) {
			self::company_domain( $domain, $source_id, 'current', 1, $version, $list_uid );
		}
	}

	/** A domain of a company. */
	public static function company_domain( string $domain, string $source_id, string $kind = 'current', int $first = 1, int $last = 5, string $list_uid = 'yc' ): void {
		Sql::insert(
			'company_domains',
			array(
				array(
					'list_uid'      => $list_uid,
					'domain'        => $domain,
					'source_id'     => $source_id,
					'kind'          => Contract::number( 'MATCH_KINDS', $kind ),
					'first_version' => $first,
					'last_version'  => $last,
					'first_seen_ms' => self::NOW_MS,
					'last_seen_ms'  => self::NOW_MS,
				),
			)
		);
	}

	/**
	 * A verdict with valid defaults.
	 *
	 * @param array<string, mixed> $fields
	 * @return array<string, mixed>
	 */
	public static function verdict( string $host, array $fields = array() ): array {
		return array_merge(
			array(
				'ascii_host'  => $host,
				'registrable' => $host,
				'label'       => 'unmatched',
				'rule'        => 'no_rule',
				'evidence'    => '',
				'flags'       => array(),
				'typo_of'     => null,
				'ambiguous'   => false,
				'companies'   => array(),
			),
			$fields
		);
	}

	/**
	 * Labels a host as the companion would.
	 *
	 * @param array<string, mixed> $fields Fields of the verdict that differ.
	 * @param list<string>         $source_ids Companies, best first.
	 */
	public static function label( string $host, array $fields = array(), array $source_ids = array() ): int {
		$domain_id = Domains::ids( array( $host ), self::NOW_MS )[ $host ];
		$companies = array_map(
			static fn ( string $source_id ): array => array(
				'list_uid'  => 'yc',
				'source_id' => $source_id,
				'kind'      => 'current',
			),
			$source_ids
		);
		$verdict = self::verdict( $host, $fields + ( array() === $companies ? array() : array(
			'label'     => 'company',
			'rule'      => 'company_domain',
			'companies' => $companies,
			'ambiguous' => count( $companies ) > 1,
		) ) );
		Verdicts::store(
			array(
				array(
					'domain_id'    => $domain_id,
					'data_version' => DataVersion::current(),
					'verdict'      => $verdict,
				),
			),
			self::NOW_MS
		);
		return $domain_id;
	}
}
