<?php
declare( strict_types = 1 );

namespace Rollcall\Admin;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Domains;
use Rollcall\Database\DomainVerdicts;
use Rollcall\Database\Migrator;
use Rollcall\Database\ReportCompanies;
use Rollcall\Database\Signups;
use Rollcall\Database\UserDomains;
use Rollcall\Settings;
use Rollcall\Users\EmailDomain;

/** What the plugin tells WordPress's privacy tools: a text for the policy, an exporter and an eraser. */
final class Privacy {
	/** Hook admin_init: suggests a text for the site's privacy policy. */
	public static function policy(): void {
		wp_add_privacy_policy_content( 'Rollcall', wp_kses_post( self::text() ) );
	}

	/** The text, as HTML. */
	public static function text(): string {
		$days = Settings::get()['run_retention_days'];
		return '<p class="privacy-policy-tutorial">' . esc_html__( 'Rollcall finds out at which companies your users work. Adapt this text to how you use it.', 'rollcall' ) . '</p><p>'
			. esc_html__( 'We compare the part after the @ of our users’ e-mail addresses (the domain) with a list of companies. Only domains are given to the program that compares them: no address, no name, no part before the @, no hash of one, and not how many users a domain has. For each account the site stores which domain it has and, of each domain, its type and the companies it belongs to; both are removed with the account.', 'rollcall' ) . '</p><p>'
			/* translators: %d: a number of days. */
			. esc_html( sprintf( _n( 'Figures of past comparisons hold domains and numbers, never accounts, and are removed after %d day.', 'Figures of past comparisons hold domains and numbers, never accounts, and are removed after %d days.', $days, 'rollcall' ), $days ) ) . '</p><p>'
			. esc_html__( 'Of an account that is made with an address of a listed company the site remembers for 90 days that it was, so that we are told of it once.', 'rollcall' ) . '</p><p>'
			. esc_html__( 'Addresses that we watch are asked by the companion, or by each of several, also from its own network; it sends nothing of our visitors or users. Sites of companies are asked once an hour, and it is looked up whether mail to them can be delivered. What the checks found is kept for 14 days, and figures made from it for longer. Of a computer that sends us a sign of life we store when it came and, for a day, a keyed hash of its address, which limits how often it may.', 'rollcall' ) . '</p>';
	}

	/**
	 * Filter wp_privacy_personal_data_exporters.
	 *
	 * @param array<string, array<string, mixed>> $exporters
	 * @return array<string, array<string, mixed>>
	 */
	public static function exporters( array $exporters ): array {
		$exporters['rollcall'] = array(
			'exporter_friendly_name' => 'Rollcall',
			'callback'               => array( self::class, 'export' ),
		);
		return $exporters;
	}

	/**
	 * Filter wp_privacy_personal_data_erasers.
	 *
	 * @param array<string, array<string, mixed>> $erasers
	 * @return array<string, array<string, mixed>>
	 */
	public static function erasers( array $erasers ): array {
		$erasers['rollcall'] = array(
			'eraser_friendly_name' => 'Rollcall',
			'callback'             => array( self::class, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * What is stored of the account with an address.
	 *
	 * @return array{data: list<array<string, mixed>>, done: bool}
	 */
	public static function export( string $address ): array {
		$user   = get_user_by( 'email', $address );
		$stored = false === $user || ! Migrator::is_current() ? null : UserDomains::of_user( $user->ID );
		if ( false === $user || null === $stored ) {
			return array(
				'data' => array(),
				'done' => true,
			);
		}
		$verdict = 0 === $stored['domain_id'] ? null : DomainVerdicts::read( $stored['domain_id'] )['verdict'] ?? null;
		$fields  = array(
			__( 'E-mail domain', 'rollcall' )          => (string) $stored['host'],
			__( 'Why there is no domain', 'rollcall' ) => (string) Contract::word_or_null( 'REASONS', $stored['reason'] ),
			__( 'Type of address', 'rollcall' )        => $verdict['label'] ?? '',
			__( 'Companies', 'rollcall' )              => implode( ', ', ReportCompanies::names_of( $verdict['companies'] ?? array() ) ),
			__( 'Noted as a sign-up from a company', 'rollcall' ) => (string) Clock::iso_or_null( Signups::matched_at_ms( $user->ID ) ),
		);
		$data    = array();
		foreach ( array_filter( $fields ) as $name => $value ) {
			$data[] = array(
				'name'  => $name,
				'value' => $value,
			);
		}
		return array(
			'data' => array(
				array(
					'group_id'          => 'rollcall',
					'group_label'       => __( 'Company of the e-mail address', 'rollcall' ),
					'group_description' => __( 'Rollcall compares the part after the @ with a list of companies.', 'rollcall' ),
					'item_id'           => 'rollcall-' . $user->ID,
					'data'              => $data,
				),
			),
			'done' => true,
		);
	}

	/**
	 * Removes a domain that no account has any more, from past figures too. That of an account is kept with it: it would
	 * be counted again from the address.
	 *
	 * @return array{items_removed: bool, items_retained: bool, messages: list<string>, done: bool}
	 */
	public static function erase( string $address ): array {
		$host     = EmailDomain::cut( $address )['host'];
		$retained = false !== get_user_by( 'email', $address );
		$removed  = ! $retained && null !== $host && Migrator::is_current() && Domains::forget_unused( $host );
		return array(
			'items_removed'  => $removed,
			'items_retained' => $retained,
			'messages'       => $retained ? array( __( 'Rollcall keeps the e-mail domain of an account as long as the account exists. It is removed with the account.', 'rollcall' ) ) : array(),
			'done'           => true,
		);
	}
}
