<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Clock;
use Rollcall\Companion\Pairing;
use Rollcall\Contract;
use Rollcall\RollcallError;

/**
 * POST /pair: a companion that knows the pairing code gets keys. Its proof is in the body.
 *
 * @phpstan-import-type Pair from \Rollcall\Contract\Shapes as PairShape
 * @phpstan-import-type Route from Resource
 */
final class Pair {
	private const MAXIMUM_BYTES = 16384;

	/** Requests of one client in ten minutes; a companion tries three transports. */
	private const LIMIT = 30;

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'    => '/pair',
				'methods'  => 'POST',
				'auth'     => 'signed',
				'args'     => Contract::args( array( 'pair' => 'pair' ) ),
				'callback' => static fn(): \WP_Error => Auth::unauthorized(),
				'schema'   => 'signed_answer',
			),
		);
	}

	/** Answers before core parses arguments. Every wrong request gets the same 401. */
	public static function answer( \WP_REST_Request $request ): \WP_REST_Response {
		try {
			if ( strlen( $request->get_body() ) > self::MAXIMUM_BYTES ) {
				throw new RollcallError( 'too_large', 'The body is larger than 16 KiB.' );
			}
			RateLimit::take( 'pair ' . RateLimit::client(), self::LIMIT, Pairing::LIFE_MS );
			$pair = 'POST' === $request->get_method() ? self::pair_of( $request ) : null;
			if ( null === $pair ) {
				throw new RollcallError( 'pairing_refused', 'The pairing code is unknown, used or over.' );
			}
			return new \WP_REST_Response( Pairing::accept( $pair, Clock::now_ms() ), 200, array( 'Cache-Control' => 'no-store' ) );
		} catch ( RollcallError $error ) {
			return Resource::with_retry_after( Auth::unsigned( $error->to_wp_error() ), $error->data );
		}
	}

	/** Whether the request proves that it knows the code; changes nothing. */
	public static function knows_code( \WP_REST_Request $request ): bool {
		try {
			$pair = 'POST' === $request->get_method() && strlen( $request->get_body() ) <= self::MAXIMUM_BYTES ? self::pair_of( $request ) : null;
			return null !== $pair && Pairing::knows_code( $pair, Clock::now_ms() );
		} catch ( RollcallError ) {
			return false;
		}
	}

	/**
	 * The body, or null when it is not one of the contract.
	 *
	 * @return PairShape|null
	 */
	private static function pair_of( \WP_REST_Request $request ): ?array {
		$body = json_decode( $request->get_body(), true, 4 );
		if ( ! is_array( $body ) || array( 'pair' ) !== array_keys( $body ) || true !== Contract::check( 'pair', $body['pair'] ) ) {
			return null;
		}
		/** @var PairShape $pair */
		$pair = rest_sanitize_value_from_schema( $body['pair'], Contract::shape( 'pair' ) );
		return $pair;
	}
}
