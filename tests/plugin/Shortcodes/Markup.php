<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Shortcodes;

/** What a text that is meant as text must never change: the elements of a page, and the names of their attributes. */
trait Markup {
	/**
	 * Elements and names of attributes, one of each that occurs, as WordPress's own reader of HTML finds them.
	 *
	 * @return list<string>
	 */
	private static function skeleton( string $html ): array {
		$tags = new \WP_HTML_Tag_Processor( $html );
		$seen = array();
		while ( $tags->next_tag() ) {
			$names = $tags->get_attribute_names_with_prefix( '' ) ?? array();
			sort( $names );
			$seen[ $tags->get_tag() . ' ' . implode( ' ', $names ) ] = true;
		}
		ksort( $seen );
		return array_keys( $seen );
	}

	/** @return list<string> */
	private static function payloads(): array {
		return json_decode( (string) file_get_contents( dirname( __DIR__, 2 ) . '/fixtures/attribute-payloads.json' ), true, 4, JSON_THROW_ON_ERROR );
	}
}
