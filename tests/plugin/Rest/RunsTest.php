<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Companion\Judges;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Jobs;
use Rollcall\Database\Kv;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class RunsTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		self::log_in( self::ada() );
	}

	public function test_from_the_preview_over_consent_to_a_finished_run(): void {
		Planted::list();
		$this->make_users( array( 'a@acme.example', 'b@other.example', 'broken' ) );
		$preview = self::rest( 'POST', '/rollcall/v1/runs/count' )->get_data();
		self::assertTrue( Contract::check( 'send_preview', $preview ) );
		self::assertTrue( $preview['counted'] );
		self::assertNull( $preview['agreed_at'] );
		self::assertSame( $preview, self::rest( 'GET', '/rollcall/v1/runs/preview', array(), array( 'page' => 1 ) )->get_data() );

		$refused = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => false, 'sources' => array(), 'ran_in' => 'companion' ) ) );
		self::assertSame( 409, $refused->get_status() );
		self::assertSame( 'consent_missing', $refused->get_data()['code'] );

		$started = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) );
		self::assertSame( 201, $started->get_status() );
		$run_id = $started->get_data()['run_id'];
		self::assertSame( 'counting', $started->get_data()['state'] );
		self::assertSame( self::ada(), Kv::get( 'sending_agreed' )['user_id'] );
		self::assertSame( 409, self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_status() );

		self::assertSame( 'labelling', self::rest( 'POST', "/rollcall/v1/runs/$run_id/advance" )->get_data()['state'] );
		foreach ( Domains::stale_page( DataVersion::current(), 0, 100 ) as $row ) {
			self::assertContains( $row['host'], $preview['hosts'] );
			Planted::label( $row['host'] );
		}
		$done = self::rest( 'POST', "/rollcall/v1/runs/$run_id/advance" )->get_data();
		self::assertSame( 'done', $done['state'] );
		self::assertTrue( Contract::check( 'run', $done ) );
		self::assertSame( $done, self::rest( 'GET', "/rollcall/v1/runs/$run_id" )->get_data() );
		self::assertSame( $done, self::rest( 'POST', "/rollcall/v1/runs/$run_id/advance" )->get_data() );
		self::assertSame( $done, self::rest( 'POST', "/rollcall/v1/runs/$run_id/cancel" )->get_data() );
		$page = self::rest( 'GET', '/rollcall/v1/runs' );
		self::assertSame( array( $done ), $page->get_data() );
		self::assertSame( '1', $page->get_headers()['X-WP-Total'] );
	}

	public function test_an_open_run_goes_on_with_another_companion_once_someone_agrees(): void {
		Planted::list();
		$this->make_users( array( 'a@acme.example' ) );
		PairedCompanion::pair();
		$run_id = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_data()['run_id'];
		$other  = PairedCompanion::pair( null, 1, 'b1b2c3d4e5f60718' );
		Judges::choose( 'b1b2c3d4e5f60718' );
		$ran    = self::rest( 'POST', "/rollcall/v1/runs/$run_id/advance" )->get_data();
		self::assertSame( array( 'labelling', 'consent' ), array( $ran['state'], $ran['waits_for'] ) );
		$asked = Jobs::add( 'explain', null, 'acme.example', Clock::now_ms() );
		$free  = Jobs::add( 'explain', null, 'nobody-here.example', Clock::now_ms() );
		$text  = (string) wp_json_encode( $other->exchange() );
		self::assertStringNotContainsString( 'acme.example', $text );
		self::assertStringNotContainsString( $asked, $text );
		self::assertStringContainsString( $free, $text, 'A domain that no user has is nobody\'s secret.' );

		$refused = self::rest( 'POST', "/rollcall/v1/runs/$run_id/agree", array( 'run' => array( 'agreed' => false, 'sources' => array(), 'ran_in' => 'companion' ) ) );
		self::assertSame( array( 409, 'consent_missing' ), array( $refused->get_status(), $refused->get_data()['code'] ) );
		$agreed = self::rest( 'POST', "/rollcall/v1/runs/$run_id/agree", array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_data();
		self::assertTrue( Contract::check( 'run', $agreed ) );
		self::assertSame( 'nothing', $agreed['waits_for'] );
		$payload = $other->exchange();
		self::assertContains( 'acme.example', array_column( $payload['work']['domains']['rows'], 'host' ) );
		self::assertContains( $asked, array_column( $payload['work']['jobs'], 'job_uid' ) );
	}

	public function test_agreeing_in_a_run_that_has_ended_agrees_to_nothing(): void {
		$run_id = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_data()['run_id'];
		self::rest( 'POST', "/rollcall/v1/runs/$run_id/cancel" );
		PairedCompanion::pair();
		self::assertSame( 'cancelled', self::rest( 'POST', "/rollcall/v1/runs/$run_id/agree", array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_data()['state'] );
		self::assertNull( self::rest( 'GET', '/rollcall/v1/runs/preview' )->get_data()['agreed_at'] );
	}

	public function test_an_open_run_can_be_cancelled(): void {
		$run_id = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_data()['run_id'];
		$run    = self::rest( 'POST', "/rollcall/v1/runs/$run_id/cancel" )->get_data();
		self::assertSame( 'cancelled', $run['state'] );
		self::assertTrue( Contract::check( 'run', $run ) );
	}

	public function test_advancing_an_old_run_does_not_touch_the_open_one(): void {
		$old  = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_data()['run_id'];
		self::rest( 'POST', "/rollcall/v1/runs/$old/cancel" );
		$open = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_data()['run_id'];
		self::rest( 'POST', "/rollcall/v1/runs/$old/advance" );
		self::assertSame( 'counting', self::rest( 'GET', "/rollcall/v1/runs/$open" )->get_data()['state'] );
	}

	public function test_a_run_that_is_not_there_is_not_found(): void {
		self::assertSame( 404, self::rest( 'GET', '/rollcall/v1/runs/4711' )->get_status() );
		self::assertSame( 404, self::rest( 'POST', '/rollcall/v1/runs/4711/cancel' )->get_status() );
	}

	/** @param array<string, mixed> $body */
	#[DataProvider( 'bad_bodies' )]
	public function test_refuses_a_body_that_is_not_the_contracts( array $body ): void {
		self::assertSame( 400, self::rest( 'POST', '/rollcall/v1/runs', $body )->get_status() );
	}

	/** @return array<string, array{array<string, mixed>}> */
	public static function bad_bodies(): array {
		return array(
			'nothing'             => array( array( 'run' => array() ) ),
			'a word'              => array( array( 'run' => array( 'agreed' => 'perhaps' ) ) ),
			'something more'      => array( array( 'run' => array( 'agreed' => true, 'source' => 'users' ) ) ),
			'something beside it' => array( array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ), 'force' => true ) ),
		);
	}

	public function test_starting_counting_and_cancelling_need_the_right_to_manage(): void {
		get_role( 'editor' )?->add_cap( 'rollcall_view' );
		self::log_in( self::ed() );
		self::assertSame( 200, self::rest( 'GET', '/rollcall/v1/runs' )->get_status() );
		foreach ( array( array( 'POST', '' ), array( 'GET', '/preview' ), array( 'POST', '/count' ), array( 'POST', '/1/advance' ), array( 'POST', '/1/cancel' ), array( 'POST', '/1/agree' ) ) as list( $method, $route ) ) {
			self::assertSame( 403, self::rest( $method, "/rollcall/v1/runs$route" )->get_status(), "$method $route" );
		}
		get_role( 'editor' )?->remove_cap( 'rollcall_view' );
	}
}
