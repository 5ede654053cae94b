<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Database\Companions;
use Rollcall\RollcallError;

/**
 * The keys of the companions: from the constant ROLLCALL_KEYS, else the environment, else an option that is encrypted with a
 * key from the salts. The text of the first two is `site_id:kid:c2w:w2c`, in hexadecimal; of several companions one after
 * another with white space between them.
 *
 * @phpstan-type KeyPair array{kid: string, c2w: string, w2c: string}
 * @phpstan-type Ring array{site_id: string, current: KeyPair, previous: (array{kid: string, c2w: string, w2c: string, ends_at_ms: int})|null, rotation: array{kid: string, nonce: string}|null}
 */
final class Keys {
	public const OPTION = 'rollcall_keys';

	/**
	 * Every key of one companion, raw; null when it has none. Without a name that of the only one, or of the judge.
	 *
	 * @return Ring|null
	 * @throws RollcallError With key_unreadable when the salts were changed or the text is damaged.
	 */
	public static function ring( ?string $companion_id = null ): ?array {
		$rings = self::rings();
		if ( null === $companion_id ) {
			$companion_id = count( $rings ) > 1 ? Companions::current()['companion_id'] ?? '' : (string) array_key_first( $rings );
		}
		return $rings[ $companion_id ] ?? null;
	}

	/**
	 * The keys of all companions.
	 *
	 * @return array<array-key, Ring> By companion_id; PHP makes one that is all digits an integer.
	 * @throws RollcallError With key_unreadable.
	 */
	public static function rings(): array {
		$configured = self::configured();
		if ( null !== $configured ) {
			return self::parsed( $configured );
		}
		$sealed = get_option( self::OPTION, null );
		if ( null === $sealed || '' === $sealed || false === $sealed ) {
			return array();
		}
		if ( ! is_string( $sealed ) ) {
			throw new RollcallError( 'key_unreadable', 'The stored key is no text.' );
		}
		/** @var array{rings: array<array-key, Ring>}|Ring $stored What opens was written by write(), or by 0.1.0 for its only companion. */
		$stored = json_decode( self::unseal( $sealed ), true, 8, JSON_THROW_ON_ERROR );
		$rings  = $stored['rings'] ?? array( self::companion_of( $stored['current']['kid'] ) => $stored );
		return array_map( static fn( array $ring ): array => self::with_keys( $ring, static fn( string $key ): string => (string) hex2bin( $key ) ), $rings );
	}

	/** Which site the keys are of; null when nothing is paired. */
	public static function site_id(): ?string {
		$rings = self::rings();
		return array() === $rings ? null : $rings[ array_key_first( $rings ) ]['site_id'];
	}

	/** The companion that a kid names: it begins with it. */
	public static function companion_of( string $kid ): string {
		return explode( '-', $kid )[0];
	}

	/**
	 * Stores the keys of one companion beside those of the others; the option is not autoloaded. Belongs into a transaction
	 * that holds JudgeEpoch: two that store at once would lose one of them.
	 *
	 * @param Ring $ring
	 * @throws RollcallError With not_allowed when the keys come from the configuration.
	 */
	public static function store( array $ring ): void {
		self::refuse_configured();
		$rings = array_filter( self::fresh(), static fn( array $other ): bool => $other['site_id'] === $ring['site_id'] );
		$rings[ self::companion_of( $ring['current']['kid'] ) ] = $ring;
		self::write( $rings );
	}

	/** Forgets the keys of one companion; as store(). */
	public static function remove( string $companion_id ): void {
		self::refuse_configured();
		$rings = self::fresh();
		unset( $rings[ $companion_id ] );
		self::write( $rings );
	}

	/**
	 * What is stored now, whatever this request has read before; keys that nothing opens any more are given up.
	 *
	 * @return array<array-key, Ring>
	 */
	private static function fresh(): array {
		self::forget_cache();
		try {
			return self::rings();
		} catch ( RollcallError ) {
			return array();
		}
	}

	/** @param array<array-key, Ring> $rings */
	private static function write( array $rings ): void {
		if ( array() === $rings ) {
			delete_option( self::OPTION );
			return;
		}
		$text = array( 'rings' => array_map( static fn( array $ring ): array => self::with_keys( $ring, 'bin2hex' ), $rings ) );
		update_option( self::OPTION, self::seal( (string) wp_json_encode( $text, JSON_FORCE_OBJECT ) ), false );
	}

	/**
	 * @param Ring                     $ring
	 * @param callable(string): string $change
	 * @return Ring
	 */
	private static function with_keys( array $ring, callable $change ): array {
		foreach ( array( 'current', 'previous' ) as $place ) {
			if ( is_array( $ring[ $place ] ) ) {
				$ring[ $place ]['c2w'] = $change( $ring[ $place ]['c2w'] );
				$ring[ $place ]['w2c'] = $change( $ring[ $place ]['w2c'] );
			}
		}
		return $ring;
	}

	/** Forgets the keys of all companions. Takes effect on the next request. */
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

	/** @return array<array-key, Ring> */
	private static function parsed( string $text ): array {
		$rings = array();
		foreach ( (array) preg_split( '/\s+/', trim( $text ) ) as $one ) {
			if ( 1 !== preg_match( '/^([0-9a-f]{32}):([0-9a-f]{16}-[0-9]{1,9}):([0-9a-f]{64}):([0-9a-f]{64})\z/', (string) $one, $part ) ) {
				throw new RollcallError( 'key_unreadable', 'ROLLCALL_KEYS is not site_id:kid:c2w:w2c.' );
			}
			$rings[ self::companion_of( $part[2] ) ] = array(
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
		return $rings;
	}
}
