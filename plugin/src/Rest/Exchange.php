<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Companion\Client;
use Rollcall\Companion\Ingest;
use Rollcall\Companion\Judges;
use Rollcall\Companion\KeyRing;
use Rollcall\Companion\Keys;
use Rollcall\Companion\Origin;
use Rollcall\Companion\Version;
use Rollcall\Companion\Work;
use Rollcall\Contract;
use Rollcall\Database\Checks;
use Rollcall\Database\Companions;
use Rollcall\Database\Payloads;
use Rollcall\Database\Pruning;
use Rollcall\Database\Transaction;
use Rollcall\Matching\RunProgress;
use Rollcall\Matching\Schedule;
use Rollcall\RollcallError;
use Rollcall\Status\Vitals;
use Rollcall\Users\SignupNotices;

/**
 * POST /exchange: the one route over which plugin and companion talk. Auth has verified the call.
 *
 * @phpstan-import-type Exchange from \Rollcall\Contract\Shapes as ExchangeShape
 * @phpstan-import-type Accepted from Ingest
 * @phpstan-import-type Caller from Auth
 * @phpstan-import-type Route from Resource
 */
final class Exchange {
	/** Deepest level of the contract's shape is 9. */
	private const DEPTH = 12;

	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'    => '/exchange',
				'methods'  => 'POST',
				'auth'     => 'signed',
				'args'     => Contract::args( array( 'exchange' => 'exchange' ) ),
				'callback' => static fn(): \WP_Error => Auth::unauthorized(),
				'schema'   => 'signed_answer',
			),
		);
	}

	/**
	 * The payload text that answers a verified call.
	 *
	 * @param Caller $caller
	 * @throws RollcallError With bad_request, contract_unsupported, batch_conflict, database_busy, database_full or tables_missing.
	 */
	public static function answer( string $body, array $caller, int $now_ms ): string {
		Client::forbid();
		try {
			$exchange = self::read( $body, $caller );
			$companion_id = Keys::companion_of( $caller['kid'] );
			if ( null !== $exchange['acks']['rotation'] && Keys::companion_of( $exchange['acks']['rotation']['kid'] ) === $companion_id ) {
				KeyRing::acknowledge( $exchange['acks']['rotation'], $now_ms );
			}
			Judges::take_over( $companion_id, $now_ms );
			$accepted = null === $exchange['batch'] ? null : Ingest::store( $exchange['batch'], $caller['kid'], $now_ms );
			if ( Checks::JUDGE === Companions::location_of( $companion_id ) ) {
				RunProgress::give_up( $exchange['acks']['given_up'] );
			}
			self::in_passing( static fn() => Schedule::start_due( $now_ms ) );
			self::in_passing( static fn() => RunProgress::advance( $now_ms ) );
			KeyRing::used( $caller['kid'] );
			$text = Transaction::run( static fn(): string => self::payload( $exchange, $accepted, $caller, $now_ms ) );
			self::in_passing( static fn() => SignupNotices::send( $now_ms ) );
			self::in_passing( static fn() => Pruning::step( $now_ms ) );
			Pruning::schedule();
			return $text;
		} finally {
			Client::allow();
		}
	}

	/**
	 * @param ExchangeShape $exchange
	 * @param Accepted|null $accepted
	 * @param Caller        $caller
	 */
	private static function payload( array $exchange, ?array $accepted, array $caller, int $now_ms ): string {
		$companion_id = Keys::companion_of( $caller['kid'] );
		$companion    = Companions::find( $companion_id );
		$was_asked    = null !== $companion && null !== $companion['last_seen_ms'] && $companion['next_expected_ms'] === $companion['last_seen_ms'];
		$payload      = Work::payload( $exchange, $accepted, $companion_id, $was_asked, $now_ms );
		$url          = Origin::usable( $exchange['companion_url'] );
		$seen         = array(
			'kid'               => $caller['kid'],
			'last_seen_ms'      => $now_ms,
			'next_expected_ms'  => $now_ms + $payload['next_after_seconds'] * 1000,
			'companion_version' => Version::text( $exchange['companion_version'] ),
			'contract_version'  => $exchange['contract_version'],
			'companion_url'     => $url,
			'transport'         => $caller['transport'],
			'clock_offset_ms'   => $exchange['clock_offset_ms'],
			'error_code'        => null,
			'error_message'     => null,
		);
		if ( null !== $companion && $url !== $companion['companion_url'] ) {
			$seen += array(
				'reachable'        => null,
				'breaker_until_ms' => 0,
			);
		}
		Companions::update( $companion_id, $seen );
		if ( null !== $exchange['vitals'] && null === $payload['standby_location_id'] ) {
			Vitals::store( $companion_id, $exchange['vitals'], $now_ms );
		}
		$text = (string) wp_json_encode( $payload, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		Payloads::note( 'POST /rollcall/v1/exchange', $text, $now_ms );
		return $text;
	}

	/**
	 * The body, once it is what the contract says.
	 *
	 * @param Caller $caller
	 * @return ExchangeShape
	 */
	private static function read( string $body, array $caller ): array {
		$outer    = json_decode( $body, true, self::DEPTH );
		$exchange = is_array( $outer ) && array( 'exchange' ) === array_keys( $outer ) ? $outer['exchange'] : null;
		if ( ! is_array( $exchange ) ) {
			throw new RollcallError( 'bad_request', 'The body is not {"exchange":{...}}.' );
		}
		$contract_version = $exchange['contract_version'] ?? null;
		if ( is_int( $contract_version ) && ! Version::is_supported( $contract_version ) ) {
			self::note_unsupported( $caller, $contract_version, $exchange['companion_version'] ?? '' );
			throw new RollcallError( 'contract_unsupported', Version::message( $contract_version ) );
		}
		$checked = Contract::check( 'exchange', $exchange );
		if ( true !== $checked ) {
			throw new RollcallError( 'bad_request', $checked instanceof \WP_Error ? $checked->get_error_message() : 'The body is not an exchange.' );
		}
		/** @var ExchangeShape $exchange */
		$exchange = rest_sanitize_value_from_schema( $exchange, Contract::shape( 'exchange' ) );
		return $exchange;
	}

	/** @param Caller $caller */
	private static function note_unsupported( array $caller, int $contract_version, mixed $companion_version ): void {
		Companions::update(
			Keys::companion_of( $caller['kid'] ),
			array(
				'contract_version'  => max( 0, min( 2147483647, $contract_version ) ),
				'companion_version' => Version::text( is_string( $companion_version ) ? $companion_version : '' ),
				'error_code'        => 'contract_unsupported',
				'error_message'     => Version::message( $contract_version ),
			)
		);
	}

	/** Work that the next exchange does as well; its failure must not cost the answer. */
	private static function in_passing( callable $work ): void {
		try {
			$work();
		} catch ( RollcallError $error ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- the run's own row shows a failed run.
			error_log( 'Rollcall: ' . $error->error_code . ': ' . $error->getMessage() );
		}
	}
}
