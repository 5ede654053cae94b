<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Database\Addresses;

/** Authors of approved comments; those who left no address are nobody. */
final class CommentAuthors {
	private const COLUMN = 'comment_author_email';

	/** Comments up to which counting their authors is quick. */
	private const QUICK = 100_000;

	/** Name on screens. */
	public static function title(): string {
		return __( 'Comment authors', 'rollcall' );
	}

	/** Every blog has comments. */
	public static function available(): bool {
		return true;
	}

	/** Different addresses; null when there are too many comments to tell quickly. */
	public static function people_count(): ?int {
		return (int) wp_count_comments()->approved > self::QUICK ? null : Addresses::comment_people( self::COLUMN );
	}

	/**
	 * The next addresses, one a comment.
	 *
	 * @return array{addresses: list<string>, next: int|null}
	 */
	public static function page( int $after, int $limit ): array {
		$found = Addresses::of_comments( self::COLUMN, $after, $limit );
		return array(
			'addresses' => array_values( $found ),
			'next'      => count( $found ) < $limit ? null : array_key_last( $found ),
		);
	}
}
