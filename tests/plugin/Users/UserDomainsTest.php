<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Users;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Contract;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Database\Transaction;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

final class UserDomainsTest extends TestCase {
	public function test_a_chunk_stores_the_host_or_the_reason_of_each_user(): void {
		$ids = $this->make_users( array( 'a@Example.com', 'b@mail.example.com', 'c@example.com', 'no-at-at-all', '@x.com', 'x@b' . "\u{FC}" . 'cher.de' ) );
		$this->count_all();

		self::assertSame(
			array( 'example.com', 'mail.example.com', 'example.com', 'no_at', 'empty_local', 'b%C3%BCcher.de' ),
			array_map( array( self::class, 'host_or_reason' ), $ids )
		);
	}

	#[DataProvider( 'chunk_sizes' )]
	public function test_chunks_of_any_size_read_each_user_once( int $limit ): void {
		$this->make_users( array_map( static fn ( int $number ): string => "u$number@host" . $number % 7 . '.example', range( 1, 41 ) ) );
		$all   = (int) Table::db()->get_var( 'SELECT COUNT(*) FROM ' . Table::db()->users );
		$read  = 0;
		$after = 0;
		do {
			$chunk = UserDomains::count_chunk( $after, $limit, Planted::NOW_MS );
			$read += $chunk['users_read'];
			$after = $chunk['last_id'];
		} while ( ! $chunk['done'] );

		self::assertSame( $all, $read );
		self::assertSame( $all, (int) Sql::value( 'SELECT COUNT(*) FROM {user_domains}' ) );
	}

	/** @return array<string, array{int}> */
	public static function chunk_sizes(): array {
		return array( 'one' => array( 1 ), 'seven' => array( 7 ), 'more than all' => array( 100 ) );
	}

	public function test_a_second_count_changes_nothing(): void {
		$this->make_users( array( 'a@example.com', 'b@example.org', 'broken' ) );
		$this->count_all();
		$before = Sql::rows( 'SELECT * FROM {user_domains} ORDER BY user_id' );
		$this->count_all();
		self::assertSame( $before, Sql::rows( 'SELECT * FROM {user_domains} ORDER BY user_id' ) );
	}

	public function test_users_who_were_deleted_behind_the_plugin_are_forgotten_wherever_they_stood(): void {
		$ids = $this->make_users( array( 'a@example.com', 'b@example.org', 'c@example.net', 'd@example.com' ) );
		$this->count_all();
		foreach ( array( $ids[1], $ids[3] ) as $gone ) {
			Table::db()->delete( Table::db()->users, array( 'ID' => $gone ) );
		}
		$this->count_all( 2 );
		$left = array_map( 'intval', Sql::column( 'SELECT user_id FROM {user_domains} WHERE user_id >= %d ORDER BY user_id', $ids[0] ) );
		self::assertSame( array( $ids[0], $ids[2] ), $left );
	}

	public function test_an_address_that_changed_behind_the_plugin_is_corrected(): void {
		$id = $this->make_user( 'a@example.com' );
		$this->count_all();
		Table::db()->update( Table::db()->users, array( 'user_email' => 'gone' ), array( 'ID' => $id ) );
		$this->count_all();
		self::assertSame( 'no_at', self::host_or_reason( $id ) );
	}

	public function test_a_sign_up_is_counted_and_matched_at_once(): void {
		Planted::list();
		Planted::company( '5', array(), array( 'stripe.example' ) );
		$id = self::sign_up( 'ann@mail.stripe.example' );

		self::assertSame( 'mail.stripe.example', self::host_or_reason( $id ) );
		$row = Sql::row( 'SELECT d.label, d.registrable, dc.source_id, dc.kind FROM {domains} d INNER JOIN {domain_companies} dc ON dc.domain_id = d.domain_id WHERE d.host = %s', 'mail.stripe.example' );
		self::assertSame(
			array( (string) Contract::number( 'LABELS', 'company' ), 'stripe.example', '5', (string) Contract::number( 'MATCH_KINDS', 'subdomain' ) ),
			array_values( (array) $row )
		);
	}

	public function test_a_sign_up_that_no_list_knows_waits_for_the_next_run(): void {
		Planted::list();
		$id = self::sign_up( 'ann@unknown.example' );
		self::assertSame( 'unknown.example', self::host_or_reason( $id ) );
		self::assertNull( Sql::value( 'SELECT label FROM {domains} WHERE host = %s', 'unknown.example' ) );
	}

	public function test_a_sign_up_never_changes_a_verdict_that_the_companion_gave(): void {
		Planted::list();
		Planted::company( '5', array(), array( 'stripe.example' ) );
		Planted::label( 'stripe.example', array( 'label' => 'excluded' ) );
		self::sign_up( 'ann@stripe.example' );
		self::assertSame( (string) Contract::number( 'LABELS', 'excluded' ), Sql::value( 'SELECT label FROM {domains} WHERE host = %s', 'stripe.example' ) );
	}

	public function test_a_changed_address_and_a_deleted_user_are_followed(): void {
		$id = self::sign_up( 'ann@one.example' );
		wp_update_user( array( 'ID' => $id, 'user_email' => 'ann@two.example' ) );
		self::assertSame( 'two.example', self::host_or_reason( $id ) );
		wp_delete_user( $id );
		self::assertNull( Sql::row( 'SELECT * FROM {user_domains} WHERE user_id = %d', $id ) );
	}

	public function test_a_registration_succeeds_although_the_tables_are_broken(): void {
		$log = tempnam( sys_get_temp_dir(), 'rc' );
		$old = ini_set( 'error_log', (string) $log );
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rollcall_user_domains' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		$id = self::sign_up( 'ann@broken.example' );
		ini_set( 'error_log', (string) $old );

		self::assertGreaterThan( 0, $id );
		self::assertStringContainsString( 'Rollcall: ', (string) file_get_contents( (string) $log ) );
		unlink( (string) $log );
	}

	#[Group( 'multisite' )]
	public function test_each_blog_counts_its_own_users_only(): void {
		$here  = $this->make_user( 'here@one.example' );
		$there = self::other_blog();
		$guest = self::sign_up( 'guest@two.example' );
		add_user_to_blog( $there, $guest, 'subscriber' );
		remove_user_from_blog( $guest, get_current_blog_id() );
		$this->count_all();

		self::assertSame( 'one.example', self::host_or_reason( $here ) );
		self::assertNull( Sql::row( 'SELECT * FROM {user_domains} WHERE user_id = %d', $guest ) );
		switch_to_blog( $there );
		self::assertSame( 'two.example', self::host_or_reason( $guest ) );
		$this->count_all();
		self::assertNull( Sql::row( 'SELECT * FROM {user_domains} WHERE user_id = %d', $here ) );
		self::assertSame( 'two.example', self::host_or_reason( $guest ) );
		restore_current_blog();
	}

	#[Group( 'multisite' )]
	public function test_a_changed_address_is_written_in_every_blog_of_the_user(): void {
		$there = self::other_blog();
		$id    = self::sign_up( 'ann@one.example' );
		add_user_to_blog( $there, $id, 'subscriber' );
		wp_update_user( array( 'ID' => $id, 'user_email' => 'ann@two.example' ) );

		self::assertSame( 'two.example', self::host_or_reason( $id ) );
		switch_to_blog( $there );
		self::assertSame( 'two.example', self::host_or_reason( $id ) );
		restore_current_blog();

		wpmu_delete_user( $id );
		self::assertNull( Sql::row( 'SELECT * FROM {user_domains} WHERE user_id = %d', $id ) );
		switch_to_blog( $there );
		self::assertNull( Sql::row( 'SELECT * FROM {user_domains} WHERE user_id = %d', $id ) );
		restore_current_blog();
	}

	#[Group( 'multisite' )]
	public function test_a_new_user_of_the_network_who_belongs_to_no_blog_is_counted_in_none(): void {
		$id = (int) wpmu_create_user( 'network' . wp_rand(), 'secret-word-1', 'new@network.example' );
		self::assertNull( Sql::row( 'SELECT * FROM {user_domains} WHERE user_id = %d', $id ) );
	}

	#[Group( 'multisite' )]
	public function test_a_plugin_that_adds_a_user_without_a_role_is_not_stopped(): void {
		$there = self::other_blog();
		$id    = self::sign_up( 'ann@one.example' );
		add_user_to_blog( $there, $id, null );
		switch_to_blog( $there );
		self::assertSame( 'one.example', self::host_or_reason( $id ) );
		restore_current_blog();
	}

	private static function other_blog(): int {
		$blogs = array_values( array_diff( array_map( 'intval', get_sites( array( 'fields' => 'ids' ) ) ), array( get_current_blog_id() ) ) );
		$blog  = $blogs[0] ?? wp_insert_site( array( 'domain' => 'rollcall.test', 'path' => '/there/', 'user_id' => 1 ) );
		self::assertIsInt( $blog );
		switch_to_blog( $blog );
		self::assertTrue( \Rollcall\Database\Migrator::ensure() );
		restore_current_blog();
		return $blog;
	}

	private static function sign_up( string $email ): int {
		add_filter( 'send_password_change_email', '__return_false' );
		add_filter( 'send_email_change_email', '__return_false' );
		$id = wp_insert_user( array( 'user_login' => 'new' . wp_rand(), 'user_pass' => 'secret-word-1', 'user_email' => $email ) );
		self::assertIsInt( $id );
		return $id;
	}

	private function count_all( int $limit = 1000 ): void {
		$after = 0;
		do {
			$chunk = Transaction::run( static fn (): array => UserDomains::count_chunk( $after, $limit, Planted::NOW_MS ) );
			$after = $chunk['last_id'];
		} while ( ! $chunk['done'] );
	}

	private static function host_or_reason( int $user_id ): string {
		$row = Sql::row( 'SELECT d.host, u.reason FROM {user_domains} u LEFT JOIN {domains} d ON d.domain_id = u.domain_id WHERE u.user_id = %d', $user_id );
		return $row['host'] ?? (string) Contract::word_or_null( 'REASONS', $row['reason'] ?? null );
	}
}
