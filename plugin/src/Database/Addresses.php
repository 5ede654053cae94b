<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** Addresses that this blog's tables hold beside those of its users. The names of their columns are given by Users\. */
final class Addresses {
	/**
	 * Addresses of approved comments, by the comment's number.
	 *
	 * @return array<int, string> Ascending.
	 */
	public static function of_comments( string $column, int $after, int $limit ): array {
		return self::by_id(
			'SELECT comment_ID AS id, %i AS address FROM %i WHERE comment_ID > %d AND comment_approved = %s AND %i <> %s ORDER BY comment_ID LIMIT %d',
			$column,
			Table::db()->comments,
			$after,
			'1',
			$column,
			'',
			$limit
		);
	}

	/**
	 * Customers of WooCommerce, by their number.
	 *
	 * @return array<int, string> Ascending.
	 */
	public static function of_customers( string $column, int $after, int $limit ): array {
		return self::by_id(
			'SELECT customer_id AS id, %i AS address FROM %i WHERE customer_id > %d AND %i <> %s ORDER BY customer_id LIMIT %d',
			$column,
			Table::db()->prefix . 'wc_customer_lookup',
			$after,
			$column,
			'',
			$limit
		);
	}

	/**
	 * Billing addresses of orders that no customer's account made, in the tables of WooCommerce 8 and later.
	 *
	 * @return array<int, string> Ascending.
	 */
	public static function of_guest_orders( string $column, int $after, int $limit ): array {
		return self::by_id(
			'SELECT id, %i AS address FROM %i WHERE id > %d AND type = %s AND COALESCE(customer_id, 0) = 0 AND status NOT IN (%s, %s, %s) AND %i <> %s ORDER BY id LIMIT %d',
			$column,
			Table::db()->prefix . 'wc_orders',
			$after,
			'shop_order',
			'trash',
			'auto-draft',
			'wc-checkout-draft',
			$column,
			'',
			$limit
		);
	}

	/**
	 * The same in the posts of older versions.
	 *
	 * @return array<int, string> Ascending.
	 */
	public static function of_guest_posts( string $key, int $after, int $limit ): array {
		return self::by_id(
			'SELECT p.ID AS id, MAX(b.meta_value) AS address FROM %i p
				INNER JOIN %i b ON b.post_id = p.ID AND b.meta_key = %s
				LEFT JOIN %i c ON c.post_id = p.ID AND c.meta_key = %s
				WHERE p.ID > %d AND p.post_type = %s AND p.post_status NOT IN (%s, %s, %s) AND COALESCE(c.meta_value, %s) IN (%s, %s) AND b.meta_value <> %s
				GROUP BY p.ID ORDER BY p.ID LIMIT %d',
			Table::db()->posts,
			Table::db()->postmeta,
			$key,
			Table::db()->postmeta,
			'_customer_user',
			$after,
			'shop_order',
			'trash',
			'auto-draft',
			'wc-checkout-draft',
			'',
			'',
			'0',
			'',
			$limit
		);
	}

	/** Different addresses of approved comments. */
	public static function comment_people( string $column ): int {
		return (int) Sql::value( 'SELECT COUNT(DISTINCT %i) FROM %i WHERE comment_approved = %s AND %i <> %s', $column, Table::db()->comments, '1', $column, '' );
	}

	/** Customers of WooCommerce. */
	public static function customer_count(): int {
		return (int) Sql::value( 'SELECT COUNT(*) FROM %i', Table::db()->prefix . 'wc_customer_lookup' );
	}

	/** Whether this blog has a table, named without prefix. */
	public static function has_table( string $table ): bool {
		return array() !== Sql::column( 'SHOW TABLES LIKE %s', Sql::like( Table::db()->prefix . $table ) );
	}

	/** @return array<int, string> */
	private static function by_id( string $sql, int|string ...$values ): array {
		$addresses = array();
		foreach ( Sql::rows( $sql, ...$values ) as $row ) {
			$addresses[ (int) $row['id'] ] = (string) $row['address'];
		}
		return $addresses;
	}
}
