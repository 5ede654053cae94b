<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Contract;
use Rollcall\Database\Audit;
use Rollcall\Database\Companions;
use Rollcall\Database\JudgeEpoch;
use Rollcall\Database\Kv;
use Rollcall\Database\Payloads;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;

/**
 * One open pairing code. WordPress keeps the root that is derived from its secret, never the secret.
 *
 * @phpstan-import-type Pair from \Rollcall\Contract\Shapes
 * @phpstan-type OpenCode array{pairing_id: string, root: string|null, expires_at_ms: int, wrong: int, request: string|null, answer: array{payload: string, sig: string}|null}
 */
final class Pairing {
	public const LIFE_MS = 600_000;

	private const NAME  = 'pairing';
	private const TRIES = 5;

	/**
	 * Makes a code; the one before ends.
	 *
	 * @return array{code: string, expires_at_ms: int}
	 */
	public static function open( int $now_ms ): array {
		$pairing_id = bin2hex( random_bytes( 5 ) );
		$secret     = random_bytes( 20 );
		$open       = array(
			'pairing_id'    => $pairing_id,
			'root'          => Keys::seal( Derivation::root( $secret ) ),
			'expires_at_ms' => $now_ms + self::LIFE_MS,
			'wrong'         => 0,
			'request'       => null,
			'answer'        => null,
		);
		Kv::set( self::NAME, $open, $open['expires_at_ms'], $now_ms );
		return array(
			'code'          => $pairing_id . '.' . bin2hex( $secret ),
			'expires_at_ms' => $open['expires_at_ms'],
		);
	}

	/** When the open code ends; null when there is none that still waits. */
	public static function expires_at_ms( int $now_ms ): ?int {
		$open = self::code( $now_ms );
		return null === $open || null === $open['root'] || $open['wrong'] >= self::TRIES ? null : $open['expires_at_ms'];
	}

	/** Takes back the open code. */
	public static function close(): void {
		Kv::delete( self::NAME );
	}

	/**
	 * Whether a request proves that it knows the open code; changes nothing.
	 *
	 * @param Pair $pair
	 */
	public static function knows_code( array $pair, int $now_ms ): bool {
		$open = self::code( $now_ms );
		if ( null === $open || ! hash_equals( $open['pairing_id'], $pair['pairing_id'] ) ) {
			return false;
		}
		return null === $open['root'] ? self::is_repeated( $open, $pair ) : self::is_right( $open, $pair );
	}

	/**
	 * Pairs the companion, and answers the same request the same way until the code's time is over.
	 *
	 * @param Pair $pair
	 * @return array{payload: string, sig: string}
	 * @throws RollcallError With pairing_refused for every wrong request, contract_unsupported, not_allowed or database_busy.
	 */
	public static function accept( array $pair, int $now_ms ): array {
		try {
			$answer = Transaction::run( static fn(): ?array => self::answer( $pair, $now_ms ) );
		} catch ( \Throwable $thrown ) {
			Keys::forget_cache();
			throw $thrown;
		}
		return $answer ?? throw new RollcallError( 'pairing_refused', 'The pairing code is unknown, used or over.' );
	}

	/**
	 * @param Pair $pair
	 * @return array{payload: string, sig: string}|null Null for a wrong request, which is counted.
	 */
	private static function answer( array $pair, int $now_ms ): ?array {
		JudgeEpoch::hold();
		$open = self::code( $now_ms );
		if ( null === $open || ! hash_equals( $open['pairing_id'], $pair['pairing_id'] ) ) {
			// As much work as for a known id.
			Derivation::pair_mac( str_repeat( "\0", 32 ), $pair );
			return null;
		}
		if ( null !== $open['answer'] ) {
			return self::is_repeated( $open, $pair ) ? $open['answer'] : null;
		}
		if ( $open['wrong'] >= self::TRIES || ! self::is_right( $open, $pair ) ) {
			$open['wrong'] = min( self::TRIES, $open['wrong'] + 1 );
			Kv::set( self::NAME, $open, $open['expires_at_ms'], $now_ms );
			return null;
		}
		return self::pair( $open, $pair, $now_ms );
	}

	/**
	 * @param OpenCode $open
	 * @param Pair     $pair
	 * @return array{payload: string, sig: string}
	 */
	private static function pair( array $open, array $pair, int $now_ms ): array {
		if ( ! Version::is_supported( $pair['contract_version'] ) ) {
			throw new RollcallError( 'contract_unsupported', Version::message( $pair['contract_version'] ) );
		}
		$root       = Keys::unseal( (string) $open['root'] );
		$site_id    = SiteIdentity::site_id();
		$site_nonce = bin2hex( random_bytes( 16 ) );
		$kid        = self::next_kid( $pair['companion_id'] );
		Keys::store(
			array(
				'site_id'  => $site_id,
				'current'  => array( 'kid' => $kid ) + Derivation::pair_keys( $root, $pair['companion_nonce'], $site_nonce, $site_id, $pair['companion_id'] ),
				'previous' => null,
				'rotation' => null,
			)
		);
		$is_standby = Judges::stands_by( $pair['companion_id'], $now_ms );
		Companions::pair( $pair['companion_id'], $kid, Version::text( $pair['companion_version'] ), $pair['contract_version'], Origin::usable( $pair['companion_url'] ), $now_ms, $is_standby );
		SiteIdentity::remember();
		if ( ! $is_standby ) {
			JudgeEpoch::raise();
		}
		$payload = (string) wp_json_encode(
			array(
				'site_id'          => $site_id,
				'site_nonce'       => $site_nonce,
				'kid'              => $kid,
				'site_name'        => mb_substr( html_entity_decode( get_bloginfo( 'name' ), ENT_QUOTES, 'UTF-8' ), 0, 200 ),
				'plugin_version'   => ROLLCALL_VERSION,
				'contract_version' => Contract::version(),
			),
			JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
		);
		$answer  = array(
			'payload' => $payload,
			'sig'     => Derivation::pair_answer( $root, $pair['companion_nonce'], $payload ),
		);
		$used    = array(
			'root'    => null,
			'request' => self::digest( $pair ),
			'answer'  => $answer,
		);
		Kv::set( self::NAME, array_merge( $open, $used ), $open['expires_at_ms'], $now_ms );
		Payloads::note( 'POST /rollcall/v1/pair', $payload, $now_ms );
		Audit::note( 'companion_paired', $kid, $now_ms );
		return $answer;
	}

	/** A number that no earlier key of this companion had. */
	private static function next_kid( string $companion_id ): string {
		$known = Companions::find( $companion_id );
		return $companion_id . '-' . ( null === $known ? 1 : 1 + (int) explode( '-', $known['kid'] )[1] );
	}

	/**
	 * @param OpenCode $open
	 * @param Pair     $pair
	 */
	private static function is_right( array $open, array $pair ): bool {
		try {
			return hash_equals( Derivation::pair_mac( Keys::unseal( (string) $open['root'] ), $pair ), $pair['mac'] );
		} catch ( RollcallError ) {
			return false;
		}
	}

	/**
	 * Whether it is the request that was answered: the root is gone by then, so all of it is compared.
	 *
	 * @param OpenCode $open
	 * @param Pair     $pair
	 */
	private static function is_repeated( array $open, array $pair ): bool {
		return null !== $open['request'] && hash_equals( $open['request'], self::digest( $pair ) );
	}

	/** @param Pair $pair */
	private static function digest( array $pair ): string {
		ksort( $pair );
		return hash( 'sha256', (string) wp_json_encode( $pair ) );
	}

	/** @return OpenCode|null */
	private static function code( int $now_ms ): ?array {
		/** @var OpenCode|null $open Written by this class only. */
		$open = Kv::get( self::NAME, $now_ms );
		return $open;
	}
}
