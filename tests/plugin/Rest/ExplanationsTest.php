<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Jobs;
use Rollcall\Matching\Consent;
use Rollcall\Settings;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

final class ExplanationsTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		self::log_in( self::ada() );
	}

	public function test_a_stored_verdict_answers_with_its_evidence_and_users(): void {
		Planted::company( '5', array( 'name' => 'Acme' ) );
		$this->make_users( array( 'a@acme.example', 'b@mail.acme.example' ) );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		Planted::label( 'acme.example', array( 'evidence' => 'acme.example on the list' ), array( '5' ) );
		Planted::label( 'mail.acme.example', array( 'registrable' => 'acme.example' ), array( '5' ) );

		$why = self::ask( 'acme.example' );
		self::assertSame( array( 'done', 'acme.example', 'wordpress', 'company', 'acme.example on the list' ), array( $why['state'], $why['host'], $why['decided_by'], $why['verdict']['label'], $why['verdict']['evidence'] ) );
		self::assertSame( array( 'Acme' ), $why['company_names'] );
		self::assertSame( 2, $why['user_count'] );
	}

	#[DataProvider( 'texts' )]
	public function test_a_domain_an_address_and_a_url_mean_their_host( string $text, string $host ): void {
		self::assertSame( $host, self::ask( $text )['host'] );
	}

	/** @return array<string, array{string, string}> */
	public static function texts(): array {
		return array(
			'domain'               => array( 'Acme.Example', 'acme.example' ),
			'address'              => array( 'ann.secret@acme.example', 'acme.example' ),
			'URL'                  => array( 'https://Acme.example/pricing?x=1', 'acme.example' ),
			'URL with port'        => array( 'http://acme.example:8080/', 'acme.example' ),
			'domain with path'     => array( 'acme.example/about', 'acme.example' ),
			'domain with port'     => array( 'acme.example:8080', 'acme.example' ),
			'two slashes'          => array( '//acme.example', 'acme.example' ),
			'outer white space'    => array( "  acme.example \n", 'acme.example' ),
			'other bytes'          => array( "b\u{FC}cher.example", 'b%C3%BCcher.example' ),
			'nothing'              => array( '', '' ),
			'a sentence'           => array( 'who is this', '' ),
			'two at signs'         => array( 'a@b@acme.example', '' ),
			'URL without host'     => array( 'https:///path', '' ),
		);
	}

	public function test_what_is_no_domain_says_why(): void {
		$why = self::ask( 'a@[1.2.3.4]' );
		self::assertSame( array( 'invalid', 'ip_literal', 'done' ), array( $why['verdict']['label'], $why['verdict']['rule'], $why['state'] ) );
	}

	public function test_a_host_that_no_user_has_is_answered_from_the_lists(): void {
		Planted::company( '5', array( 'name' => 'Acme' ), array( 'acme.example' ) );
		$why = self::ask( 'mail.acme.example' );
		self::assertSame( array( 'wordpress', 'company', array( 'Acme' ), 0 ), array( $why['decided_by'], $why['verdict']['label'], $why['company_names'], $why['user_count'] ) );
	}

	public function test_what_the_tables_do_not_know_becomes_a_job_that_the_companion_answers(): void {
		$why = self::ask( 'unknown.example' );
		self::assertSame( array( 'queued', 'companion', null ), array( $why['state'], $why['decided_by'], $why['verdict'] ) );
		self::assertSame( $why['job_uid'], self::ask( 'unknown.example' )['job_uid'], 'a second question makes no second job' );
		self::assertSame( 'unknown.example', Jobs::open()[0]['host'] );

		$pending = self::rest( 'GET', '/rollcall/v1/explanations/' . $why['job_uid'] )->get_data();
		self::assertSame( 'queued', $pending['state'] );
		Jobs::store_progress( array( 'job_uid' => $why['job_uid'], 'state' => 'done', 'done' => 1, 'total' => 1, 'error_code' => null, 'error_message' => null, 'verdict' => Planted::verdict( 'unknown.example', array( 'label' => 'free_mail' ) ) ), Planted::NOW_MS );
		$answer = self::rest( 'GET', '/rollcall/v1/explanations/' . $why['job_uid'] )->get_data();
		self::assertTrue( Contract::check( 'explanation', $answer ) );
		self::assertSame( array( 'done', 'free_mail' ), array( $answer['state'], $answer['verdict']['label'] ) );
	}

	public function test_a_domain_of_a_user_is_not_asked_about_before_someone_agreed_to_sending(): void {
		$this->make_users( array( 'a@private.example' ) );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		$answer = self::rest( 'POST', '/rollcall/v1/explanations', array( 'explanation' => array( 'text' => 'private.example' ) ) );
		self::assertSame( array( 409, 'consent_missing' ), array( $answer->get_status(), $answer->get_data()['code'] ) );
		self::assertSame( array(), Jobs::open() );
		Consent::agree( self::ada(), Planted::NOW_MS );
		self::assertSame( 'queued', self::ask( 'private.example' )['state'] );
	}

	public function test_a_domain_that_the_threshold_hides_is_never_asked_about(): void {
		Settings::update( array( 'threshold' => 2 ) + Settings::get() );
		Consent::agree( self::ada(), Planted::NOW_MS );
		$this->make_users( array( 'a@rare.example', 'a@often.example', 'b@often.example' ) );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		$answer = self::rest( 'POST', '/rollcall/v1/explanations', array( 'explanation' => array( 'text' => 'rare.example' ) ) );
		self::assertSame( array( 409, 'below_threshold' ), array( $answer->get_status(), $answer->get_data()['code'] ) );
		self::assertSame( array(), Jobs::open() );
		self::assertSame( 'queued', self::ask( 'often.example' )['state'] );
		self::assertSame( 'queued', self::ask( 'nobody.example' )['state'], 'What no user has is the own question of the person who asks.' );

		Planted::company( '5', array( 'name' => 'Rare' ), array( 'rare.example' ) );
		self::assertSame( array( 'wordpress', 'company' ), array( self::ask( 'rare.example' )['decided_by'], self::ask( 'rare.example' )['verdict']['label'] ) );
	}

	public function test_a_question_that_waits_is_kept_back_when_the_threshold_rises(): void {
		$companion = PairedCompanion::pair();
		Consent::agree( self::ada(), Planted::NOW_MS );
		$this->make_users( array( 'a@rare.example' ) );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		Jobs::add( 'explain', null, 'rare.example', Planted::NOW_MS );
		Jobs::add( 'redirects', null, null, Planted::NOW_MS, array( 'hosts' => array( 'rare.example', 'nobody.example' ) ) );
		self::assertStringContainsString( 'rare.example', (string) wp_json_encode( $companion->exchange() ) );
		Settings::update( array( 'threshold' => 2 ) + Settings::get() );
		$work = $companion->exchange()['work'];
		self::assertStringNotContainsString( 'rare.example', (string) wp_json_encode( $work ) );
		self::assertSame( array( array( 'nobody.example' ) ), array_column( $work['jobs'], 'hosts' ) );
	}

	public function test_a_stale_verdict_is_given_while_nothing_newer_can_be_had(): void {
		Planted::label( 'old.example', array( 'label' => 'relay' ) );
		DataVersion::raise();
		$why = self::ask( 'old.example' );
		self::assertSame( array( 'done', 'relay' ), array( $why['state'], $why['verdict']['label'] ) );
	}

	public function test_an_unknown_question_is_not_found_and_a_list_job_is_no_question(): void {
		self::assertSame( 404, self::rest( 'GET', '/rollcall/v1/explanations/' . str_repeat( '0', 32 ) )->get_status() );
		self::assertSame( 404, self::rest( 'GET', '/rollcall/v1/explanations/' . Jobs::add( 'list_update', 'yc', null, Planted::NOW_MS ) )->get_status() );
	}

	/** @return array<string, mixed> */
	private static function ask( string $text ): array {
		$answer = self::rest( 'POST', '/rollcall/v1/explanations', array( 'explanation' => array( 'text' => $text ) ) );
		self::assertSame( 200, $answer->get_status(), (string) wp_json_encode( $answer->get_data() ) );
		self::assertTrue( Contract::check( 'explanation', $answer->get_data() ) );
		return $answer->get_data();
	}
}
