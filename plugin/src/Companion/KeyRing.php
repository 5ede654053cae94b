<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

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
		$ring = Keys::ring();
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
	 * The keys for calls to the companion: the ones that it is sure to have.
	 *
	 * @return KeyPair
	 * @throws RollcallError With not_paired or key_unreadable.
	 */
	public static function keys_to_call( int $now_ms ): array {
		$ring = Keys::ring() ?? throw new RollcallError( 'not_paired', 'No companion is paired.' );
		return null !== $ring['previous'] && $now_ms < $ring['previous']['ends_at_ms'] ? $ring['previous'] : $ring['current'];
	}

	/**
	 * Begins a rotation, or goes on with the one that is open.
	 *
	 * @throws RollcallError With not_paired or key_unreadable.
	 */
	public static function rotate(): void {
		$ring = Keys::ring() ?? throw new RollcallError( 'not_paired', 'No companion is paired.' );
		if ( null !== $ring['rotation'] ) {
			return;
		}
		[ $companion_id, $number ] = explode( '-', $ring['current']['kid'] );
		$ring['rotation']          = array(
			'kid'   => $companion_id . '-' . ( (int) $number + 1 ),
			'nonce' => bin2hex( random_bytes( 16 ) ),
		);
		Keys::store( $ring );
	}

	/**
	 * Derives the new keys once the companion has sent its nonce. The same nonce gives the same keys, so that a lost
	 * answer costs nothing.
	 *
	 * @param array{kid: string, nonce: string} $ack
	 */
	public static function acknowledge( array $ack, int $now_ms ): void {
		$ring = Keys::ring();
		if ( null === $ring || null === $ring['rotation'] || $ack['kid'] !== $ring['rotation']['kid'] ) {
			return;
		}
		$old             = null !== $ring['previous'] && $ring['current']['kid'] === $ack['kid'] ? $ring['previous'] : $ring['current'];
		$ring['current'] = array( 'kid' => $ack['kid'] ) + Derivation::rotated_keys( $old, $ring['rotation']['nonce'], $ack['nonce'], $ack['kid'] );
		if ( null === $ring['previous'] || $ring['previous']['kid'] !== $old['kid'] ) {
			$ring['previous'] = array( 'ends_at_ms' => $now_ms + self::OVERLAP_MS ) + $old;
		}
		Keys::store( $ring );
	}

	/** Ends the key before, once a call under the new one was accepted. */
	public static function used( string $kid ): void {
		$ring = Keys::ring();
		if ( null !== $ring && null !== $ring['previous'] && $kid === $ring['current']['kid'] ) {
			$ring['previous'] = null;
			$ring['rotation'] = null;
			Keys::store( $ring );
		}
	}

	/**
	 * What the companion is told of a rotation.
	 *
	 * @return list<array{kind: 'rotate_keys'|'keys_rotated', kid: string, nonce: string|null, job_uid: null}>
	 */
	public static function commands(): array {
		$ring = Keys::ring();
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
