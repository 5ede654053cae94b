<?php
declare( strict_types = 1 );

namespace Rollcall\Shortcodes;

/** The visitors' pieces. Each is a shortcode and a block; a class has TAG, BLOCK, attributes() and render(). */
final class Shortcode {
	/** The registry. */
	private const CLASSES = array( Companies::class );

	/** Hook init: registers all of them. A block lies in `build/blocks` once the admin assets are built. */
	public static function register(): void {
		foreach ( self::CLASSES as $name ) {
			$folder = dirname( ROLLCALL_FILE ) . '/build/blocks/' . $name::TAG;
			add_shortcode( 'rollcall_' . $name::TAG, static fn ( mixed $given ): string => self::shortcode( $name, $given ) );
			if ( is_file( "$folder/block.json" ) ) {
				register_block_type( $folder, array( 'render_callback' => array( $name, 'render' ) ) );
			}
		}
	}

	/**
	 * A shortcode is drawn as the block of the same name, so that both give the same HTML and load the same assets.
	 *
	 * @param class-string<Companies> $name
	 */
	private static function shortcode( string $name, mixed $given ): string {
		$attributes = $name::attributes( is_array( $given ) ? $given : array() );
		if ( ! \WP_Block_Type_Registry::get_instance()->is_registered( $name::BLOCK ) ) {
			return $name::render( $attributes );
		}
		return render_block(
			array(
				'blockName'    => $name::BLOCK,
				'attrs'        => $attributes,
				'innerBlocks'  => array(),
				'innerHTML'    => '',
				'innerContent' => array(),
			)
		);
	}
}
