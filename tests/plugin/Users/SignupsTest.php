<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Users;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Sql;
use Rollcall\Settings;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\SignupNotices;

final class SignupsTest extends TestCase {
	/** @var list<array{to: mixed, subject: string, message: string}> */
	private array $mails = array();

	private bool $mail_works = true;

	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		Planted::company( '5', array( 'name' => 'Stripe', 'batch' => 'Summer 2009' ), array( 'stripe.example' ) );
		Planted::company( '6', array( 'name' => 'Loops', 'batch' => '' ), array( 'loops.example' ) );
		add_filter(
			'pre_wp_mail',
			function ( mixed $answer, array $mail ): bool {
				if ( $this->mail_works ) {
					$this->mails[] = array( 'to' => $mail['to'], 'subject' => (string) $mail['subject'], 'message' => (string) $mail['message'] );
				}
				return $this->mail_works;
			},
			10,
			2
		);
	}

	public function test_other_plugins_are_told_at_once_who_signed_up_from_where(): void {
		$told = self::listen();
		$id   = self::sign_up( 'Ann.Secret@Mail.Stripe.example' );
		self::assertSame(
			array(
				array(
					$id,
					array( array( 'list_uid' => 'yc', 'source_id' => '5', 'name' => 'Stripe', 'batch' => 'Summer 2009', 'status' => 'active', 'kind' => 'subdomain' ) ),
					'mail.stripe.example',
				),
			),
			$told->getArrayCopy()
		);
	}

	/** @return iterable<string, array{string}> */
	public static function unlisted(): iterable {
		yield 'an unknown domain' => array( 'ann@unknown.example' );
		yield 'no domain at all'  => array( 'ann' );
	}

	#[DataProvider( 'unlisted' )]
	public function test_nothing_is_told_of_anybody_else( string $address ): void {
		$told = self::listen();
		self::notices( 'immediate' );
		self::sign_up( $address );
		self::assertSame( array( 0, '0' ), array( count( $told ), Sql::value( 'SELECT COUNT(*) FROM {signups}' ) ) );
	}

	public function test_a_verdict_that_is_stored_counts_until_the_lists_change(): void {
		$told = self::listen();
		Planted::label( 'stripe.example', array( 'label' => 'excluded' ) );
		self::sign_up( 'ann@stripe.example' );
		self::assertCount( 0, $told );
		DataVersion::raise();
		self::sign_up( 'bob@stripe.example' );
		self::assertCount( 1, $told );
	}

	public function test_a_user_is_told_of_once_whatever_changes_later(): void {
		$told = self::listen();
		$id   = self::sign_up( 'ann@stripe.example' );
		wp_update_user( array( 'ID' => $id, 'user_email' => 'ann@loops.example' ) );
		do_action( 'user_register', $id );
		self::assertCount( 1, $told );
		$other = self::sign_up( 'bob@unknown.example' );
		wp_update_user( array( 'ID' => $other, 'user_email' => 'bob@loops.example' ) );
		self::assertCount( 1, $told, 'A changed address is no sign-up.' );
	}

	public function test_a_mail_names_company_batch_domain_and_profile_and_nothing_of_the_user(): void {
		self::notices( 'immediate' );
		$id = self::sign_up( 'ann.secret@mail.stripe.example', 'Anna Hidden' );
		self::assertSame( array(), $this->mails, 'Nobody waits for a mail while registering.' );
		self::assertNotFalse( wp_next_scheduled( SignupNotices::EVENT ) );
		do_action( SignupNotices::EVENT );
		self::assertCount( 1, $this->mails );
		[ $mail ] = $this->mails;
		self::assertSame( array( get_option( 'admin_email' ) ), $mail['to'] );
		self::assertStringContainsString( 'Sign-up from Stripe (Summer 2009)', $mail['subject'] );
		self::assertStringContainsString( 'Stripe (Summer 2009), by the domain stripe.example', $mail['message'] );
		self::assertStringContainsString( admin_url( "user-edit.php?user_id=$id" ), $mail['message'] );
		self::assertStringContainsString( admin_url( 'admin.php?page=rollcall&screen=settings' ), $mail['message'] );
		$user = get_userdata( $id );
		self::assertInstanceOf( \WP_User::class, $user );
		foreach ( array( '@', 'secret', 'ann.', 'Hidden', 'Anna', $user->user_login ) as $personal ) {
			self::assertStringNotContainsStringIgnoringCase( $personal, $mail['subject'] . $mail['message'] );
		}
		do_action( SignupNotices::EVENT );
		self::assertCount( 1, $this->mails );
	}

	public function test_nothing_is_mailed_and_nothing_kept_for_later_while_notices_are_off(): void {
		self::sign_up( 'ann@stripe.example' );
		self::notices( 'immediate' );
		do_action( SignupNotices::EVENT );
		self::sign_up( 'bob@stripe.example' );
		self::notices( 'off' );
		do_action( SignupNotices::EVENT );
		self::notices( 'immediate' );
		do_action( SignupNotices::EVENT );
		self::assertSame( array(), $this->mails );
	}

	/** @return iterable<string, array{string, int}> */
	public static function rhythms(): iterable {
		yield 'daily'  => array( 'daily', 86_400_000 );
		yield 'weekly' => array( 'weekly', 7 * 86_400_000 );
	}

	#[DataProvider( 'rhythms' )]
	public function test_a_digest_holds_what_came_since_its_first_sign_up( string $rhythm, int $period_ms ): void {
		self::notices( $rhythm, array( 'ada@owner.example', 'ed@owner.example' ) );
		self::sign_up( 'ann@stripe.example' );
		self::sign_up( 'bob@loops.example' );
		$first_ms = (int) Sql::value( 'SELECT MIN(matched_at_ms) FROM {signups}' );
		// WP-Cron takes an event out before it runs it.
		wp_clear_scheduled_hook( SignupNotices::EVENT );
		self::assertSame( 0, SignupNotices::send( $first_ms + $period_ms - 1 ) );
		self::assertSame( intdiv( $first_ms + $period_ms + 999, 1000 ), wp_next_scheduled( SignupNotices::EVENT ) );
		self::assertSame( 2, SignupNotices::send( $first_ms + $period_ms ) );
		self::assertCount( 1, $this->mails );
		self::assertSame( array( 'ada@owner.example', 'ed@owner.example' ), $this->mails[0]['to'] );
		self::assertStringContainsString( '2 sign-ups', $this->mails[0]['subject'] );
		self::assertStringContainsString( 'Loops, by the domain loops.example', $this->mails[0]['message'] );
	}

	public function test_a_mail_that_fails_is_tried_again_later_each_time(): void {
		$log = (string) tempnam( sys_get_temp_dir(), 'rc' );
		$old = ini_set( 'error_log', $log );
		self::notices( 'immediate' );
		self::sign_up( 'ann@stripe.example' );
		$this->mail_works = false;
		$now_ms           = 1_900_000_000_000;
		self::assertSame( 0, SignupNotices::send( $now_ms ) );
		self::assertSame( 0, SignupNotices::send( $now_ms + 60_000 ) );
		self::assertSame( 0, SignupNotices::send( $now_ms + 60_001 ), 'Not before its time.' );
		self::assertSame( '2', Sql::value( 'SELECT tries FROM {signups}' ) );
		$this->mail_works = true;
		self::assertSame( 0, SignupNotices::send( $now_ms + 179_999 ) );
		self::assertSame( 1, SignupNotices::send( $now_ms + 180_000 ) );
		ini_set( 'error_log', (string) $old );
		self::assertCount( 1, $this->mails );
		self::assertSame( 2, substr_count( (string) file_get_contents( $log ), 'wp_mail() did not take' ) );
		unlink( $log );
	}

	public function test_what_a_killed_worker_held_is_sent_after_ten_minutes(): void {
		self::notices( 'immediate' );
		self::sign_up( 'ann@stripe.example' );
		$now_ms = 1_900_000_000_000;
		self::assertCount( 1, \Rollcall\Database\Signups::claim( str_repeat( 'a', 32 ), $now_ms ) );
		self::assertSame( 0, SignupNotices::send( $now_ms + 599_999 ) );
		self::assertSame( 1, SignupNotices::send( $now_ms + 600_000 ) );
	}

	public function test_a_user_who_is_gone_is_not_told_of(): void {
		self::notices( 'daily' );
		wp_delete_user( self::sign_up( 'ann@stripe.example' ) );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {signups}' ) );
	}

	public function test_the_name_of_a_company_cannot_add_lines_or_headers(): void {
		self::notices( 'immediate' );
		Sql::run( 'UPDATE {companies} SET name = %s', "Stripe\r\nBcc: all@evil.example" );
		self::sign_up( 'ann@stripe.example' );
		do_action( SignupNotices::EVENT );
		self::assertStringNotContainsString( "\n", $this->mails[0]['subject'] );
		self::assertStringContainsString( 'Stripe Bcc: all@evil.example (Summer 2009), by', $this->mails[0]['message'] );
	}

	#[Group( 'multisite' )]
	public function test_on_a_network_a_user_is_told_of_in_each_blog_that_the_user_comes_to(): void {
		$told = self::listen();
		$blog = wp_insert_site( array( 'domain' => 'rollcall.test', 'path' => '/signups/', 'user_id' => self::ada() ) );
		self::assertIsInt( $blog );
		switch_to_blog( $blog );
		\Rollcall\Database\Migrator::ensure();
		Planted::list();
		Planted::company( '7', array( 'name' => 'Stripe of the blog' ), array( 'stripe.example' ) );
		restore_current_blog();
		$id = self::sign_up( 'ann@stripe.example' );
		self::assertCount( 1, $told );
		add_user_to_blog( $blog, $id, 'subscriber' );
		self::assertSame( array( 'Stripe', 'Stripe of the blog' ), array_map( static fn ( array $call ): string => $call[1][0]['name'], $told->getArrayCopy() ) );
		remove_user_from_blog( $id, $blog );
		switch_to_blog( $blog );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {signups}' ) );
		restore_current_blog();
		wp_delete_site( $blog );
	}

	/** @return \ArrayObject<int, array{int, list<array<string, string>>, string}> What the action gave. */
	private static function listen(): \ArrayObject {
		$told = new \ArrayObject();
		add_action( 'rollcall_user_matched', static fn ( int $user_id, array $companies, string $domain ) => $told->append( array( $user_id, $companies, $domain ) ), 10, 3 );
		return $told;
	}

	/** @param list<string> $recipients */
	private static function notices( string $rhythm, array $recipients = array() ): void {
		Settings::update( array( 'signup_notices' => $rhythm, 'signup_notice_recipients' => $recipients ) + Settings::get() );
	}

	private static function sign_up( string $email, string $name = '' ): int {
		static $number = 0;
		++$number;
		$id = wp_insert_user( array( 'user_login' => "newcomer$number", 'user_pass' => 'x', 'user_email' => $email, 'display_name' => $name, 'role' => 'subscriber' ) );
		return is_int( $id ) ? $id : throw new \LogicException( $id->get_error_message() );
	}
}
