<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Database\Signups as Rows;
use Rollcall\Settings;

/**
 * What happens when somebody signs up from a listed company.
 *
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 */
final class Signups {
	/**
	 * Tells other plugins, and has a mail sent in the rhythm of the settings. Does nothing for a verdict without
	 * companies, and for a user who was told of before.
	 *
	 * @param Verdict $verdict On the host of the user's address.
	 */
	public static function matched( int $user_id, int $domain_id, string $host, array $verdict, int $now_ms ): void {
		$companies = 'company' === $verdict['label'] ? Rows::companies( $verdict['companies'] ) : array();
		$best      = $companies[0] ?? null;
		$rhythm    = Settings::get()['signup_notices'];
		if ( null === $best || ! Rows::add( $user_id, $domain_id, $best['list_uid'], $best['source_id'], $now_ms, 'off' === $rhythm ? $now_ms : null ) ) {
			return;
		}
		if ( 'off' !== $rhythm ) {
			SignupNotices::due( 'immediate' === $rhythm );
		}
		/**
		 * Fires once for each user who signs up with an address of a listed company, in the request that registers the
		 * user; on a network in the blog that the user was added to. Nothing is asked of the companion.
		 *
		 * @param int    $user_id   The new user.
		 * @param array  $companies Companies of the domain, best first: list_uid, source_id, name, batch, status (active,
		 *                          inactive, acquired, public or unknown) and kind (current, former, alias, manual or
		 *                          subdomain: how the domain belongs to it), all of them texts.
		 * @param string $domain    Host of the address, ASCII in lower case.
		 */
		do_action( 'rollcall_user_matched', $user_id, $companies, $host );
	}
}
