<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\DomainVerdicts;
use Rollcall\Database\Rules;
use Rollcall\Database\Sql;
use Rollcall\Matching\Consent;
use Rollcall\Matching\SuffixWalk;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class RulesTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		Planted::company( '1', array( 'name' => 'Acme' ), array( 'acme.example' ) );
		self::log_in( self::ada() );
	}

	public function test_an_exclusion_holds_at_once_for_the_domain_and_below_and_deleting_it_lets_the_hosts_wait(): void {
		$ids = array(
			'mail.acme.example' => Planted::label( 'mail.acme.example', array( 'registrable' => 'acme.example' ) ),
			'acme.example'      => Planted::label( 'acme.example', array(), array( '1' ) ),
			'other.example'     => Planted::label( 'other.example' ),
			'notacme.example'   => Planted::label( 'notacme.example' ),
		);
		$answer = self::add( 'exclusion', array( 'acme.example', 'other.example' ) );
		self::assertTrue( Contract::check( 'rules_answer', $answer ) );
		self::assertSame( array( 'stored' => array( 'acme.example', 'other.example' ), 'refused' => array() ), $answer );
		self::assertSame( array( 'excluded', 'excluded', 'excluded', 'unmatched' ), array_map( array( self::class, 'label' ), array_values( $ids ) ) );
		self::assertSame( 'acme.example', self::verdict( $ids['mail.acme.example'] )['registrable'], 'What the companion found stays.' );
		self::assertSame( array(), Sql::rows( 'SELECT * FROM {domain_companies} WHERE domain_id IN (%d, %d)', $ids['acme.example'], $ids['mail.acme.example'] ) );

		$deleted = self::rest( 'DELETE', '/rollcall/v1/rules/acme.example' );
		self::assertSame( 'acme.example', $deleted->get_data()['domain'] );
		self::assertSame( array( 'company', 'company', 'excluded' ), array( self::label( $ids['acme.example'] ), self::label( $ids['mail.acme.example'] ), self::label( $ids['other.example'] ) ), 'The tables match the company again.' );
		self::rest( 'DELETE', '/rollcall/v1/rules/other.example' );
		self::assertNull( self::label( $ids['other.example'] ), 'Only the companion knows what it is.' );
		self::assertContains( 'other.example', Sql::column( 'SELECT host FROM {domains} WHERE data_version <> %d', DataVersion::current() ) );
		self::assertSame( 404, self::rest( 'DELETE', '/rollcall/v1/rules/other.example' )->get_status() );
	}

	public function test_an_alias_means_its_company_alone_and_needs_one_that_is_on_a_list(): void {
		$id = Planted::label( 'old.example' );
		self::assertSame( array( 'old.example' ), self::add( 'alias', array( 'https://www.old.example/x' ), 'yc', '1' )['stored'] );
		self::assertSame( array( 'company', 'alias', 'alias', array( '1' ) ), array( self::label( $id ), self::verdict( $id )['rule'], self::verdict( $id )['companies'][0]['kind'], array_column( self::verdict( $id )['companies'], 'source_id' ) ) );
		self::assertSame( 'subdomain', SuffixWalk::verdicts( array( 'eu.old.example' ) )['eu.old.example']['companies'][0]['kind'] );

		Planted::company( '2', array( 'name' => 'Beta' ), array( 'old.example' ) );
		self::assertSame( array( '1' ), array_column( SuffixWalk::verdicts( array( 'old.example' ) )['old.example']['companies'], 'source_id' ), 'The owner knows better than the list.' );
		Sql::run( 'UPDATE {lists} SET enabled = 0' );
		self::assertSame( array(), SuffixWalk::verdicts( array( 'old.example' ) ), 'A list that is switched off has no aliases either.' );
		foreach ( array( array( 'yc', '9' ), array( 'none', '1' ), array( null, null ), array( "y\u{e7}", '1' ) ) as [ $list_uid, $source_id ] ) {
			self::assertSame( 'rule_no_company', self::post( 'alias', array( 'x.example' ), $list_uid, $source_id )->get_data()['code'] );
		}
	}

	public function test_the_nearest_rule_decides_and_an_exclusion_comes_before_nearer_claims(): void {
		Planted::company( '2', array(), array( 'team.acme.example' ) );
		self::add( 'exclusion', array( 'acme.example' ) );
		self::add( 'alias', array( 'lab.acme.example' ), 'yc', '2' );
		$labels = static fn ( string $host ): ?string => SuffixWalk::verdicts( array( $host ) )[ $host ]['label'] ?? null;
		self::assertSame( array( 'excluded', 'excluded', 'company', 'company' ), array_map( $labels, array( 'x.acme.example', 'team.acme.example', 'lab.acme.example', 'a.lab.acme.example' ) ) );
	}

	/** @return iterable<string, array{string, string, string|null, string|null}> Text, reason or domain. */
	public static function texts(): iterable {
		yield 'domain'            => array( 'Acme.Example', 'acme.example', null );
		yield 'trailing dot'      => array( 'acme.example.', 'acme.example', null );
		yield 'URL'               => array( 'https://acme.example:8443/a?b#c', 'acme.example', null );
		yield 'path'              => array( 'acme.example/team', 'acme.example', null );
		yield 'address'           => array( 'canary.person@acme.example', 'acme.example', null );
		yield 'at and domain'     => array( '@acme.example', 'acme.example', null );
		yield 'star'              => array( '*.acme.example', 'acme.example', null );
		yield 'www'               => array( 'www.acme.example', 'acme.example', null );
		yield 'IDN'               => array( 'Bücher.example', 'xn--bcher-kva.example', null );
		yield 'IDN in capitals'   => array( 'BÜCHER.example', null, 'bad_punycode' );
		yield 'known registrable' => array( 'com.xy', 'com.xy', null );
		yield 'empty'             => array( '', null, 'empty' );
		yield 'one label'         => array( 'localhost', null, 'no_dot' );
		yield 'address of numbers' => array( '10.0.0.1', null, 'bad_char' );
		yield 'blank inside'      => array( 'ac me.example', null, 'whitespace' );
		yield 'two at signs'      => array( 'a@b@acme.example', null, 'multiple_at' );
		yield 'mail provider'     => array( 'gmail.com', null, 'core_mail' );
		yield 'below one'         => array( 'mail.gmail.com', null, 'core_mail' );
		yield 'known suffix'      => array( 'shared.example', null, 'public_suffix' );
		yield 'above a suffix'    => array( 'deep.sx', null, 'public_suffix' );
		yield 'usual suffix'      => array( 'co.zz', null, 'public_suffix' );
		yield 'own host'          => array( 'mysite.example', null, 'own_site' );
		yield 'below own host'    => array( 'mail.mysite.example', null, 'own_site' );
	}

	#[DataProvider( 'texts' )]
	public function test_takes_the_host_of_a_text_and_refuses_what_would_do_nothing_or_too_much( string $text, ?string $domain, ?string $reason ): void {
		add_filter( 'home_url', static fn (): string => 'https://www.mysite.example/' );
		add_filter( 'site_url', static fn (): string => 'https://www.mysite.example/' );
		Planted::label( 'x.shared.example' );
		Planted::label( 'one.very.deep.sx' );
		Planted::label( 'com.xy' );
		$answer = self::add( 'exclusion', array( $text ) );
		self::assertSame( null === $domain ? array() : array( $domain ), $answer['stored'] );
		self::assertSame( null === $domain ? array( array( 'text' => $text, 'reason' => $reason ) ) : array(), $answer['refused'] );
		self::assertSame( null === $domain ? array() : array( $domain ), Sql::column( 'SELECT domain FROM {domain_rules}' ) );
		self::assertStringNotContainsString( 'canary', (string) wp_json_encode( array( Sql::rows( 'SELECT * FROM {domain_rules}' ), Sql::rows( 'SELECT * FROM {audit}' ) ) ) );
	}

	public function test_a_rule_above_the_registrable_domain_holds_for_nobody(): void {
		Rules::put( 'exclusion', array( 'suffix.example' ), null, null, '', 1, Planted::NOW_MS );
		$id = Planted::label( 'a.one.suffix.example', array( 'registrable' => 'one.suffix.example' ) );
		self::assertSame( 'unmatched', self::label( $id ) );
		self::assertSame( array(), SuffixWalk::verdicts( array( 'b.two.suffix.example' ) ), 'A new host waits for the companion.' );
		self::assertSame( 'excluded', SuffixWalk::verdicts( array( 'suffix.example' ) )['suffix.example']['label'], 'The domain itself is meant without doubt.' );
		$id = Planted::label( 'mail.suffix.example', array( 'registrable' => 'suffix.example' ) );
		self::assertSame( 'excluded', self::label( $id ) );
	}

	/** @return iterable<string, array{string, string}> Label of the companion, label with an exclusion and an alias. */
	public static function labels(): iterable {
		yield 'special_use'          => array( 'special_use', 'special_use', 'special_use' );
		yield 'own_site'             => array( 'own_site', 'own_site', 'own_site' );
		yield 'core_mail'            => array( 'core_mail', 'excluded', 'core_mail' );
		yield 'company'              => array( 'company', 'excluded', 'company' );
		yield 'platform'             => array( 'platform', 'excluded', 'company' );
		yield 'free_mail'            => array( 'free_mail', 'excluded', 'company' );
		yield 'disposable'           => array( 'disposable', 'excluded', 'company' );
		yield 'relay'                => array( 'relay', 'excluded', 'company' );
		yield 'education_government' => array( 'education_government', 'excluded', 'company' );
		yield 'unmatched'            => array( 'unmatched', 'excluded', 'company' );
	}

	#[DataProvider( 'labels' )]
	public function test_rules_decide_over_verdicts_that_come_in( string $label, string $with_exclusion, string $with_alias ): void {
		self::add( 'exclusion', array( 'one.example' ) );
		self::add( 'alias', array( 'two.example' ), 'yc', '1' );
		self::assertSame( $with_exclusion, self::label( Planted::label( 'one.example', array( 'label' => $label ) ) ) );
		self::assertSame( $with_alias, self::label( Planted::label( 'two.example', array( 'label' => $label ) ) ) );
	}

	public function test_a_sign_up_is_matched_by_rules_without_a_call(): void {
		self::add( 'alias', array( 'two.example' ), 'yc', '1' );
		self::add( 'exclusion', array( 'one.example' ) );
		wp_insert_user( array( 'user_login' => 'new1', 'user_email' => 'a@two.example', 'user_pass' => 'x' ) );
		wp_insert_user( array( 'user_login' => 'new2', 'user_email' => 'b@one.example', 'user_pass' => 'x' ) );
		self::assertSame( array( 'company', 'excluded' ), array( self::label( (int) Domains::id_of( 'two.example' ) ), self::label( (int) Domains::id_of( 'one.example' ) ) ) );
	}

	public function test_rules_are_listed_with_their_company_and_users(): void {
		$user = wp_insert_user( array( 'user_login' => 'new1', 'user_email' => 'a@eu.two.example', 'user_pass' => 'x' ) );
		self::assertIsInt( $user );
		Planted::label( 'eu.two.example', array( 'registrable' => 'two.example' ) );
		self::add( 'alias', array( 'two.example' ), 'yc', '1', 'bought in 2024' );
		self::add( 'exclusion', array( 'one.example', '100.example' ) );
		$response = self::rest( 'GET', '/rollcall/v1/rules', array(), array( 'orderby' => 'domain', 'per_page' => 2, 'page' => 2 ) );
		self::assertSame( '3', $response->get_headers()['X-WP-Total'] );
		$rule = $response->get_data()[0];
		self::assertTrue( Contract::check( 'rule', $rule ) );
		self::assertSame( array( 'two.example', 'alias', 'active', 'Acme', 'bought in 2024', 1 ), array( $rule['domain'], $rule['kind'], $rule['state'], $rule['company_name'], $rule['evidence'], $rule['user_count'] ) );
		$find = static fn ( array $query ): array => array_column( self::rest( 'GET', '/rollcall/v1/rules', array(), $query )->get_data(), 'domain' );
		self::assertSame( array( 'two.example' ), $find( array( 'kind' => array( 'alias' ) ) ) );
		self::assertSame( array(), $find( array( 'state' => array( 'proposed', 'declined' ) ) ) );
		self::assertSame( array( '100.example' ), $find( array( 'search' => '100' ) ) );
		self::assertSame( array(), $find( array( 'search' => '%' ) ) );
	}

	public function test_more_exclusions_than_any_cap_hold_and_the_same_again_replace(): void {
		$domains = array_map( static fn ( int $number ): string => "d$number.example", range( 1, 1000 ) );
		self::add( 'exclusion', $domains );
		self::add( 'exclusion', array_map( static fn ( string $domain ): string => "x$domain", $domains ) );
		self::add( 'exclusion', $domains, null, null, 'again' );
		self::assertSame( array( '2000', '1000' ), array( Sql::value( 'SELECT COUNT(*) FROM {domain_rules}' ), Sql::value( 'SELECT COUNT(*) FROM {domain_rules} WHERE evidence = %s', 'again' ) ) );
		self::assertSame( 'excluded', SuffixWalk::verdicts( array( 'xd1000.example' ) )['xd1000.example']['label'] );
	}

	public function test_redirects_propose_aliases_that_a_person_confirms_or_declines(): void {
		$this->make_users( array( 'a@old.example', 'b@old.example', 'c@gone.example', 'd@small.example' ) );
		$companion = PairedCompanion::pair();
		foreach ( array( 'old.example', 'gone.example', 'small.example' ) as $host ) {
			Planted::label( $host );
		}
		self::assertSame( 'consent_missing', self::propose()->get_data()['code'] );
		Consent::agree( self::ada(), Clock::now_ms() );
		self::assertSame( 'bad_request', self::propose()->get_data()['code'], 'No host has users yet.' );
		foreach ( Sql::column( 'SELECT ID FROM %i', \Rollcall\Database\Table::db()->users ) as $user_id ) {
			\Rollcall\Users\UserDomains::changed( (int) $user_id );
		}
		$job = self::propose( array( 'old.example', 'x@gone.example', 'acme.example' ) )->get_data();
		self::assertTrue( Contract::check( 'job_row', $job ) );
		self::assertSame( $job['job_uid'], self::propose()->get_data()['job_uid'], 'One at a time.' );
		$sent = $companion->exchange()['work']['jobs'][0];
		self::assertSame( array( 'redirects', array( 'old.example', 'gone.example', 'acme.example' ) ), array( $sent['kind'], $sent['hosts'] ) );

		$redirect = static fn ( string $host, ?string $final ): array => array( 'host' => $host, 'final_host' => $final, 'error_code' => null );
		$redirects = array(
			$redirect( 'old.example', 'acme.example' ),
			$redirect( 'gone.example', 'new.gone.example' ),
			$redirect( 'acme.example', 'acme-new.example' ),
			$redirect( 'never-asked.example', 'acme.example' ),
		);
		$batch     = PairedCompanion::batch( array( 'jobs' => array( self::progress( $job['job_uid'], $redirects ) ) ) );
		$accepted  = $companion->exchange( array( 'batch' => $batch ) )['accepted'];
		self::assertSame( array(), $accepted['refused'] );
		$rules = array_column( self::rest( 'GET', '/rollcall/v1/rules', array(), array( 'state' => array( 'proposed' ) ) )->get_data(), null, 'domain' );
		self::assertSame( array( 'acme-new.example', 'old.example' ), array_keys( $rules ) );
		self::assertSame( 'https://old.example redirects to acme.example', $rules['old.example']['evidence'] );
		self::assertSame( 'unmatched', self::label( (int) Domains::id_of( 'old.example' ) ), 'A proposal changes nothing.' );
		self::assertNull( Sql::value( 'SELECT input FROM {jobs} WHERE job_uid = %s', $job['job_uid'] ), 'The hosts are not kept.' );

		self::assertSame( 'active', self::rest( 'POST', '/rollcall/v1/rules/old.example/confirm' )->get_data()['state'] );
		self::assertSame( 'company', self::label( (int) Domains::id_of( 'old.example' ) ) );
		self::assertSame( 'declined', self::rest( 'POST', '/rollcall/v1/rules/old.example/decline' )->get_data()['state'] );
		self::assertNull( self::label( (int) Domains::id_of( 'old.example' ) ) );
		\Rollcall\Matching\RedirectProposals::take( array( $redirect( 'old.example', 'acme.example' ) ), Clock::now_ms() );
		self::assertSame( 'declined', Rules::find( 'old.example' )['state'] ?? null, 'It is not proposed again.' );
	}

	public function test_no_alias_is_proposed_on_a_host_of_many(): void {
		Planted::label( 'freemail.example', array( 'label' => 'free_mail' ) );
		foreach ( array( 'www.linkedin.com', 'gmail.com', 'freemail.example', 'mail.acme.example', 'acme.example', 'http', '' ) as $final ) {
			\Rollcall\Matching\RedirectProposals::take( array( array( 'host' => 'acme.example', 'final_host' => $final, 'error_code' => null ) ), Clock::now_ms() );
		}
		self::assertSame( array(), Sql::rows( 'SELECT * FROM {domain_rules}' ) );
	}

	public function test_the_domains_with_most_users_are_asked_and_none_below_the_threshold(): void {
		update_option( \Rollcall\Settings::OPTION, array( 'threshold' => 2 ) );
		Consent::agree( self::ada(), Clock::now_ms() );
		PairedCompanion::pair();
		Consent::agree( self::ada(), Clock::now_ms() );
		$emails = array();
		foreach ( array( 'three.example' => 3, 'two.example' => 2, 'one.example' => 1, 'acme.example' => 4 ) as $host => $users ) {
			for ( $user = 0; $user < $users; $user++ ) {
				$emails[] = "u$user@$host";
			}
			Planted::label( $host, array(), 'acme.example' === $host ? array( '1' ) : array() );
		}
		foreach ( $this->make_users( $emails ) as $user_id ) {
			\Rollcall\Users\UserDomains::changed( $user_id );
		}
		$asked = static fn ( array $texts ): ?string => Sql::value( 'SELECT input FROM {jobs} WHERE job_uid = %s', (string) ( self::propose( $texts )->get_data()['job_uid'] ?? '' ) );
		self::assertNull( $asked( array( 'one.example' ) ) );
		self::assertSame( '{"hosts":["three.example","two.example"]}', $asked( array() ) );
	}

	/** @param list<string> $domains */
	private static function post( string $kind, array $domains, ?string $list_uid = null, ?string $source_id = null, string $note = '' ): \WP_REST_Response {
		return self::rest( 'POST', '/rollcall/v1/rules', array( 'rules' => compact( 'kind', 'domains', 'list_uid', 'source_id', 'note' ) ) );
	}

	/**
	 * @param list<string> $domains
	 * @return array<string, mixed>
	 */
	private static function add( string $kind, array $domains, ?string $list_uid = null, ?string $source_id = null, string $note = '' ): array {
		$response = self::post( $kind, $domains, $list_uid, $source_id, $note );
		self::assertSame( 200, $response->get_status(), (string) wp_json_encode( $response->get_data() ) );
		return $response->get_data();
	}

	/** @param list<string> $domains */
	private static function propose( array $domains = array() ): \WP_REST_Response {
		return self::rest( 'POST', '/rollcall/v1/rules/proposals', array( 'proposals' => array( 'domains' => $domains ) ) );
	}

	/**
	 * @param list<array<string, string|null>> $redirects
	 * @return array<string, mixed>
	 */
	private static function progress( string $job_uid, array $redirects ): array {
		return array( 'job_uid' => $job_uid, 'state' => 'done', 'done' => 3, 'total' => 3, 'error_code' => null, 'error_message' => null, 'verdict' => null, 'redirects' => $redirects );
	}

	private static function label( int $domain_id ): ?string {
		return self::verdict( $domain_id )['label'] ?? null;
	}

	/** @return array<string, mixed>|null */
	private static function verdict( int $domain_id ): ?array {
		return DomainVerdicts::read( $domain_id )['verdict'] ?? null;
	}
}
