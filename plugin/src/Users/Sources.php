<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Database\Runs;
use Rollcall\Database\UserDomains as Rows;
use Rollcall\RollcallError;

/**
 * Where addresses are read from beside the users. A source of Rollcall's own is a class of READ and its word in USER_SOURCES.
 *
 * @phpstan-import-type AddressSource from \Rollcall\Contract\Shapes
 * @phpstan-import-type Page from PluginSources
 */
final class Sources {
	/** Classes with title(), available(), people_count() and page(). */
	private const READ = array(
		'comments'    => CommentAuthors::class,
		'woocommerce' => WooCommerce::class,
	);

	/**
	 * Every source, as REST shows it.
	 *
	 * @return list<AddressSource>
	 */
	public static function all(): array {
		$newest = Runs::newest_by_source();
		$item   = static fn ( string $source, string $title, bool $available, ?int $people ): array => array(
			'source'        => $source,
			'title'         => $title,
			'available'     => $available,
			'people_count'  => $people,
			'newest_run_id' => $newest[ $source ]['run_id'] ?? null,
		);
		$items  = array( $item( 'users', __( 'WordPress users', 'rollcall' ), true, Rows::user_count() ) );
		foreach ( self::READ as $source => $class ) {
			$available = $class::available();
			$items[]   = $item( $source, $class::title(), $available, $available ? $class::people_count() : null );
		}
		foreach ( PluginSources::all() as $source => $offered ) {
			$items[] = $item( $source, $offered['title'], true, null );
		}
		$items[] = $item( 'paste', __( 'A pasted list or a file', 'rollcall' ), true, null );
		return $items;
	}

	/** Whether a source can be read now. */
	public static function available( string $source ): bool {
		return match ( true ) {
			in_array( $source, array( 'users', 'paste' ), true ) => true,
			isset( self::READ[ $source ] )                       => self::READ[ $source ]::available(),
			default                                              => isset( PluginSources::all()[ $source ] ),
		};
	}

	/** Whether another plugin's code reads it. */
	public static function is_foreign( string $source ): bool {
		return ! isset( self::READ[ $source ] );
	}

	/**
	 * The next addresses of a source; a person may be there more than once.
	 *
	 * @return Page
	 * @throws RollcallError `source_failed`.
	 */
	public static function page( string $source, int $after, int $limit ): array {
		if ( self::is_foreign( $source ) ) {
			return PluginSources::page( $source, $after, $limit );
		}
		if ( ! self::available( $source ) ) {
			throw PluginSources::failed( $source, __( 'its tables are gone', 'rollcall' ) );
		}
		return self::READ[ $source ]::page( $after, $limit );
	}
}
