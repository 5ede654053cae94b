<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\Kv;
use Rollcall\Database\Payloads;
use Rollcall\Database\Sql;
use Rollcall\RollcallError;

/**
 * Calls to the companion. Each is a shortcut: without it the next exchange has the same effect. Never made inside an
 * exchange, and never while another one is in flight; after a failure none is made for a minute.
 *
 * @phpstan-import-type Companion from Companions
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 */
final class Client {
	private const TOTAL_SECONDS = 3;
	private const CONNECT_MS    = 1000;
	private const BREAKER_MS    = 60_000;
	private const MAXIMUM_BYTES = 1_048_576;
	private const LOCK          = 'client_in_flight';

	/** True while an exchange is answered: a call that waits on a call back would hang a site with one PHP worker. */
	private static bool $in_exchange = false;

	/** Forbids calls for the rest of this request. */
	public static function forbid(): void {
		self::$in_exchange = true;
	}

	/** Allows them again. */
	public static function allow(): void {
		self::$in_exchange = false;
	}

	/** Whether the companion answers now. Also asks while the breaker is open: a person pressed the button. */
	public static function check(): bool {
		try {
			return null !== self::call( 'GET', '/health', null, true );
		} catch ( RollcallError ) {
			return false;
		}
	}

	/** Asks the companion to call at once. False when it cannot be reached; nothing is lost. */
	public static function wake(): bool {
		try {
			self::call( 'POST', '/v1/wake', array( 'wake' => new \stdClass() ) );
			return true;
		} catch ( RollcallError ) {
			return false;
		}
	}

	/** Tells the companion that the plugin is switched off. At most 3 s; never fails. */
	public static function goodbye(): void {
		try {
			self::call( 'POST', '/v1/goodbye', array( 'goodbye' => new \stdClass() ) );
		} catch ( \Throwable $thrown ) {
			// Deactivation goes on whatever happens; the companion learns it from unsigned 404s.
			unset( $thrown );
		}
	}

	/**
	 * Verdicts on a few hosts, now, in the order asked.
	 *
	 * @param list<string> $hosts         At most 100.
	 * @param list<string> $own_hosts
	 * @param list<string> $active_sha256s
	 * @return list<Verdict>
	 * @throws RollcallError With not_paired, companion_unreachable, answer_invalid or site_changed.
	 */
	public static function match( array $hosts, array $own_hosts, array $active_sha256s ): array {
		$payload = self::call(
			'POST',
			'/v1/match',
			array(
				'match' => array(
					'hosts'          => $hosts,
					'own_hosts'      => $own_hosts,
					'active_sha256s' => $active_sha256s,
				),
			)
		);
		if ( true !== Contract::check( 'match_payload', $payload ) ) {
			throw new RollcallError( 'answer_invalid', 'The companion answered no verdicts.' );
		}
		/** @var array{verdicts: list<Verdict>} $payload */
		if ( count( $payload['verdicts'] ) !== count( $hosts ) ) {
			throw new RollcallError( 'answer_invalid', 'The companion answered another number of verdicts than hosts.' );
		}
		return $payload['verdicts'];
	}

	/**
	 * One call, and the payload of its answer.
	 *
	 * @param array<string, mixed>|null $body
	 * @throws RollcallError When it was not made or not answered as the companion would.
	 */
	private static function call( string $method, string $route, ?array $body, bool $ask_anyway = false ): mixed {
		if ( self::$in_exchange ) {
			throw new RollcallError( 'companion_unreachable', 'The companion is not called inside an exchange.' );
		}
		$now_ms    = Clock::now_ms();
		$companion = Companions::current() ?? throw new RollcallError( 'not_paired', 'No companion is paired.' );
		$keys      = KeyRing::keys_to_call( $companion['companion_id'], $now_ms );
		SiteIdentity::refuse_changed();
		$url = Origin::usable( $companion['companion_url'] );
		if ( null === $url ) {
			throw new RollcallError( 'companion_unreachable', 'The companion has no address at which WordPress could call it.' );
		}
		if ( ! $ask_anyway && $now_ms < $companion['breaker_until_ms'] ) {
			throw new RollcallError( 'companion_unreachable', "$url did not answer a moment ago." );
		}
		self::take_turn( $now_ms );
		try {
			$answer = self::send( $method, $url, $route, $body, $keys, $now_ms );
			Companions::update( $companion['companion_id'], array( 'reachable' => true, 'breaker_until_ms' => 0 ) );
		} catch ( RollcallError $error ) {
			Companions::update( $companion['companion_id'], array( 'reachable' => false, 'breaker_until_ms' => Clock::now_ms() + self::BREAKER_MS ) );
			throw $error;
		} finally {
			Kv::delete( self::LOCK );
		}
		if ( $answer['status'] >= 300 ) {
			throw new RollcallError( 'companion_unreachable', "$method $url$route answered {$answer['status']}." );
		}
		return $answer['payload'];
	}

	/** One call at a time over all processes; the row of a killed one counts for 5 s. */
	private static function take_turn( int $now_ms ): void {
		Sql::run( 'DELETE FROM {kv} WHERE name = %s AND expires_at_ms < %d', self::LOCK, $now_ms );
		$row = array(
			'name'          => self::LOCK,
			'value'         => 'true',
			'expires_at_ms' => $now_ms + 5000,
			'updated_at_ms' => $now_ms,
		);
		if ( 1 !== Sql::insert( 'kv', array( $row ), ignore: true ) ) {
			throw new RollcallError( 'companion_unreachable', 'Another call to the companion is under way.' );
		}
	}

	/**
	 * Sends one call; what is answered is the companion's, whatever its status.
	 *
	 * @param array<string, mixed>|null                    $body
	 * @param array{kid: string, c2w: string, w2c: string} $keys
	 * @return array{status: int, payload: mixed}
	 */
	private static function send( string $method, string $url, string $route, ?array $body, array $keys, int $now_ms ): array {
		$text  = null === $body ? '' : (string) wp_json_encode( $body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		$nonce = bin2hex( random_bytes( 16 ) );
		Payloads::note( "$method $route", $text, $now_ms );
		$connect = static function ( mixed $handle ): void {
			if ( $handle instanceof \CurlHandle ) {
				// phpcs:ignore WordPress.WP.AlternativeFunctions.curl_curl_setopt -- WordPress's HTTP functions know one time-out only.
				curl_setopt( $handle, CURLOPT_CONNECTTIMEOUT_MS, self::CONNECT_MS );
			}
		};
		add_action( 'http_api_curl', $connect );
		$answer = wp_remote_request(
			$url . $route,
			array(
				'method'              => $method,
				'timeout'             => (float) self::TOTAL_SECONDS,
				'redirection'         => 0,
				'limit_response_size' => self::MAXIMUM_BYTES,
				'body'                => $text,
				'headers'             => '' === $text ? array() : self::headers( $method, $route, $text, $nonce, $keys, $now_ms ),
			)
		);
		remove_action( 'http_api_curl', $connect );
		if ( is_wp_error( $answer ) ) {
			throw new RollcallError( 'companion_unreachable', "$method $url$route: " . mb_substr( $answer->get_error_message(), 0, 300 ) );
		}
		$status = (int) wp_remote_retrieve_response_code( $answer );
		$outer  = json_decode( wp_remote_retrieve_body( $answer ), true, 32 );
		if ( '' === $text ) {
			// A companion before 0.2.0 gives no reasons.
			$outer = is_array( $outer ) ? $outer + array( 'reasons' => array() ) : $outer;
			if ( ! in_array( $status, array( 200, 503 ), true ) || true !== Contract::check( 'health', $outer ) ) {
				throw new RollcallError( 'companion_unreachable', "$method $url$route answered $status, and not as a companion." );
			}
			return array(
				'status'  => $status,
				'payload' => $outer,
			);
		}
		if ( true !== Contract::check( 'signed_answer', $outer ) ) {
			throw new RollcallError( 'answer_invalid', "$method $url$route answered $status, and not as a companion." );
		}
		/** @var array{payload: string, sig: string} $outer */
		if ( ! Signature::verify( $keys['w2c'], Signature::answer_to_sign( $status, $nonce, $keys['kid'], $outer['payload'] ), $outer['sig'] ) ) {
			throw new RollcallError( 'answer_invalid', "$method $url$route answered $status without the companion's signature." );
		}
		return array(
			'status'  => $status,
			'payload' => json_decode( $outer['payload'], true, 32 ),
		);
	}

	/**
	 * @param array{kid: string, c2w: string, w2c: string} $keys
	 * @return array<string, string>
	 */
	private static function headers( string $method, string $route, string $body, string $nonce, array $keys, int $now_ms ): array {
		$timestamp = intdiv( $now_ms, 1000 );
		$text      = Signature::string_to_sign( Signature::TO_COMPANION, $method, (string) Keys::site_id(), $route, '', 'application/json', $body, $timestamp, $nonce, $keys['kid'] );
		return array(
			'Content-Type'         => 'application/json',
			'X-Rollcall-Signature' => Signature::sign( $keys['w2c'], $text ),
			'X-Rollcall-Timestamp' => (string) $timestamp,
			'X-Rollcall-Nonce'     => $nonce,
			'X-Rollcall-Key'       => $keys['kid'],
		);
	}
}
