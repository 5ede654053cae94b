<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Admin;

use Rollcall\Admin\Privacy;
use Rollcall\Database\Signups;
use Rollcall\Database\Sql;
use Rollcall\Settings;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

final class PrivacyTest extends TestCase {
	public function test_wordpress_knows_the_exporter_and_the_eraser(): void {
		self::assertArrayHasKey( 'rollcall', apply_filters( 'wp_privacy_personal_data_exporters', array() ) );
		self::assertArrayHasKey( 'rollcall', apply_filters( 'wp_privacy_personal_data_erasers', array() ) );
	}

	public function test_the_export_holds_what_is_stored_of_the_account(): void {
		Planted::list();
		Planted::company( '5', array( 'name' => 'Acme' ) );
		$this->make_user( 'ann@acme.example' );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		Planted::label( 'acme.example', array(), array( '5' ) );

		$export = self::export( 'ann@acme.example' );
		self::assertTrue( $export['done'] );
		self::assertSame( array( 'acme.example', 'company', 'Acme' ), array_column( $export['data'][0]['data'], 'value' ) );
		self::assertSame( array(), self::export( 'nobody@acme.example' )['data'] );
	}

	public function test_the_export_tells_of_the_sign_up_from_a_listed_company_too(): void {
		Planted::list();
		Planted::company( '5', array( 'name' => 'Acme' ) );
		$user_id = $this->make_user( 'ann@acme.example' );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		Signups::add( $user_id, 1, 'yc', '5', Planted::NOW_MS, null );
		self::assertSame( array( 'acme.example', '2026-09-21T14:13:20.000Z' ), array_column( self::export( 'ann@acme.example' )['data'][0]['data'], 'value' ) );
	}

	public function test_the_policy_names_how_long_figures_are_kept_here(): void {
		Settings::update( array( 'run_retention_days' => 123 ) + Settings::get() );
		self::assertStringContainsString( '123 days', Privacy::text() );
	}

	public function test_the_domain_of_an_account_is_kept_with_it_and_the_answer_says_so(): void {
		$this->make_user( 'ann@acme.example' );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		$answer = self::erase( 'ann@acme.example' );
		self::assertSame( array( false, true ), array( $answer['items_removed'], $answer['items_retained'] ) );
		self::assertCount( 1, $answer['messages'] );
		self::assertNotNull( Sql::value( "SELECT domain_id FROM {domains} WHERE host = 'acme.example'" ) );
	}

	public function test_a_domain_that_no_account_has_any_more_is_removed_from_past_figures_too(): void {
		$domain_id = Planted::label( 'gone.example', array(), array() );
		Sql::insert( 'run_domains', array( array( 'run_id' => 1, 'source' => 1, 'domain_id' => $domain_id, 'users' => 1, 'label' => 12 ) ) );
		$answer = self::erase( 'ann@gone.example' );
		self::assertSame( array( true, false ), array( $answer['items_removed'], $answer['items_retained'] ) );
		self::assertNull( Sql::value( "SELECT domain_id FROM {domains} WHERE host = 'gone.example'" ) );
		self::assertNull( Sql::value( 'SELECT run_id FROM {run_domains} WHERE domain_id = %d', $domain_id ) );
		self::assertFalse( self::erase( 'ann@gone.example' )['items_removed'] );
	}

	public function test_a_domain_that_another_account_has_is_not_removed(): void {
		$this->make_user( 'bob@shared.example' );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		self::assertFalse( self::erase( 'ann@shared.example' )['items_removed'] );
		self::assertNotNull( Sql::value( "SELECT domain_id FROM {domains} WHERE host = 'shared.example'" ) );
	}

	/** @return array<string, mixed> */
	private static function export( string $address ): array {
		return apply_filters( 'wp_privacy_personal_data_exporters', array() )['rollcall']['callback']( $address, 1 );
	}

	/** @return array<string, mixed> */
	private static function erase( string $address ): array {
		return apply_filters( 'wp_privacy_personal_data_erasers', array() )['rollcall']['callback']( $address, 1 );
	}
}
