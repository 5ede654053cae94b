<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use Rollcall\Clock;
use Rollcall\Companion\Derivation;
use Rollcall\Companion\Pairing;
use Rollcall\Companion\Signature;

/** A companion as far as PHP tests need one: it pairs, signs its calls and checks the answers. */
final class PairedCompanion {
	public const ID = 'a1b2c3d4e5f60718';

	/** @param array{c2w: string, w2c: string} $keys */
	public function __construct( public string $site_id, public string $kid, public array $keys ) {
	}

	/** Pairs by POST /pair. */
	public static function pair( ?string $companion_url = null, int $contract_version = 1, string $companion_id = self::ID ): self {
		[ $response, $root ] = self::pair_request( self::pair_body( array( 'companion_id' => $companion_id, 'companion_url' => $companion_url, 'contract_version' => $contract_version ) ) );
		$answer              = $response->get_data();
		if ( 200 !== $response->get_status() ) {
			throw new \LogicException( 'Pairing was answered ' . $response->get_status() . ': ' . wp_json_encode( $answer ) );
		}
		$payload = json_decode( $answer['payload'], true );
		$nonce   = str_repeat( '12', 16 );
		if ( Derivation::pair_answer( $root, $nonce, $answer['payload'] ) !== $answer['sig'] ) {
			throw new \LogicException( 'The answer to the pairing is not signed.' );
		}
		return new self( $payload['site_id'], $payload['kid'], Derivation::pair_keys( $root, $nonce, $payload['site_nonce'], $payload['site_id'], $companion_id ) );
	}

	/**
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed> Body without pairing_id and mac.
	 */
	public static function pair_body( array $changes = array() ): array {
		return $changes + array(
			'companion_id'      => self::ID,
			'companion_nonce'   => str_repeat( '12', 16 ),
			'companion_version' => '0.1.0',
			'companion_url'     => null,
			'contract_version'  => 1,
		);
	}

	/**
	 * Sends a pair request that knows the code, a fresh one unless given.
	 *
	 * @param array<string, mixed> $body
	 * @return array{\WP_REST_Response, string} Answer and root.
	 */
	public static function pair_request( array $body, ?string $code = null ): array {
		[ $pairing_id, $secret ] = explode( '.', $code ?? Pairing::open( Clock::now_ms() )['code'] );
		$root                    = Derivation::root( (string) hex2bin( $secret ) );
		$body                   += array( 'pairing_id' => $pairing_id );
		$body['mac']           ??= Derivation::pair_mac( $root, $body );
		return array( self::post( '/rollcall/v1/pair', (string) wp_json_encode( array( 'pair' => $body ) ) ), $root );
	}

	/**
	 * A valid exchange.
	 *
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	public static function body( array $changes = array() ): array {
		return $changes + array(
			'contract_version'  => 1,
			'companion_version' => '0.1.0',
			'companion_url'     => null,
			'clock_offset_ms'   => 0,
			'judge_epoch'       => 1,
			'store_generation'  => null,
			'acks'              => array( 'rotation' => null, 'given_up' => array() ),
			'batch'             => null,
			'cursors'           => array( 'domains_after' => 0, 'monitors_revision' => 0, 'beats_after_ms' => 0 ),
			'vitals'            => null,
		);
	}

	/**
	 * A batch with rows of some kinds.
	 *
	 * @param array<string, mixed> $rows
	 * @return array<string, mixed>
	 */
	public static function batch( array $rows = array(), ?string $id = null ): array {
		return $rows + array(
			'id'            => $id ?? bin2hex( random_bytes( 16 ) ),
			'digest'        => hash( 'sha256', (string) wp_json_encode( $rows ) ),
			'labels'        => array(),
			'list_pages'    => array(),
			'list_statuses' => array(),
			'jobs'          => array(),
			'checks'        => array(),
			'readings'      => array(),
			'state_changes' => array(),
			'incidents'     => array(),
		);
	}

	/**
	 * Makes an exchange that has to be answered 200, and gives the verified payload.
	 *
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	public function exchange( array $changes = array() ): array {
		[ $status, $payload ] = $this->answer( $this->request( self::body( $changes ) ) );
		if ( 200 !== $status ) {
			throw new \LogicException( "The exchange was answered $status: " . wp_json_encode( $payload ) );
		}
		return $payload;
	}

	/**
	 * A signed request.
	 *
	 * @param array<string, mixed>|string $body
	 */
	public function request( array|string $body, ?int $timestamp = null, ?string $nonce = null, string $query = '' ): \WP_REST_Request {
		$text        = is_string( $body ) ? $body : (string) wp_json_encode( array( 'exchange' => $body ) );
		$timestamp ??= time();
		$nonce     ??= bin2hex( random_bytes( 16 ) );
		$signed      = Signature::string_to_sign( 'c2w', 'POST', $this->site_id, '/rollcall/v1/exchange', $query, 'application/json', $text, $timestamp, $nonce, $this->kid );
		$request     = new \WP_REST_Request( 'POST', '/rollcall/v1/exchange' );
		$request->set_header( 'content-type', 'application/json' );
		$request->set_header( 'x-rollcall-signature', Signature::sign( $this->keys['c2w'], $signed ) );
		$request->set_header( 'x-rollcall-timestamp', (string) $timestamp );
		$request->set_header( 'x-rollcall-nonce', $nonce );
		$request->set_header( 'x-rollcall-key', $this->kid );
		$request->set_body( $text );
		return $request;
	}

	/**
	 * Status and verified payload; null for an answer that is not signed.
	 *
	 * @return array{int, array<string, mixed>|null}
	 */
	public function answer( \WP_REST_Request $request ): array {
		$response = rest_do_request( $request );
		$data     = $response->get_data();
		if ( ! is_array( $data ) || ! isset( $data['payload'], $data['sig'] ) ) {
			return array( $response->get_status(), null );
		}
		$text = Signature::answer_to_sign( $response->get_status(), (string) $request->get_header( 'x_rollcall_nonce' ), $this->kid, $data['payload'] );
		if ( ! Signature::verify( $this->keys['c2w'], $text, $data['sig'] ) ) {
			throw new \LogicException( 'The answer is signed, but not rightly.' );
		}
		return array( $response->get_status(), json_decode( $data['payload'], true ) );
	}

	private static function post( string $route, string $body ): \WP_REST_Response {
		$request = new \WP_REST_Request( 'POST', $route );
		$request->set_header( 'content-type', 'application/json' );
		$request->set_body( $body );
		return rest_do_request( $request );
	}
}
