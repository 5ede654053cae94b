<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Database\Addresses;

/** Customers of WooCommerce, then billing addresses of guests' orders; read from its tables, whether it is active or not. */
final class WooCommerce {
	private const CUSTOMERS = 'wc_customer_lookup';
	private const ORDERS    = 'wc_orders';

	/** Cursors from here on are numbers of orders. */
	private const ORDERS_FROM = 1 << 50;

	/** Name on screens. */
	public static function title(): string {
		return __( 'WooCommerce customers and guest orders', 'rollcall' );
	}

	/** Whether its tables are there. */
	public static function available(): bool {
		return Addresses::has_table( self::CUSTOMERS );
	}

	/** Customers, of whom some may be guests. */
	public static function people_count(): int {
		return Addresses::customer_count();
	}

	/**
	 * The next addresses.
	 *
	 * @return array{addresses: list<string>, next: int|null}
	 */
	public static function page( int $after, int $limit ): array {
		if ( $after < self::ORDERS_FROM ) {
			$found = Addresses::of_customers( 'email', $after, $limit );
			$next  = count( $found ) < $limit ? self::ORDERS_FROM : array_key_last( $found );
			return array(
				'addresses' => array_values( $found ),
				'next'      => $next,
			);
		}
		$id    = $after - self::ORDERS_FROM;
		$found = self::has_order_table() ? Addresses::of_guest_orders( 'billing_email', $id, $limit ) : Addresses::of_guest_posts( '_billing_email', $id, $limit );
		return array(
			'addresses' => array_values( $found ),
			'next'      => count( $found ) < $limit ? null : self::ORDERS_FROM + (int) array_key_last( $found ),
		);
	}

	/** WooCommerce makes the new tables long before it uses them; its option says which ones hold the orders. */
	private static function has_order_table(): bool {
		return 'no' !== get_option( 'woocommerce_custom_orders_table_enabled', 'yes' ) && Addresses::has_table( self::ORDERS );
	}
}
