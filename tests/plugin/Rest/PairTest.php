<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Companion\Derivation;
use Rollcall\Companion\Keys;
use Rollcall\Companion\Pairing;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\Kv;
use Rollcall\Database\Sql;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class PairTest extends TestCase {
	protected function tearDown(): void {
		$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
		parent::tearDown();
	}

	public function test_a_companion_that_knows_the_code_is_paired_and_exchanges(): void {
		$companion = PairedCompanion::pair( 'http://companion.example:8787' );
		$this->assertSame( PairedCompanion::ID . '-1', $companion->kid );
		$this->assertSame( 'http://companion.example:8787', Companions::current()['companion_url'] );
		$this->assertIsArray( $companion->exchange() );
	}

	public function test_answers_the_payload_of_the_contract(): void {
		update_option( 'blogname', 'Käse &amp; Co' );
		[ $response ] = PairedCompanion::pair_request( PairedCompanion::pair_body() );
		$payload      = json_decode( $response->get_data()['payload'], true );
		$this->assertTrue( Contract::check( 'pair_payload', $payload ) );
		$this->assertSame( 'Käse & Co', $payload['site_name'] );
		$this->assertSame( 'no-store', $response->get_headers()['Cache-Control'] );
	}

	public function test_the_code_is_stored_nowhere_and_the_root_only_sealed(): void {
		[ $pairing_id, $secret ] = explode( '.', Pairing::open( Clock::now_ms() )['code'] );
		$this->assertSame( array( 10, 40 ), array( strlen( $pairing_id ), strlen( $secret ) ) );
		$stored = implode( "\n", Sql::column( 'SELECT value FROM {kv}' ) );
		$this->assertStringContainsString( $pairing_id, $stored );
		$this->assertStringNotContainsString( $secret, $stored );
		$this->assertStringNotContainsString( bin2hex( Derivation::root( (string) hex2bin( $secret ) ) ), $stored );
	}

	public function test_the_root_is_gone_once_the_keys_are_stored(): void {
		PairedCompanion::pair();
		$open = Kv::get( 'pairing' );
		$this->assertNull( $open['root'] );
		$this->assertNotNull( Keys::ring() );
	}

	public function test_repeats_a_lost_answer_byte_for_byte(): void {
		$code      = Pairing::open( Clock::now_ms() )['code'];
		[ $first ] = PairedCompanion::pair_request( PairedCompanion::pair_body(), $code );
		[ $again ] = PairedCompanion::pair_request( PairedCompanion::pair_body(), $code );
		$this->assertSame( 200, $again->get_status() );
		$this->assertSame( $first->get_data(), $again->get_data() );
	}

	public function test_a_used_code_pairs_no_other_companion(): void {
		$code = Pairing::open( Clock::now_ms() )['code'];
		PairedCompanion::pair_request( PairedCompanion::pair_body(), $code );
		[ $other ] = PairedCompanion::pair_request( PairedCompanion::pair_body( array( 'companion_nonce' => str_repeat( '34', 16 ) ) ), $code );
		$this->assertSame( 401, $other->get_status() );
		$this->assertSame( PairedCompanion::ID . '-1', Companions::current()['kid'] );
	}

	/** @return iterable<string, array{array<string, mixed>}> */
	public static function wrong_requests(): iterable {
		yield 'wrong proof'          => array( array( 'mac' => str_repeat( '0', 64 ) ) );
		yield 'unknown id'           => array( array( 'pairing_id' => '0000000000' ) );
		yield 'no field of contract' => array( array( 'default_role' => 'administrator' ) );
		yield 'id of a wrong form'   => array( array( 'companion_id' => 'A1' ) );
	}

	/** @param array<string, mixed> $changes */
	#[DataProvider( 'wrong_requests' )]
	public function test_answers_every_wrong_request_alike( array $changes ): void {
		[ $response ] = PairedCompanion::pair_request( PairedCompanion::pair_body( $changes ) );
		$this->assertSame( 401, $response->get_status() );
		$this->assertSame( 'pairing_refused', $response->get_data()['code'] );
		$this->assertSame( 'The pairing code is unknown, used or over.', $response->get_data()['message'] );
		$this->assertNull( Companions::current() );
	}

	public function test_a_code_ends_after_ten_minutes(): void {
		$code = Pairing::open( Clock::now_ms() - Pairing::LIFE_MS - 1 )['code'];
		[ $response ] = PairedCompanion::pair_request( PairedCompanion::pair_body(), $code );
		$this->assertSame( 401, $response->get_status() );
	}

	public function test_a_new_code_ends_the_one_before(): void {
		$old = Pairing::open( Clock::now_ms() )['code'];
		Pairing::open( Clock::now_ms() );
		$this->assertSame( 401, PairedCompanion::pair_request( PairedCompanion::pair_body(), $old )[0]->get_status() );
	}

	public function test_a_code_bears_four_wrong_proofs_and_not_five(): void {
		$code = Pairing::open( Clock::now_ms() )['code'];
		$this->guess( $code, 4 );
		$this->assertSame( 200, PairedCompanion::pair_request( PairedCompanion::pair_body(), $code )[0]->get_status() );
		$code = Pairing::open( Clock::now_ms() )['code'];
		$this->guess( $code, 5 );
		$this->assertSame( 401, PairedCompanion::pair_request( PairedCompanion::pair_body(), $code )[0]->get_status(), 'The right proof comes too late.' );
		$this->assertNull( Pairing::expires_at_ms( Clock::now_ms() ) );
	}

	public function test_guesses_at_unknown_ids_cost_the_open_code_nothing(): void {
		$code = Pairing::open( Clock::now_ms() )['code'];
		for ( $try = 0; $try < 10; $try++ ) {
			PairedCompanion::pair_request( PairedCompanion::pair_body(), sprintf( '%010x', $try ) . '.' . str_repeat( 'ab', 20 ) );
		}
		$this->assertSame( 200, PairedCompanion::pair_request( PairedCompanion::pair_body(), $code )[0]->get_status() );
	}

	public function test_limits_a_client_and_not_the_others(): void {
		$code = Pairing::open( Clock::now_ms() )['code'];
		for ( $try = 0; $try < 30; $try++ ) {
			PairedCompanion::pair_request( PairedCompanion::pair_body(), '0000000000.' . str_repeat( 'ab', 20 ) );
		}
		$limited = PairedCompanion::pair_request( PairedCompanion::pair_body(), $code )[0];
		$this->assertSame( 429, $limited->get_status() );
		$this->assertGreaterThan( 0, (int) $limited->get_headers()['Retry-After'] );
		$_SERVER['HTTP_X_FORWARDED_FOR'] = '203.0.113.9';
		$this->assertSame( 429, PairedCompanion::pair_request( PairedCompanion::pair_body(), $code )[0]->get_status(), 'A header that anyone can write does not help.' );
		unset( $_SERVER['HTTP_X_FORWARDED_FOR'] );
		$_SERVER['REMOTE_ADDR'] = '203.0.113.9';
		$this->assertSame( 200, PairedCompanion::pair_request( PairedCompanion::pair_body(), $code )[0]->get_status() );
	}

	public function test_a_new_pairing_ends_the_one_before(): void {
		$first  = PairedCompanion::pair();
		$second = PairedCompanion::pair();
		$this->assertSame( PairedCompanion::ID . '-2', $second->kid, 'A key number is never used again.' );
		$this->assertSame( $first->site_id, $second->site_id );
		$this->assertSame( 401, $first->answer( $first->request( PairedCompanion::body() ) )[0] );
		$this->assertIsArray( $second->exchange() );
	}

	public function test_refuses_a_companion_that_is_too_far_apart(): void {
		[ $response ] = PairedCompanion::pair_request( PairedCompanion::pair_body( array( 'contract_version' => Contract::version() + 1 ) ) );
		$this->assertSame( array( 426, 'contract_unsupported' ), array( $response->get_status(), $response->get_data()['code'] ) );
		$this->assertNull( Keys::ring() );
	}

	private function guess( string $code, int $times ): void {
		for ( $try = 0; $try < $times; $try++ ) {
			PairedCompanion::pair_request( PairedCompanion::pair_body( array( 'mac' => str_repeat( '0', 64 ) ) ), $code );
		}
	}
}
