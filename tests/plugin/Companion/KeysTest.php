<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Companion\Derivation;
use Rollcall\Companion\KeyRing;
use Rollcall\Companion\Keys;
use Rollcall\Database\Table;
use Rollcall\RollcallError;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class KeysTest extends TestCase {
	protected function tearDown(): void {
		putenv( 'ROLLCALL_KEYS' );
		parent::tearDown();
	}

	public function test_stores_keys_sealed_and_not_autoloaded(): void {
		$companion = PairedCompanion::pair();
		$db        = Table::db();
		$row       = $db->get_row( $db->prepare( 'SELECT option_value, autoload FROM %i WHERE option_name = %s', $db->options, Keys::OPTION ), ARRAY_A );
		$this->assertSame( 'off', $row['autoload'] );
		$this->assertStringNotContainsString( bin2hex( $companion->keys['c2w'] ), $row['option_value'] );
		$this->assertStringNotContainsString( $companion->kid, $row['option_value'] );
		$this->assertSame( $companion->keys['c2w'], Keys::ring()['current']['c2w'] );
	}

	public function test_says_that_the_key_is_unreadable_when_the_salts_were_changed(): void {
		$companion = PairedCompanion::pair();
		add_filter( 'salt', static fn(): string => 'other salts' );
		self::log_in( self::ada() );
		$connection = self::rest( 'GET', '/rollcall/v1/connection' )->get_data();
		$this->assertSame( array( 'key_unreadable', 'key_unreadable' ), array( $connection['state'], $connection['error_code'] ) );
		$this->assertSame( 401, $companion->answer( $companion->request( PairedCompanion::body() ) )[0] );
	}

	/** @return iterable<string, array{string}> */
	public static function damaged(): iterable {
		yield 'empty after the version' => array( 'v1:' );
		yield 'no base64'               => array( 'v1:???' );
		yield 'too short'               => array( 'v1:' . base64_encode( str_repeat( 'x', 30 ) ) );
		yield 'other bytes'             => array( 'v1:' . base64_encode( str_repeat( 'x', 200 ) ) );
		yield 'no version'              => array( 'text' );
	}

	#[DataProvider( 'damaged' )]
	public function test_a_damaged_key_is_unreadable_and_can_be_paired_over( string $text ): void {
		update_option( Keys::OPTION, $text, false );
		try {
			Keys::ring();
			$this->fail( 'It opened.' );
		} catch ( RollcallError $error ) {
			$this->assertSame( 'key_unreadable', $error->error_code );
		}
		$this->assertIsArray( PairedCompanion::pair()->exchange() );
	}

	public function test_keys_of_the_environment_come_before_stored_ones_and_are_not_changed(): void {
		$companion = PairedCompanion::pair();
		$other     = new PairedCompanion(
			str_repeat( '5', 32 ),
			'ffffffffffffffff-7',
			array(
				'c2w' => str_repeat( 'c', 32 ),
				'w2c' => str_repeat( 'w', 32 ),
			)
		);
		putenv( "ROLLCALL_KEYS={$other->site_id}:{$other->kid}:" . bin2hex( $other->keys['c2w'] ) . ':' . bin2hex( $other->keys['w2c'] ) );
		$this->assertSame( 200, $other->answer( $other->request( PairedCompanion::body() ) )[0] );
		$this->assertSame( 401, $companion->answer( $companion->request( PairedCompanion::body() ) )[0] );
		self::log_in( self::ada() );
		$this->assertSame( 403, self::rest( 'DELETE', '/rollcall/v1/connection' )->get_status() );
		putenv( 'ROLLCALL_KEYS=nonsense' );
		$this->expectException( RollcallError::class );
		Keys::ring();
	}

	public function test_replaces_keys_in_two_calls(): void {
		$companion = PairedCompanion::pair();
		KeyRing::rotate();
		$payload = $companion->exchange();
		$command = $payload['commands'][0];
		$this->assertSame( 5, $payload['next_after_seconds'], 'The rotation does not wait for a minute.' );
		$this->assertSame( array( 'rotate_keys', PairedCompanion::ID . '-2' ), array( $command['kind'], $command['kid'] ) );

		$nonce = str_repeat( '77', 16 );
		$ack   = array( 'acks' => array( 'rotation' => array( 'kid' => $command['kid'], 'nonce' => $nonce ), 'given_up' => array() ) );
		$this->assertSame( 'keys_rotated', $companion->exchange( $ack )['commands'][0]['kind'] );
		$this->assertSame( 'keys_rotated', $companion->exchange( $ack )['commands'][0]['kind'], 'A lost answer is given again.' );

		$rotated = new PairedCompanion( $companion->site_id, $command['kid'], Derivation::rotated_keys( $companion->keys, $command['nonce'], $nonce, $command['kid'] ) );
		$this->assertSame( array(), $rotated->exchange()['commands'] );
		$this->assertSame( 401, $companion->answer( $companion->request( PairedCompanion::body() ) )[0], 'The old key ends with the first call under the new one.' );
		$this->assertIsArray( $rotated->exchange() );
	}

	public function test_pressing_the_button_twice_is_one_rotation(): void {
		$companion = PairedCompanion::pair();
		KeyRing::rotate();
		$first = $companion->exchange()['commands'];
		KeyRing::rotate();
		$this->assertSame( $first, $companion->exchange()['commands'] );
	}

	public function test_the_old_key_ends_after_an_hour_at_the_latest(): void {
		PairedCompanion::pair();
		KeyRing::rotate();
		$kid = PairedCompanion::ID . '-2';
		KeyRing::acknowledge( array( 'kid' => $kid, 'nonce' => str_repeat( '77', 16 ) ), 1_000_000 );
		$old = PairedCompanion::ID . '-1';
		$this->assertNotNull( KeyRing::keys_of( $old, 1_000_000 + 3_599_999 ) );
		$this->assertNull( KeyRing::keys_of( $old, 1_000_000 + 3_600_000 ) );
		$this->assertNotNull( KeyRing::keys_of( $kid, 1_000_000 + 3_600_000 ) );
	}

	public function test_an_acknowledgement_of_no_rotation_changes_nothing(): void {
		$companion = PairedCompanion::pair();
		$before    = Keys::ring();
		$companion->exchange( array( 'acks' => array( 'rotation' => array( 'kid' => PairedCompanion::ID . '-9', 'nonce' => str_repeat( '77', 16 ) ), 'given_up' => array() ) ) );
		$this->assertSame( $before, Keys::ring() );
	}
}
