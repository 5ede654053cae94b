<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\Lists;
use Rollcall\Database\ListVersions;
use Rollcall\RollcallError;

/**
 * Judges a page that a browser made: it passed the contract, but the browser is not the companion.
 *
 * @phpstan-import-type ListPage from ListVersions
 * @phpstan-import-type StoredList from Lists
 */
final class PageCheck {
	/** The companion's limit too. */
	private const COMPANIES = 50_000;

	/** A host of two labels or more whose last one is no number. */
	private const DOMAIN = '/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+\z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z/';

	/**
	 * Whether a text is a domain in A-label form; no address of numbers is.
	 */
	public static function is_domain( string $text ): bool {
		return strlen( $text ) <= 253 && 1 === preg_match( self::DOMAIN, $text );
	}

	/**
	 * Throws what is wrong with a page.
	 *
	 * @param StoredList $list
	 * @param ListPage   $page
	 * @throws RollcallError `bad_request`, `too_large`, `list_empty`, `list_shrunk`.
	 */
	public static function refuse_bad( array $list, array $page ): void {
		$sources = Lists::DEFAULT_UID === $list['list_uid'] ? array( $list['source'], 'sample' ) : array( $list['source'] );
		if ( $page['list_uid'] !== $list['list_uid'] || ! in_array( $page['source'], $sources, true ) ) {
			throw new RollcallError( 'bad_request', 'The page is one of another list or of another kind of list.' );
		}
		if ( $page['row_count'] > self::COMPANIES ) {
			throw new RollcallError( 'too_large', 'A list has at most ' . self::COMPANIES . ' companies.' );
		}
		if ( 0 === $page['row_count'] && 'manual' !== $list['source'] ) {
			throw new RollcallError( 'list_empty', 'There is no company on the list.' );
		}
		$is_shrunk = $list['active_source'] === $page['source'] && 5 * $page['row_count'] < 4 * $list['row_count'];
		if ( $is_shrunk && 'companion' === $list['owner'] && ! $list['accept_shrunk'] ) {
			throw new RollcallError( 'list_shrunk', "The list has {$page['row_count']} companies; the version in use has {$list['row_count']}." );
		}
		self::refuse_domains( $page );
		foreach ( $page['companies'] as $company ) {
			foreach ( array( $company['website_origin'], $company['logo_url'] ) as $url ) {
				if ( null !== $url && 1 !== preg_match( '#^https?://[^\s<>"]+\z#i', $url ) ) {
					throw new RollcallError( 'bad_request', 'A website or logo is no http(s) address.' );
				}
			}
		}
	}

	/** @param ListPage $page */
	private static function refuse_domains( array $page ): void {
		foreach ( $page['domains'] as $row ) {
			if ( ! self::is_domain( $row['domain'] ) || SharedHosts::is_core_mail( $row['domain'] ) ) {
				throw new RollcallError( 'bad_request', mb_substr( $row['domain'], 0, 100 ) . ' is no domain that a company can have.' );
			}
		}
	}
}
