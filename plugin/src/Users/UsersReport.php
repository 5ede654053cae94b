<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Contract;
use Rollcall\Database\ReportCompanies;
use Rollcall\Database\ReportUsers;

/**
 * Rows of the report's Users tab. Made in WordPress only, and only for those who may list users.
 *
 * @phpstan-import-type ReportUserRow from \Rollcall\Contract\Shapes
 * @phpstan-import-type UserFilters from ReportUsers
 */
final class UsersReport {
	/**
	 * A page of users.
	 *
	 * @param UserFilters                                                    $filters
	 * @param array{orderby: string, order: string, limit: int, offset: int} $page
	 * @return list<ReportUserRow>
	 */
	public static function page( array $filters, array $page ): array {
		return self::items( ReportUsers::page( EmailDomain::COLUMN, $filters, $page ) );
	}

	/**
	 * The users after one id, by id.
	 *
	 * @param UserFilters $filters
	 * @return list<ReportUserRow>
	 */
	public static function after( array $filters, int $after, int $limit ): array {
		return self::items( ReportUsers::after( EmailDomain::COLUMN, $filters, $after, $limit ) );
	}

	/**
	 * Users in all.
	 *
	 * @param UserFilters $filters
	 */
	public static function count( array $filters ): int {
		return ReportUsers::count( EmailDomain::COLUMN, $filters );
	}

	/**
	 * @param list<array<string, string|null>> $rows
	 * @return list<ReportUserRow>
	 */
	private static function items( array $rows ): array {
		$company = (string) Contract::number( 'LABELS', 'company' );
		$matched = array_filter( $rows, static fn ( array $row ): bool => $company === $row['label'] );
		$names   = ReportCompanies::names( array_values( array_unique( array_map( 'intval', array_column( $matched, 'domain_id' ) ) ) ) );
		$items   = array();
		if ( is_multisite() ) {
			// WordPress reads each user there to judge edit_user: 60 users took 120 queries.
			cache_users( array_map( 'intval', array_column( $rows, 'user_id' ) ) );
		}
		foreach ( $rows as $row ) {
			$user_id = (int) $row['user_id'];
			$items[] = array(
				'user_id'       => $user_id,
				'display_name'  => mb_substr( (string) $row['display_name'], 0, 250 ),
				'user_email'    => mb_substr( (string) $row['address'], 0, 320 ),
				'registered_at' => self::instant( $row['user_registered'] ?? '' ),
				'domain'        => (string) $row['domain'],
				'label'         => Contract::word_or_null( 'LABELS', $row['label'] ),
				'reason'        => Contract::word_or_null( 'REASONS', $row['reason'] ),
				'company_names' => $names[ (int) $row['domain_id'] ] ?? array(),
				'batch'         => (string) $row['batch'],
				'edit_url'      => current_user_can( 'edit_user', $user_id ) ? self::edit_url( $user_id ) : '',
			);
		}
		/** @var list<ReportUserRow> $items The words come from the contract. */
		return $items;
	}

	/** WordPress stores registrations in UTC; none, or `0000-00-00`, becomes the epoch. */
	private static function instant( string $registered ): string {
		$seconds = '' === $registered ? 0 : strtotime( "$registered UTC" );
		return gmdate( 'Y-m-d\TH:i:s\Z', false === $seconds ? 0 : max( 0, $seconds ) );
	}

	private static function edit_url( int $user_id ): string {
		return add_query_arg( 'user_id', $user_id, self_admin_url( 'user-edit.php' ) );
	}
}
