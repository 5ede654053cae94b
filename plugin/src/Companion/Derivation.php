<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

/** Keys that both sides derive by HKDF-SHA256 (RFC 5869) without sending them. Nonces and ids are hexadecimal. */
final class Derivation {
	/** The pairing root of the 20 secret bytes of a code. */
	public static function root( string $secret ): string {
		return hash_hkdf( 'sha256', $secret, 32, 'rollcall-pair-root' );
	}

	/**
	 * Keys of a new pairing.
	 *
	 * @return array{c2w: string, w2c: string} 32 bytes each.
	 */
	public static function pair_keys( string $root, string $companion_nonce, string $site_nonce, string $site_id, string $companion_id ): array {
		return self::keys( $root, $companion_nonce, $site_nonce, "$site_id\n$companion_id" );
	}

	/**
	 * Keys that follow on others.
	 *
	 * @param array{c2w: string, w2c: string} $keys Keys in use.
	 * @return array{c2w: string, w2c: string} 32 bytes each.
	 */
	public static function rotated_keys( array $keys, string $wordpress_nonce, string $companion_nonce, string $kid ): array {
		return self::keys( $keys['c2w'] . $keys['w2c'], $wordpress_nonce, $companion_nonce, $kid );
	}

	/**
	 * Proof of a companion that it knows the root, in hexadecimal.
	 *
	 * @param array{pairing_id: string, companion_id: string, companion_nonce: string, companion_version: string, companion_url: string|null, contract_version: int, ...} $pair
	 */
	public static function pair_mac( string $root, array $pair ): string {
		$text = Signature::join(
			array(
				'rollcall-v1',
				'pair',
				$pair['pairing_id'],
				$pair['companion_id'],
				$pair['companion_nonce'],
				$pair['companion_version'],
				$pair['companion_url'] ?? '',
				(string) $pair['contract_version'],
			)
		);
		return hash_hmac( 'sha256', $text, $root );
	}

	/** Signature of the answer to a pairing. */
	public static function pair_answer( string $root, string $companion_nonce, string $payload ): string {
		return Signature::sign( $root, Signature::join( array( 'rollcall-v1', 'pair-ack', $companion_nonce ) ) . "\n" . $payload );
	}

	/**
	 * One key a direction, so that a call cannot be reflected.
	 *
	 * @return array{c2w: string, w2c: string}
	 */
	private static function keys( string $material, string $first_nonce, string $second_nonce, string $info ): array {
		$salt = (string) hex2bin( $first_nonce ) . (string) hex2bin( $second_nonce );
		return array(
			'c2w' => hash_hkdf( 'sha256', $material, 32, "rollcall-c2w\n$info", $salt ),
			'w2c' => hash_hkdf( 'sha256', $material, 32, "rollcall-w2c\n$info", $salt ),
		);
	}
}
