<?php
declare( strict_types = 1 );

namespace Rollcall\Shortcodes;

/** The visitors' pieces. Each is a shortcode and a block. */
final class Shortcode {
	/** The registry: class by tag. */
	private const PIECES = array(
		Companies::TAG => Companies::class,
		Matcher::TAG   => Matcher::class,
		Status::TAG    => Status::class,
	);

	/** Hook init: registers all of them. A block lies in `build/blocks` once the admin assets are built. */
	public static function register(): void {
		foreach ( self::PIECES as $tag => $piece ) {
			$folder = dirname( ROLLCALL_FILE ) . "/build/blocks/$tag";
			add_shortcode( "rollcall_$tag", static fn ( mixed $given ): string => self::shortcode( $tag, $piece, $given ) );
			if ( is_file( "$folder/block.json" ) ) {
				register_block_type( $folder, self::block( $piece ) );
			}
		}
	}

	/**
	 * What a block has beside its block.json. The style goes to the editor too, so that its preview looks like the page.
	 *
	 * @param class-string<Piece> $piece
	 * @return array{render_callback: callable(array<mixed>): string, editor_style_handles: list<string>}
	 */
	public static function block( string $piece ): array {
		return array(
			'render_callback'      => array( $piece, 'render' ),
			'editor_style_handles' => '' === $piece::STYLE ? array() : array( $piece::STYLE ),
		);
	}

	/**
	 * A shortcode is drawn as the block of the same name, so that both give the same HTML and load the same assets.
	 *
	 * @param class-string<Piece> $piece
	 */
	private static function shortcode( string $tag, string $piece, mixed $given ): string {
		$attributes = $piece::attributes( is_array( $given ) ? $given : array() );
		$block      = "rollcall/$tag";
		if ( ! \WP_Block_Type_Registry::get_instance()->is_registered( $block ) ) {
			return $piece::render( $attributes );
		}
		return render_block(
			array(
				'blockName'    => $block,
				'attrs'        => $attributes,
				'innerBlocks'  => array(),
				'innerHTML'    => '',
				'innerContent' => array(),
			)
		);
	}
}
