<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Matching;

use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Jobs;
use Rollcall\Matching\RunProgress;
use Rollcall\Matching\Webhook;
use Rollcall\Settings;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class WebhookTest extends TestCase {
	public function test_a_finished_run_is_told_in_a_signed_call_without_anything_of_users(): void {
		Settings::update( array( 'webhook_url' => 'https://hooks.example/rollcall' ) + Settings::get() );
		$companion = PairedCompanion::pair();
		$this->make_users( array( 'canary@acme.example', 'b@other.example' ) );
		Planted::list();
		Planted::company( '5' );
		$this->finish( array() );
		$this->finish( array( 'acme.example' => '5' ), 1 );
		$jobs = array_values( array_filter( $companion->exchange()['work']['jobs'], static fn ( array $job ): bool => 'webhook' === $job['kind'] ) );
		self::assertCount( 2, $jobs );
		$call = $jobs[1]['webhook'];
		self::assertTrue( Contract::check( 'exchange_payload', $companion->exchange() ) );
		self::assertSame( 'https://hooks.example/rollcall', $call['url'] );
		$secret = base64_decode( substr( Settings::get()['webhook_secret'], 6 ), true );
		self::assertSame( 32, strlen( (string) $secret ) );
		self::assertSame(
			'v1,' . base64_encode( hash_hmac( 'sha256', "$call[webhook_id].$call[webhook_timestamp].$call[body]", (string) $secret, true ) ),
			$call['webhook_signature']
		);
		self::assertEqualsWithDelta( time(), $call['webhook_timestamp'], 5 );
		$body = json_decode( $call['body'], true );
		self::assertSame( array( 'type', 'timestamp', 'data' ), array_keys( $body ) );
		self::assertSame( 'run.finished', $body['type'] );
		self::assertSame(
			array( 'run_id', 'site_url', 'report_url', 'sources', 'ran_in', 'started_at', 'finished_at', 'matched_companies', 'new_companies', 'gone_companies' ),
			array_keys( $body['data'] )
		);
		self::assertSame( admin_url( 'admin.php?page=rollcall&screen=matcher&view=report' ), $body['data']['report_url'] );
		self::assertSame( array( 1, 1, 0 ), array( $body['data']['matched_companies'], $body['data']['new_companies'], $body['data']['gone_companies'] ) );
		$first = json_decode( $jobs[0]['webhook']['body'], true )['data'];
		self::assertSame( array( 0, null, null ), array( $first['matched_companies'], $first['new_companies'], $first['gone_companies'] ), 'No earlier run has the same sources.' );
		self::assertDoesNotMatchRegularExpression( '/canary|acme|other\.example|user_count|whsec/', $call['body'] );
	}

	public function test_a_call_that_waits_goes_to_no_address_that_was_taken_back(): void {
		$companion = PairedCompanion::pair();
		Settings::update( array( 'webhook_url' => 'https://hooks.example/old' ) + Settings::get() );
		Planted::list();
		$this->finish( array() );
		self::log_in( self::ada() );
		$put = static fn ( array $changes ): int => self::rest( 'PUT', '/rollcall/v1/settings', array( 'settings' => $changes + Settings::get() ) )->get_status();
		self::assertSame( 200, $put( array( 'threshold' => 2 ) ) );
		self::assertContains( 'webhook', array_column( $companion->exchange()['work']['jobs'], 'kind' ) );
		self::assertSame( 200, $put( array( 'webhook_url' => 'https://hooks.example/new' ) ) );
		self::assertNotContains( 'webhook', array_column( $companion->exchange()['work']['jobs'], 'kind' ) );
	}

	public function test_a_webhook_that_is_tried_again_does_not_hurry_the_companion(): void {
		Settings::update( array( 'webhook_url' => 'https://hooks.example/' ) + Settings::get() );
		Planted::list();
		$companion = PairedCompanion::pair();
		$this->finish( array() );
		$payload = $companion->exchange();
		self::assertSame( 5, $payload['next_after_seconds'], 'It has not begun yet.' );
		$jobs    = array_map(
			static fn ( array $job ): array => array( 'job_uid' => $job['job_uid'], 'state' => 'running', 'done' => 1, 'total' => 0, 'error_code' => null, 'error_message' => null, 'verdict' => null, 'redirects' => array() ),
			$payload['work']['jobs']
		);
		$payload = $companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'jobs' => $jobs ) ) ) );
		self::assertSame( array( 'webhook' ), array_column( $payload['work']['jobs'], 'kind' ) );
		self::assertSame( 60, $payload['next_after_seconds'] );
		Jobs::add( 'explain', null, 'acme.example', Planted::NOW_MS );
		self::assertSame( 5, $companion->exchange()['next_after_seconds'] );
	}

	/** The example of the specification: https://github.com/standard-webhooks/standard-webhooks. */
	public function test_signs_as_the_specification_does(): void {
		Settings::update( array( 'webhook_url' => 'https://hooks.example/' ) + Settings::get() );
		update_option( Settings::SECRET, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' );
		$call = Webhook::signed( array( 'url' => 'https://hooks.example/', 'webhook_id' => 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook_timestamp' => 0, 'webhook_signature' => '', 'body' => '{"test": 2432232314}' ), 1_614_265_330_999 );
		self::assertSame( 1_614_265_330, $call['webhook_timestamp'] );
		self::assertSame( 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', $call['webhook_signature'] );
	}

	public function test_without_an_address_or_a_companion_nothing_is_queued(): void {
		Planted::list();
		$this->finish( array() );
		self::assertSame( array(), Jobs::open() );
		Settings::update( array( 'webhook_url' => 'https://hooks.example/' ) + Settings::get() );
		$this->finish( array() );
		self::assertSame( array(), Jobs::open() );
	}

	/** @param array<string, string> $companies */
	private function finish( array $companies, int $later_ms = 0 ): void {
		DataVersion::raise();
		RunProgress::start( self::ada(), true, Planted::NOW_MS );
		RunProgress::advance( Planted::NOW_MS );
		foreach ( Domains::stale_page( DataVersion::current(), 0, 1000 ) as $row ) {
			Planted::label( $row['host'], array(), isset( $companies[ $row['host'] ] ) ? array( $companies[ $row['host'] ] ) : array() );
		}
		RunProgress::advance( Planted::NOW_MS + $later_ms );
	}
}
