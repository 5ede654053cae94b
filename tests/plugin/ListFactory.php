<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

/** Rows of lists with valid defaults: a test shows only what matters to it. */
final class ListFactory {
	/**
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	public static function company( string $source_id, array $changes = array() ): array {
		return $changes + array(
			'source'         => 'yc',
			'source_id'      => $source_id,
			'name'           => "Company $source_id",
			'former_names'   => array(),
			'slug'           => "company-$source_id",
			'status'         => 'active',
			'batch'          => 'Winter 2009',
			'batch_sort'     => 8036,
			'team_size'      => 10,
			'industry'       => 'B2B',
			'subindustry'    => '',
			'regions'        => array(),
			'tags'           => array(),
			'one_liner'      => '',
			'logo_url'       => null,
			'website_raw'    => "https://c$source_id.example",
			'website_origin' => "https://c$source_id.example",
			'launched_at_ms' => null,
			'raw_hash'       => hash( 'sha256', $source_id ),
		);
	}

	/** @return array<string, string> */
	public static function domain( string $domain, string $source_id, string $kind = 'current' ): array {
		return array(
			'domain'    => $domain,
			'source_id' => $source_id,
			'kind'      => $kind,
		);
	}

	/**
	 * A page of a version; the only one unless said otherwise.
	 *
	 * @param list<array<string, mixed>>  $companies
	 * @param list<array<string, string>> $domains
	 * @param array<string, mixed>        $changes
	 * @return array<string, mixed>
	 */
	public static function page( string $version, array $companies, array $domains = array(), array $changes = array() ): array {
		return $changes + array(
			'list_uid'             => 'yc',
			'sha256'               => hash( 'sha256', $version ),
			'source'               => 'yc',
			'page'                 => 1,
			'page_count'           => 1,
			'row_count'            => count( $companies ),
			'source_updated_at_ms' => null,
			'fetched_at_ms'        => 1_795_000_000_000,
			'changes'              => null,
			'companies'            => $companies,
			'domains'              => $domains,
		);
	}

	/**
	 * A verdict.
	 *
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	public static function verdict( array $changes = array() ): array {
		return $changes + array(
			'ascii_host'  => 'acme.example',
			'registrable' => 'acme.example',
			'label'       => 'unmatched',
			'rule'        => 'no_rule',
			'evidence'    => '',
			'flags'       => array(),
			'typo_of'     => null,
			'ambiguous'   => false,
			'companies'   => array(),
		);
	}
}
