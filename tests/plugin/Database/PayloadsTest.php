<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use Rollcall\Clock;
use Rollcall\Database\Monitors;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\Settings;
use Rollcall\Status\MonitorRequest;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class PayloadsTest extends TestCase {
	public function test_what_left_the_site_is_kept_without_the_secrets_of_monitors(): void {
		$options = array( 'headers' => array( array( 'name' => 'Authorization', 'value' => 'canary-header' ) ), 'body' => 'canary-body' ) + MonitorRequest::PLAIN;
		$monitor = array( 'name' => 'One', 'type' => 'http', 'url' => 'https://acme.example/', 'active' => true, 'is_public' => false, 'interval_seconds' => 60, 'options' => $options );
		$push    = array( 'type' => 'push', 'url' => '', 'options' => MonitorRequest::PLAIN ) + $monitor;
		$uids    = Transaction::run( static fn (): array => Monitors::insert( array( $monitor, $push ), 1 ) );
		Settings::update( array( 'dead_man_url' => 'https://ping.example/canary-path?canary=query' ) + Settings::get() );
		$payload = PairedCompanion::pair()->exchange();
		self::assertSame( array( 'canary-header', 'https://ping.example/canary-path?canary=query' ), array( $payload['work']['monitors']['rows'][0]['options']['headers'][0]['value'], $payload['work']['dead_man_url'] ), 'The companion gets them.' );
		$token = (string) ( Monitors::find( $uids[1] )['push_token'] ?? '' );
		self::assertStringNotContainsString( $token, (string) wp_json_encode( $payload ), 'Tokens do not leave at all.' );

		$kept = implode( "\n", Sql::column( 'SELECT body FROM {payloads}' ) );
		self::assertDoesNotMatchRegularExpression( "/canary|$token/", $kept );
		$noted = json_decode( (string) Sql::value( "SELECT body FROM {payloads} WHERE route LIKE '%exchange' ORDER BY payload_id DESC LIMIT 1" ), true );
		self::assertSame( array( '•••', '•••', 'https://ping.example/•••' ), array( $noted['work']['monitors']['rows'][0]['options']['headers'][0]['value'], $noted['work']['monitors']['rows'][0]['options']['body'], $noted['work']['dead_man_url'] ) );
		$noted['work']['monitors']['rows'][0]['options'] = $options;
		$noted['work']['dead_man_url']                   = $payload['work']['dead_man_url'];
		self::assertSame( $payload, $noted, 'Nothing else differs.' );
	}

	public function test_an_idle_answer_that_only_repeats_the_one_before_moves_its_time(): void {
		Settings::update( array( 'dead_man_url' => 'https://ping.example/canary' ) + Settings::get() );
		$companion = PairedCompanion::pair();
		$cursors   = array( 'cursors' => array( 'domains_after' => 0, 'monitors_revision' => 0, 'beats_after_ms' => 0 ) );
		$companion->exchange( $cursors );
		$companion->exchange( $cursors );
		$before = Sql::value( 'SELECT COUNT(*) FROM {payloads}' );
		usleep( 2000 );
		$companion->exchange( $cursors );
		self::assertSame( $before, Sql::value( 'SELECT COUNT(*) FROM {payloads}' ) );
	}

	public function test_answers_that_only_take_checks_in_leave_room_for_what_says_more(): void {
		$companion = PairedCompanion::pair();
		$uid       = MonitorFactory::monitor( array( 'type' => 'push', 'url' => '' ) );
		$now_ms    = Clock::now_ms();
		$cursors   = array( 'domains_after' => 0, 'monitors_revision' => Monitors::revision(), 'beats_after_ms' => 0 );
		for ( $number = 1; $number <= 3; $number++ ) {
			Sql::run( 'UPDATE {monitors} SET last_beat_at_ms = %d', $now_ms - 5000 + $number );
			$batch = PairedCompanion::batch( array( 'checks' => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( $now_ms - 60_000 * $number ) ) ) ) ) );
			$said  = $companion->exchange( array( 'cursors' => $cursors, 'batch' => $batch ) );
		}
		self::assertSame( '1', Sql::value( "SELECT COUNT(*) FROM {payloads} WHERE route LIKE '%exchange'" ) );
		$kept = Sql::row( "SELECT body, bytes FROM {payloads} WHERE route LIKE '%exchange'" ) ?? array();
		self::assertSame( $said, json_decode( (string) $kept['body'], true ), 'The newest of them is the one that is shown.' );
		self::assertSame( strlen( (string) $kept['body'] ), (int) $kept['bytes'] );
	}

	public function test_the_path_of_the_dead_man_address_is_hidden_however_its_scheme_is_written(): void {
		Settings::update( array( 'dead_man_url' => 'HTTPS://ping.example/canary' ) + Settings::get() );
		PairedCompanion::pair()->exchange();
		self::assertStringNotContainsString( 'canary', implode( "\n", Sql::column( 'SELECT body FROM {payloads}' ) ) );
	}
}
