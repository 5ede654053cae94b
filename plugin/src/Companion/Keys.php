<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\RollcallError;

/**
 * The keys of the pairing: from the constant ROLLCALL_KEYS, else the environment, else an option that is
 * encrypted with a key from the salts. The text of the first two is `site_id:kid:c2w:w2c`, in hexadecimal.
 *
 * @phpstan-type KeyPair array{kid: string, c2w: string, w2c: string}
 * @phpstan-type Ring array{site_id: string, current: KeyPair, previous: (array{kid: string, c2w: string, w2c: string, ends_at_ms: int})|null, rotation: array{kid: string, nonce: string}|null}
 */
final class Keys {
	public const OPTION = 'rollcall_keys';

	/**
	 * Every key of the pairing, raw; null when nothing is paired.
	 *
	 * @return Ring|null
	 * @throws RollcallError With key_unreadable when the salts were changed or the text is damaged.
	 */
	public static function ring(): ?array {
		$configured = self::configured();
		if ( null !== $configured ) {
			return self::parsed( $configured );
		}
		$sealed = get_option( self::OPTION, null );
		if ( null === $sealed || '' === $sealed || false === $sealed ) {
			return null;
		}
		if ( ! is_string( $sealed ) ) {
			throw new RollcallError( 'key_unreadable', 'The stored key is no text.' );
		}
		/** @var Ring $ring What opens was written by store(). */
		$ring = json_decode( self::unseal( $sealed ), true, 8, JSON_THROW_ON_ERROR );
		foreach ( array( 'current', 'previous' ) as $place ) {
			if ( is_array( $ring[ $place ] ) ) {
				$ring[ $place ]['c2w'] = (string) hex2bin( $ring[ $place ]['c2w'] );
				$ring[ $place ]['w2c'] = (string) hex2bin( $ring[ $place ]['w2c'] );
			}
		}
		return $ring;
	}

	/**
	 * Stores the keys; the option is not autoloaded.
	 *
	 * @param Ring $ring
	 * @throws RollcallError With not_allowed when the keys come from the configuration.
	 */
	public static function store( array $ring ): void {
		self::refuse_configured();
		foreach ( array( 'current', 'previous' ) as $place ) {
			if ( is_array( $ring[ $place ] ) ) {
				$ring[ $place ]['c2w'] = bin2hex( $ring[ $place ]['c2w'] );
				$ring[ $place ]['w2c'] = bin2hex( $ring[ $place ]['w2c'] );
			}
		}
		update_option( self::OPTION, self::seal( (string) wp_json_encode( $ring ) ), false );
	}

	/** Forgets the keys. Takes effect on the next request. */
	public static function forget(): void {
		self::refuse_configured();
		delete_option( self::OPTION );
	}

	/** Drops what WordPress has cached of the option, after a transaction that stored it was rolled back. */
	public static function forget_cache(): void {
		wp_cache_delete( self::OPTION, 'options' );
		wp_cache_delete( 'notoptions', 'options' );
		wp_cache_delete( 'alloptions', 'options' );
	}

	/** Encrypts a text with a key from the salts. */
	public static function seal( string $text ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		return 'v1:' . base64_encode( $nonce . sodium_crypto_secretbox( $text, $nonce, self::sealing_key() ) );
	}

	/**
	 * The text again.
	 *
	 * @throws RollcallError With key_unreadable.
	 */
	public static function unseal( string $sealed ): string {
		$bytes = base64_decode( substr( $sealed, 3 ), true );
		$text  = false;
		if ( str_starts_with( $sealed, 'v1:' ) && is_string( $bytes ) && strlen( $bytes ) > SODIUM_CRYPTO_SECRETBOX_NONCEBYTES + SODIUM_CRYPTO_SECRETBOX_MACBYTES ) {
			$text = sodium_crypto_secretbox_open(
				substr( $bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ),
				substr( $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ),
				self::sealing_key()
			);
		}
		return is_string( $text ) ? $text : throw new RollcallError( 'key_unreadable', 'The stored key does not open with the salts of this WordPress.' );
	}

	private static function sealing_key(): string {
		return hash_hmac( 'sha256', 'rollcall-keys', wp_salt( 'secure_auth' ), true );
	}

	/** The keys' text from constant or environment, or null. */
	private static function configured(): ?string {
		$text = defined( 'ROLLCALL_KEYS' ) ? constant( 'ROLLCALL_KEYS' ) : getenv( 'ROLLCALL_KEYS' );
		return is_string( $text ) && '' !== $text ? $text : null;
	}

	private static function refuse_configured(): void {
		if ( null !== self::configured() ) {
			throw new RollcallError( 'not_allowed', 'The keys come from ROLLCALL_KEYS in the configuration of this server: change them there.' );
		}
	}

	/** @return Ring */
	private static function parsed( string $text ): array {
		if ( 1 !== preg_match( '/^([0-9a-f]{32}):([0-9a-f]{16}-[0-9]{1,9}):([0-9a-f]{64}):([0-9a-f]{64})\z/', trim( $text ), $part ) ) {
			throw new RollcallError( 'key_unreadable', 'ROLLCALL_KEYS is not site_id:kid:c2w:w2c.' );
		}
		return array(
			'site_id'  => $part[1],
			'current'  => array(
				'kid' => $part[2],
				'c2w' => (string) hex2bin( $part[3] ),
				'w2c' => (string) hex2bin( $part[4] ),
			),
			'previous' => null,
			'rotation' => null,
		);
	}
}
