<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Companion\Signature;
use Rollcall\Database\Companions;
use Rollcall\Database\Kv;
use Rollcall\Database\Payloads;
use Rollcall\Plugin;
use Rollcall\RollcallError;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class ClientTest extends TestCase {
	/** @var list<array{string, array<string, mixed>}> Calls that were made: URL and arguments. */
	private array $calls = array();

	public function test_wakes_the_companion_by_a_signed_call(): void {
		$companion = $this->paired( 202, '{}' );
		$this->assertTrue( Client::wake() );
		[ $url, $call ] = $this->calls[0];
		$this->assertSame( array( 'http://companion.example:8787/v1/wake', 'POST', '{"wake":{}}' ), array( $url, $call['method'], $call['body'] ) );
		$headers = $call['headers'];
		$text    = Signature::string_to_sign( 'w2c', 'POST', $companion->site_id, '/v1/wake', '', 'application/json', $call['body'], (int) $headers['X-Rollcall-Timestamp'], $headers['X-Rollcall-Nonce'], $companion->kid );
		$this->assertTrue( Signature::verify( $companion->keys['w2c'], $text, $headers['X-Rollcall-Signature'] ) );
		$this->assertSame( array( 3.0, 0 ), array( (float) $call['timeout'], $call['redirection'] ) );
		$this->assertTrue( Companions::current()['reachable'] );
		$this->assertSame( 'POST /v1/wake', Payloads::page( '', 'desc', 1, 0 )[0]['route'] );
	}

	public function test_asks_for_verdicts_in_the_order_of_the_hosts(): void {
		$verdicts = array( ListFactory::verdict( array( 'ascii_host' => 'a.example' ) ), ListFactory::verdict( array( 'ascii_host' => 'b.example' ) ) );
		$this->paired( 200, (string) wp_json_encode( array( 'verdicts' => $verdicts ) ) );
		$this->assertSame( $verdicts, Client::match( array( 'a.example', 'b.example' ), array(), array() ) );
		$this->expectException( RollcallError::class );
		Client::match( array( 'a.example' ), array(), array() );
	}

	/** @return iterable<string, array{callable(array<string, mixed>): array<string, mixed>}> */
	public static function wrong_answers(): iterable {
		yield 'a login page'            => array( static fn( array $answer ): array => array( 'body' => '<html>' ) + $answer );
		yield 'another payload'         => array( static fn( array $answer ): array => array( 'body' => str_replace( 'payload":"{', 'payload":"{ ', $answer['body'] ) ) + $answer );
		yield 'no signature'            => array( static fn( array $answer ): array => array( 'body' => '{"payload":"{}","sig":""}' ) + $answer );
		yield 'another status'          => array( static fn( array $answer ): array => array( 'response' => array( 'code' => 200, 'message' => '' ) ) + $answer );
		yield 'another signature'       => array( static fn( array $answer ): array => array( 'body' => '{"payload":"{}","sig":"v1=' . str_repeat( '0', 64 ) . '"}' ) + $answer );
	}

	/** @param callable(array<string, mixed>): array<string, mixed> $change */
	#[DataProvider( 'wrong_answers' )]
	public function test_takes_no_answer_without_the_companions_signature( callable $change ): void {
		$this->paired( 202, '{}', $change );
		$this->assertFalse( Client::wake() );
		$this->assertFalse( Companions::current()['reachable'] );
	}

	public function test_after_a_failure_it_does_not_call_for_a_minute(): void {
		$this->paired( 202, '{}', static fn(): \WP_Error => new \WP_Error( 'http_request_failed', 'timed out' ) );
		Client::wake();
		Client::wake();
		$this->assertCount( 1, $this->calls );
		$this->assertEqualsWithDelta( Clock::now_ms() + 60_000, Companions::current()['breaker_until_ms'], 2000 );
		Client::check();
		$this->assertCount( 2, $this->calls, 'A person who presses the button is answered.' );
	}

	public function test_a_signed_refusal_shows_that_the_companion_can_be_reached(): void {
		$this->paired( 503, '{"error_code":"list_not_ready"}' );
		try {
			Client::match( array( 'a.example' ), array(), array() );
			$this->fail( 'It was answered.' );
		} catch ( RollcallError $error ) {
			$this->assertSame( 'companion_unreachable', $error->error_code );
		}
		$this->assertSame( array( true, 0 ), array( Companions::current()['reachable'], Companions::current()['breaker_until_ms'] ) );
	}

	public function test_only_one_call_is_in_flight(): void {
		$inner = null;
		$this->paired(
			202,
			'{}',
			static function ( array $answer ) use ( &$inner ): array {
				$inner ??= Client::wake();
				return $answer;
			}
		);
		$this->assertTrue( Client::wake() );
		$this->assertFalse( $inner );
		$this->assertCount( 1, $this->calls );
	}

	public function test_the_turn_of_a_process_that_was_killed_ends(): void {
		$this->paired( 202, '{}' );
		Kv::set( 'client_in_flight', true, Clock::now_ms() - 1 );
		$this->assertTrue( Client::wake() );
	}

	public function test_a_companion_that_never_answers_costs_three_seconds(): void {
		$server = stream_socket_server( 'tcp://127.0.0.1:0' );
		PairedCompanion::pair( 'http://' . stream_socket_get_name( $server, false ) );
		$start = hrtime( true );
		Plugin::deactivate();
		$seconds = ( hrtime( true ) - $start ) / 1e9;
		fclose( $server );
		$this->assertGreaterThan( 2.5, $seconds, 'It was called.' );
		$this->assertLessThan( 4.0, $seconds );
		$this->assertFalse( Companions::current()['reachable'] );
	}

	public function test_says_goodbye_when_the_plugin_is_switched_off_and_never_fails(): void {
		$this->paired( 202, '{}' );
		Plugin::deactivate();
		$this->assertSame( 'http://companion.example:8787/v1/goodbye', $this->calls[0][0] );
	}

	public function test_wakes_the_companion_when_the_plugin_is_switched_on_again(): void {
		$this->paired( 202, '{}' );
		do_action( 'activated_plugin', 'another/another.php' );
		$this->assertSame( array(), $this->calls );
		do_action( 'activated_plugin', plugin_basename( ROLLCALL_FILE ) );
		$this->assertSame( 'http://companion.example:8787/v1/wake', $this->calls[0][0] );
	}

	public function test_calls_nobody_when_nobody_is_paired(): void {
		$this->listen( static fn(): \WP_Error => new \WP_Error( 'called', 'called' ) );
		Client::goodbye();
		$this->assertFalse( Client::wake() );
		$this->assertFalse( Client::check() );
		$this->assertSame( array(), $this->calls );
	}

	/** A companion that answers with this status and payload; the answer may be changed on its way. */
	private function paired( int $status, string $payload, ?callable $change = null ): PairedCompanion {
		$companion = PairedCompanion::pair( 'http://companion.example:8787' );
		$this->listen(
			static function ( array $call ) use ( $companion, $status, $payload, $change ): array|\WP_Error {
				$sig    = Signature::sign( $companion->keys['w2c'], Signature::answer_to_sign( $status, $call['headers']['X-Rollcall-Nonce'] ?? '', $companion->kid, $payload ) );
				$answer = array(
					'headers'  => array(),
					'cookies'  => array(),
					'response' => array( 'code' => $status, 'message' => '' ),
					'body'     => (string) wp_json_encode( array( 'payload' => $payload, 'sig' => $sig ) ),
				);
				return null === $change ? $answer : $change( $answer );
			}
		);
		return $companion;
	}

	private function listen( callable $answer ): void {
		add_filter(
			'pre_http_request',
			function ( mixed $before, array $call, string $url ) use ( $answer ): mixed {
				$this->calls[] = array( $url, $call );
				return $answer( $call );
			},
			10,
			3
		);
	}
}
