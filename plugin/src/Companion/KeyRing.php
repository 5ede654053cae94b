<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Database\JudgeEpoch;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;

/**
 * Which key counts for a call, and how keys are replaced without a new pairing.
 *
 * @phpstan-import-type KeyPair from Keys
 * @phpstan-import-type Ring from Keys
 */
final class KeyRing {
	/** The key before ends at the latest this long after the new one was made. */
	private const OVERLAP_MS = 3_600_000;

	/**
	 * The keys that a kid names now; null for an unknown kid and for one that has ended.
	 *
	 * @return KeyPair|null
	 */
	public static function keys_of( string $kid, int $now_ms ): ?array {
		$ring = Keys::ring( Keys::companion_of( $kid ) );
		if ( null === $ring ) {
			return null;
		}
		if ( $kid === $ring['current']['kid'] ) {
			return $ring['current'];
		}
		$previous = $ring['previous'];
		return null !== $previous && $kid === $previous['kid'] && $now_ms < $previous['ends_at_ms'] ? $previous : null;
	}

	/**
	 * The keys for calls to a companion: the ones that it is sure to have.
	 *
	 * @return KeyPair
	 * @throws RollcallError With not_paired or key_unreadable.
	 */
	public static function keys_to_call( string $companion_id, int $now_ms ): array {
		$ring = Keys::ring( $companion_id ) ?? throw new RollcallError( 'not_paired', 'No companion is paired.' );
		return null !== $ring['previous'] && $now_ms < $ring['previous']['ends_at_ms'] ? $ring['previous'] : $ring['current'];
	}

	/**
	 * Begins a rotation of every companion's keys, or goes on with those that are open.
	 *
	 * @throws RollcallError With not_paired or key_unreadable.
	 */
	public static function rotate(): void {
		$companion_ids = array_map( 'strval', array_keys( Keys::rings() ) );
		if ( array() === $companion_ids ) {
			throw new RollcallError( 'not_paired', 'No companion is paired.' );
		}
		foreach ( $companion_ids as $companion_id ) {
			self::change( $companion_id, array( self::class, 'begun' ) );
		}
	}

	/**
	 * Derives the new keys once the companion has sent its nonce. The same nonce gives the same keys, so that a lost
	 * answer costs nothing.
	 *
	 * @param array{kid: string, nonce: string} $ack
	 */
	public static function acknowledge( array $ack, int $now_ms ): void {
		self::change( Keys::companion_of( $ack['kid'] ), static fn( array $ring ): array => self::acknowledged( $ring, $ack, $now_ms ) );
	}

	/** Ends the key before, once a call under the new one was accepted. */
	public static function used( string $kid ): void {
		self::change( Keys::companion_of( $kid ), static fn( array $ring ): array => self::ended( $ring, $kid ) );
	}

	/**
	 * Stores what becomes of a companion's keys. Nothing is locked where nothing changes, as with nearly every call.
	 *
	 * @param callable(Ring): Ring $change
	 */
	private static function change( string $companion_id, callable $change ): void {
		$ring = Keys::ring( $companion_id );
		if ( null === $ring || $change( $ring ) === $ring ) {
			return;
		}
		try {
			Transaction::run(
				static function () use ( $companion_id, $change ): void {
					JudgeEpoch::hold();
					Keys::forget_cache();
					$ring = Keys::ring( $companion_id );
					if ( null !== $ring ) {
						Keys::store( $change( $ring ) );
					}
				}
			);
		} catch ( \Throwable $thrown ) {
			Keys::forget_cache();
			throw $thrown;
		}
	}

	/**
	 * @param Ring $ring
	 * @return Ring
	 */
	private static function begun( array $ring ): array {
		$number           = 1 + (int) explode( '-', $ring['current']['kid'] )[1];
		$ring['rotation'] ??= array(
			'kid'   => Keys::companion_of( $ring['current']['kid'] ) . '-' . $number,
			'nonce' => bin2hex( random_bytes( 16 ) ),
		);
		return $ring;
	}

	/**
	 * @param Ring                              $ring
	 * @param array{kid: string, nonce: string} $ack
	 * @return Ring
	 */
	private static function acknowledged( array $ring, array $ack, int $now_ms ): array {
		if ( null === $ring['rotation'] || $ack['kid'] !== $ring['rotation']['kid'] ) {
			return $ring;
		}
		$old             = null !== $ring['previous'] && $ring['current']['kid'] === $ack['kid'] ? $ring['previous'] : $ring['current'];
		$ring['current'] = array( 'kid' => $ack['kid'] ) + Derivation::rotated_keys( $old, $ring['rotation']['nonce'], $ack['nonce'], $ack['kid'] );
		if ( null === $ring['previous'] || $ring['previous']['kid'] !== $old['kid'] ) {
			$ring['previous'] = array( 'ends_at_ms' => $now_ms + self::OVERLAP_MS ) + $old;
		}
		return $ring;
	}

	/**
	 * @param Ring $ring
	 * @return Ring
	 */
	private static function ended( array $ring, string $kid ): array {
		return null !== $ring['previous'] && $kid === $ring['current']['kid'] ? array_merge( $ring, array( 'previous' => null, 'rotation' => null ) ) : $ring;
	}

	/**
	 * What a companion is told of a rotation.
	 *
	 * @return list<array{kind: 'rotate_keys'|'keys_rotated', kid: string, nonce: string|null, job_uid: null}>
	 */
	public static function commands( string $companion_id ): array {
		$ring = Keys::ring( $companion_id );
		if ( null === $ring || null === $ring['rotation'] ) {
			return array();
		}
		$done = $ring['current']['kid'] === $ring['rotation']['kid'];
		return array(
			array(
				'kind'    => $done ? 'keys_rotated' : 'rotate_keys',
				'kid'     => $ring['rotation']['kid'],
				'nonce'   => $done ? null : $ring['rotation']['nonce'],
				'job_uid' => null,
			),
		);
	}
}
