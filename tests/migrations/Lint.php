<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Migrations;

/** Reads a migration file: it may call create_table, add_column and add_index of Schema, and nothing else. */
final class Lint {
	private const CHANGES = array( 'create_table', 'add_column', 'add_index' );

	private const COLUMNS = array( 'ascii', 'char', 'text', 'long_text', 'tiny', 'small', 'int', 'big', 'auto_id' );

	/**
	 * What is wrong with the code of a migration of this name.
	 *
	 * @return list<string>
	 */
	public static function faults( string $name, string $code ): array {
		$faults = array();
		$tokens = array_values( array_filter( \PhpToken::tokenize( $code ), static fn ( \PhpToken $token ): bool => ! $token->is( T_WHITESPACE ) ) );
		$calls  = array();
		foreach ( $tokens as $place => $token ) {
			$before = $tokens[ $place - 1 ] ?? null;
			$next   = $tokens[ $place + 1 ] ?? null;
			if ( $token->is( array( T_GLOBAL, T_INLINE_HTML, T_EVAL, T_INCLUDE, T_REQUIRE, T_NEW, T_EXIT ) ) ) {
				$faults[] = "uses $token->text";
			}
			if ( $token->is( array( T_CONSTANT_ENCAPSED_STRING, T_ENCAPSED_AND_WHITESPACE, T_START_HEREDOC ) ) && 1 !== preg_match( '/^\'[A-Za-z0-9_]*\'$/', $token->text ) ) {
				$faults[] = "holds the text $token->text, which is no name";
			}
			if ( ! $token->is( T_STRING ) || null === $next || '(' !== $next->text ) {
				continue;
			}
			$calls[] = $token->text;
			$owner   = ( $tokens[ $place - 2 ] ?? null )?->text;
			$allowed = match ( $before?->text ) {
				'->'    => '$schema' === $owner && in_array( $token->text, self::CHANGES, true ),
				'::'    => 'Column' === $owner && in_array( $token->text, self::COLUMNS, true ),
				default => false,
			};
			if ( ! $allowed && ! in_array( $token->text, array( 'declare' ), true ) ) {
				$faults[] = "calls $token->text()";
			}
		}
		$changes = array_values( array_intersect( $calls, self::CHANGES ) );
		if ( array() === $changes ) {
			$faults[] = 'changes nothing';
		}
		if ( 1 === preg_match( '/^\d{4}_([a-z_]+?)_(create_table|add_[a-z0-9_]+)$/', $name, $named ) ) {
			if ( 1 !== preg_match( '/->(?:create_table|add_column|add_index)\(\s*\'' . $named[1] . '\'/', $code ) ) {
				$faults[] = "does not change the table $named[1]";
			}
		} else {
			$faults[] = 'is not named NNNN_table_verb_column';
		}
		$creates = in_array( 'create_table', $changes, true );
		if ( $creates && ( ! str_contains( $code, 'Kept' ) || 1 !== preg_match( '/Hot quer/', $code ) ) ) {
			$faults[] = 'does not say how long rows are kept and what the hot query is';
		}
		return array_merge( $faults, self::column_faults( $code ) );
	}

	/** @return list<string> */
	private static function column_faults( string $code ): array {
		$faults = array();
		preg_match_all( '/->add_column\((.*?)\)\s*;/s', $code, $found );
		foreach ( $found[1] as $arguments ) {
			if ( ! str_contains( $arguments, 'nullable: true' ) && ! str_contains( $arguments, 'default:' ) ) {
				$faults[] = 'adds a required column';
			}
		}
		return $faults;
	}
}
