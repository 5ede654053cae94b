<?php
declare( strict_types = 1 );

namespace Rollcall\Shortcodes;

/** A piece for visitors: a shortcode `rollcall_<tag>` and a block `rollcall/<tag>`, which give the same HTML. */
interface Piece {
	/**
	 * Handle of its style; empty when it has none.
	 *
	 * @var string
	 */
	public const STYLE = '';

	/**
	 * Attributes as the piece uses them, whatever was given; anything else is dropped.
	 *
	 * @param array<int|string, mixed> $given
	 * @return array<string, mixed>
	 */
	public static function attributes( array $given ): array;

	/**
	 * The HTML; empty when there is nothing to show.
	 *
	 * @param array<int|string, mixed> $given Attributes of shortcode or block.
	 */
	public static function render( array $given ): string;
}
