<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Contract;
use Rollcall\Database\Audit;
use Rollcall\Database\Companions;
use Rollcall\Database\DomainClaims;
use Rollcall\Database\Jobs as StoredJobs;
use Rollcall\Database\Rules as Rows;
use Rollcall\Database\Transaction;
use Rollcall\Matching\Recomputing;
use Rollcall\Matching\RedirectProposals;
use Rollcall\Matching\RuleDomain;
use Rollcall\RollcallError;

/**
 * The owner's exclusions and aliases. They hold at once, without a run.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type JobRow from \Rollcall\Contract\Shapes
 * @phpstan-import-type Rule from \Rollcall\Contract\Shapes
 * @phpstan-import-type RulesAnswer from \Rollcall\Contract\Shapes
 * @phpstan-import-type RulesRequest from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredRule from Rows
 */
final class Rules {
	private const DOMAIN = '(?P<domain>[a-z0-9._-]{1,253})';

	/** @return list<Route> */
	public static function routes(): array {
		$manage = array(
			'auth'       => 'admin',
			'capability' => Capabilities::MANAGE,
		);
		$domain = array( 'domain' => Resource::identity( '^[a-z0-9._-]{1,253}$' ) );
		return array(
			array(
				'route'      => '/rules',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'args'       => Resource::collection(
					array( 'domain', 'created_at' ),
					'asc',
					array(
						'kind'  => Contract::words( 'RULE_KINDS' ),
						'state' => Contract::words( 'RULE_STATES' ),
					)
				),
				'callback'   => array( self::class, 'list' ),
				'schema'     => 'rule',
			),
			array(
				'route'    => '/rules',
				'methods'  => 'POST',
				'args'     => Contract::args( array( 'rules' => 'rules_request' ) ),
				'callback' => array( self::class, 'add' ),
				'schema'   => 'rules_answer',
			) + $manage,
			array(
				'route'    => '/rules/proposals',
				'methods'  => 'POST',
				'args'     => Contract::args( array( 'proposals' => 'rule_proposals' ) ),
				'callback' => array( self::class, 'propose' ),
				'schema'   => 'job_row',
			) + $manage,
			array(
				'route'    => '/rules/' . self::DOMAIN,
				'methods'  => 'DELETE',
				'args'     => $domain,
				'callback' => array( self::class, 'delete' ),
				'schema'   => 'rule',
			) + $manage,
			array(
				'route'    => '/rules/' . self::DOMAIN . '/confirm',
				'methods'  => 'POST',
				'args'     => $domain,
				'callback' => array( self::class, 'confirm' ),
				'schema'   => 'rule',
			) + $manage,
			array(
				'route'    => '/rules/' . self::DOMAIN . '/decline',
				'methods'  => 'POST',
				'args'     => $domain,
				'callback' => array( self::class, 'decline' ),
				'schema'   => 'rule',
			) + $manage,
		);
	}

	/** A page of rules. */
	public static function list( \WP_REST_Request $request ): \WP_REST_Response {
		/** @var array{search: string, kind: list<string>, state: list<string>, orderby: string, order: string, page: int, per_page: int} $given */
		$given = $request->get_params();
		$page  = Rows::page( $given['search'], $given['kind'], $given['state'], $given['orderby'], $given['order'], $given['per_page'], ( $given['page'] - 1 ) * $given['per_page'] );
		return Resource::page( $page['items'], $page['total'], $given['per_page'] );
	}

	/**
	 * Adds rules and applies them. Texts that are no domains are named; nothing of them is stored.
	 *
	 * @return RulesAnswer
	 */
	public static function add( \WP_REST_Request $request ): array {
		/** @var RulesRequest $given */
		$given    = $request->get_param( 'rules' );
		$is_alias = 'alias' === $given['kind'];
		$list_uid = $is_alias ? $given['list_uid'] : null;
		$company  = $is_alias ? $given['source_id'] : null;
		if ( $is_alias ) {
			self::refuse_unknown( (string) $list_uid, (string) $company );
		}
		$rule_domain = new RuleDomain();
		$stored      = array();
		$refused     = array();
		foreach ( $given['domains'] as $text ) {
			$domain = $rule_domain->of( $text );
			if ( null === $domain['domain'] ) {
				$refused[] = array(
					'text'   => $text,
					'reason' => (string) $domain['reason'],
				);
			} else {
				$stored[ $domain['domain'] ] = $domain['domain'];
			}
		}
		$domains = array_values( $stored );
		$now_ms  = Clock::now_ms();
		Transaction::run(
			static function () use ( $given, $domains, $list_uid, $company, $now_ms ): void {
				Rows::put( $given['kind'], $domains, $list_uid, $company, $given['note'], get_current_user_id(), $now_ms );
				Recomputing::domains( $domains, $now_ms );
			}
		);
		Audit::note( 'rules_added', $given['kind'] . ' ' . count( $domains ), $now_ms );
		return array(
			'stored'  => $domains,
			'refused' => $refused,
		);
	}

	/**
	 * Asks the companion where the sites of domains lead.
	 *
	 * @return JobRow
	 */
	public static function propose( \WP_REST_Request $request ): array {
		/** @var array{domains: list<string>} $given */
		$given = $request->get_param( 'proposals' );
		if ( null === Companions::current() ) {
			throw new RollcallError( 'not_paired', 'The companion asks the sites, and none is connected.' );
		}
		$job = StoredJobs::find( RedirectProposals::ask( $given['domains'], Clock::now_ms() ) );
		Client::wake();
		return StoredJobs::item( $job ?? throw new RollcallError( 'internal', 'The job was not stored.' ) );
	}

	/**
	 * Deletes a rule; what it matched waits for the next run unless something else in the tables matches it.
	 *
	 * @return Rule As it was.
	 */
	public static function delete( \WP_REST_Request $request ): array {
		$rule = self::stored( $request );
		$item = Rows::items( array( $rule ) )[0];
		self::apply( $rule['domain'], static fn() => Rows::delete( $rule['domain'] ) );
		Audit::note( 'rule_deleted', $rule['kind'] . ' ' . $rule['domain'], Clock::now_ms() );
		return $item;
	}

	/**
	 * Confirms what a redirect proposed, or takes a decline back.
	 *
	 * @return Rule
	 */
	public static function confirm( \WP_REST_Request $request ): array {
		$rule = self::stored( $request );
		if ( 'alias' === $rule['kind'] ) {
			self::refuse_unknown( (string) $rule['list_uid'], (string) $rule['source_id'] );
		}
		return self::decide( $rule['domain'], 'active' );
	}

	/**
	 * Declines a rule: it has no effect, and redirects do not propose it again.
	 *
	 * @return Rule
	 */
	public static function decline( \WP_REST_Request $request ): array {
		return self::decide( self::stored( $request )['domain'], 'declined' );
	}

	/** @return Rule */
	private static function decide( string $domain, string $state ): array {
		self::apply( $domain, static fn() => Rows::set_state( $domain, $state, get_current_user_id() ) );
		Audit::note( "rule_$state", $domain, Clock::now_ms() );
		return Rows::items( array( Rows::find( $domain ) ?? throw new RollcallError( 'not_found', 'There is no such rule.' ) ) )[0];
	}

	private static function apply( string $domain, callable $change ): void {
		Transaction::run(
			static function () use ( $domain, $change ): void {
				$change();
				Recomputing::domains( array( $domain ), Clock::now_ms() );
			}
		);
	}

	/** @return StoredRule */
	private static function stored( \WP_REST_Request $request ): array {
		return Rows::find( Resource::in_route( $request, 'domain' ) ) ?? throw new RollcallError( 'not_found', 'There is no such rule.' );
	}

	private static function refuse_unknown( string $list_uid, string $source_id ): void {
		$is_key = 1 === preg_match( '/^[a-z0-9_-]{1,64}\n[a-z0-9._:-]{1,64}\z/', "$list_uid\n$source_id" );
		if ( ! $is_key || array() === DomainClaims::in_use( array( array( $list_uid, $source_id ) ) ) ) {
			throw new RollcallError( 'rule_no_company', "No list in use has the company $source_id." );
		}
	}
}
