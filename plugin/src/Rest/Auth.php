<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Clock;
use Rollcall\Companion\KeyRing;
use Rollcall\Companion\Keys;
use Rollcall\Companion\Signature;
use Rollcall\Companion\SiteIdentity;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\Nonces;
use Rollcall\Errors;
use Rollcall\RollcallError;

/**
 * Signed calls. They are judged on the raw body before core parses arguments, in this order: size, header syntax,
 * key id, signature, time, nonce; only then may anything be written. One answer for every refusal but clock_skew.
 *
 * @phpstan-type Caller array{kid: string, key: string, nonce: string, transport: string}
 */
final class Auth {
	/** Largest body. */
	public const MAXIMUM_BYTES = 1_048_576;

	/** Clocks may differ by this much. */
	private const WINDOW_SECONDS = 300;

	/** Calls of one key in a minute; an exchange that takes 0.2 s makes 300. */
	private const CALLS_A_MINUTE = 600;

	/** A database that is held by another is asked again after so long. */
	private const BUSY_SECONDS = 5;

	private const EXCHANGE = '/rollcall/v1/exchange';
	private const PAIR     = '/rollcall/v1/pair';

	/** Answers the signed routes; the last filter of rest_pre_dispatch, so that nothing else can. */
	public static function answer_signed( mixed $result, \WP_REST_Server $server, \WP_REST_Request $request ): mixed {
		if ( in_array( self::route( $request ), array( self::EXCHANGE, self::PAIR ), true ) ) {
			// It is null in a request that was made without one.
			$request->set_body( (string) $request->get_body() );
		}
		return match ( self::route( $request ) ) {
			self::EXCHANGE => self::exchange( $request ),
			self::PAIR     => Pair::answer( $request ),
			default        => $result,
		};
	}

	/**
	 * Lets a call with a good signature through where a security plugin closed REST to strangers; the last filter of
	 * rest_authentication_errors.
	 */
	public static function let_verified_through( mixed $errors ): mixed {
		if ( ! is_wp_error( $errors ) ) {
			return $errors;
		}
		$request = self::request_of_globals();
		return match ( self::route( $request ) ) {
			self::EXCHANGE => null === self::caller( $request ) ? $errors : true,
			self::PAIR     => Pair::knows_code( $request ) ? true : $errors,
			default        => $errors,
		};
	}

	/** The one answer to a call whose signature does not hold. */
	public static function unauthorized(): \WP_Error {
		return Errors::make( 'unauthorized', 'The signature was not accepted.' );
	}

	/** An unsigned answer that no cache keeps. */
	public static function unsigned( \WP_Error $error ): \WP_REST_Response {
		$response = rest_convert_error_to_response( $error );
		$response->header( 'Cache-Control', 'no-store' );
		return $response;
	}

	/** How the call came here: a word of TRANSPORTS. */
	public static function transport(): string {
		if ( wp_doing_ajax() ) {
			return 'admin_ajax';
		}
		return 1 === preg_match( '/(?:^|&)rest_route=/', self::raw_query() ) ? 'rest_route' : 'rest';
	}

	/** A request made of what PHP got, for hooks that have none and for admin-ajax. */
	public static function request_of_globals( ?string $route = null ): \WP_REST_Request {
		$vars    = isset( $GLOBALS['wp'] ) && $GLOBALS['wp'] instanceof \WP ? $GLOBALS['wp']->query_vars : array();
		$route ??= is_string( $vars['rest_route'] ?? null ) ? $vars['rest_route'] : '';
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- only compared.
		$method  = is_string( $_SERVER['REQUEST_METHOD'] ?? null ) ? $_SERVER['REQUEST_METHOD'] : 'GET';
		$request = new \WP_REST_Request( $method, $route );
		$request->set_headers( ( new \WP_REST_Server() )->get_headers( wp_unslash( $_SERVER ) ) );
		$request->set_body( \WP_REST_Server::get_raw_data() );
		return $request;
	}

	private static function route( \WP_REST_Request $request ): string {
		return strtolower( untrailingslashit( $request->get_route() ) );
	}

	private static function exchange( \WP_REST_Request $request ): \WP_REST_Response {
		if ( strlen( $request->get_body() ) > self::MAXIMUM_BYTES ) {
			return self::unsigned( Errors::make( 'too_large', 'The body is larger than 1 MiB.' ) );
		}
		$caller = self::caller( $request );
		if ( null === $caller ) {
			return self::unsigned( self::unauthorized() );
		}
		$now_ms = Clock::now_ms();
		if ( abs( intdiv( $now_ms, 1000 ) - (int) $request->get_header( 'x_rollcall_timestamp' ) ) > self::WINDOW_SECONDS ) {
			self::note_skew( $caller, $now_ms );
			return self::signed( $caller, 401, array( 'error_code' => 'clock_skew', 'now_ms' => $now_ms ) );
		}
		try {
			if ( ! Nonces::remember( $caller['kid'], $caller['nonce'], $now_ms ) ) {
				return self::unsigned( self::unauthorized() );
			}
			RateLimit::take( 'exchange ' . $caller['kid'], self::CALLS_A_MINUTE, 60_000, $now_ms );
			SiteIdentity::refuse_changed();
			return self::signed_text( $caller, 200, Exchange::answer( $request->get_body(), $caller, $now_ms ) );
		} catch ( RollcallError $error ) {
			return self::refusal( $caller, $error );
		}
	}

	/**
	 * Who signed the call; null when the signature does not hold. Writes nothing.
	 *
	 * @return Caller|null
	 */
	private static function caller( \WP_REST_Request $request ): ?array {
		$kid       = (string) $request->get_header( 'x_rollcall_key' );
		$nonce     = (string) $request->get_header( 'x_rollcall_nonce' );
		$timestamp = (string) $request->get_header( 'x_rollcall_timestamp' );
		$signature = (string) $request->get_header( 'x_rollcall_signature' );
		if ( 'POST' !== $request->get_method()
			|| strlen( $request->get_body() ) > self::MAXIMUM_BYTES
			|| 1 !== preg_match( '/^[0-9a-f]{16}-[0-9]{1,9}\z/', $kid )
			|| 1 !== preg_match( '/^[0-9a-f]{32}\z/', $nonce )
			|| 1 !== preg_match( '/^[0-9]{1,12}\z/', $timestamp )
			|| 1 !== preg_match( '/^v1=[0-9a-f]{64}\z/', $signature )
			|| '' !== (string) $request->get_header( 'content_encoding' ) ) {
			return null;
		}
		$transport = self::transport();
		try {
			$site = Keys::site_id();
			$keys = KeyRing::keys_of( $kid, Clock::now_ms() );
			$text = Signature::string_to_sign(
				Signature::TO_WORDPRESS,
				$request->get_method(),
				$site ?? str_repeat( '0', 32 ),
				$request->get_route(),
				Signature::sorted_query( self::raw_query(), $transport ),
				Signature::content_type( (string) $request->get_header( 'content_type' ) ),
				$request->get_body(),
				(int) $timestamp,
				$nonce,
				$kid
			);
		} catch ( RollcallError ) {
			return null;
		}
		$key  = $keys['c2w'] ?? str_repeat( "\0", 32 );
		$good = Signature::verify( $key, $text, $signature );
		return $good && null !== $keys ? array(
			'kid'       => $kid,
			'key'       => $key,
			'nonce'     => $nonce,
			'transport' => $transport,
		) : null;
	}

	/** The query as it was sent; a rewrite may have added to QUERY_STRING. */
	private static function raw_query(): string {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- the signature covers what was sent.
		$target = is_string( $_SERVER['REQUEST_URI'] ?? null ) ? $_SERVER['REQUEST_URI'] : '';
		return explode( '?', $target, 2 )[1] ?? '';
	}

	/** @param Caller $caller */
	private static function refusal( array $caller, RollcallError $error ): \WP_REST_Response {
		$status   = Errors::row( $error->error_code )['http_status'];
		$response = self::signed(
			$caller,
			$status,
			array(
				'error_code'       => $error->error_code,
				'error_message'    => mb_substr( $error->getMessage(), 0, 500 ),
				'contract_version' => Contract::version(),
			)
		);
		return Resource::with_retry_after( $response, $error->data + ( 503 === $status ? array( 'retry_after_seconds' => self::BUSY_SECONDS ) : array() ) );
	}

	/**
	 * @param Caller               $caller
	 * @param array<string, mixed> $payload
	 */
	private static function signed( array $caller, int $status, array $payload ): \WP_REST_Response {
		return self::signed_text( $caller, $status, (string) wp_json_encode( $payload, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) );
	}

	/** @param Caller $caller */
	private static function signed_text( array $caller, int $status, string $payload ): \WP_REST_Response {
		$answer = array(
			'payload' => $payload,
			'sig'     => Signature::sign( $caller['key'], Signature::answer_to_sign( $status, $caller['nonce'], $caller['kid'], $payload ) ),
		);
		return new \WP_REST_Response( $answer, $status, array( 'Cache-Control' => 'no-store' ) );
	}

	/**
	 * Shows the skew on the Connect screen, but not for an old call that someone repeats while the companion is fine.
	 *
	 * @param Caller $caller
	 */
	private static function note_skew( array $caller, int $now_ms ): void {
		try {
			$companion = Companions::find( Keys::companion_of( $caller['kid'] ) );
			if ( null !== $companion && $now_ms - ( $companion['last_seen_ms'] ?? 0 ) > self::WINDOW_SECONDS * 1000 ) {
				Companions::update( $companion['companion_id'], array( 'error_code' => 'clock_skew', 'error_message' => 'The clocks of the companion and of WordPress differ by more than five minutes.' ) );
			}
		} catch ( RollcallError $error ) {
			// The answer matters more than the screen; the next call tries again.
			unset( $error );
		}
	}
}
