<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Companion\Origin;
use Rollcall\Database\Companions;
use Rollcall\Database\Kv;

/** Whether domains may be sent. An administrator agrees to one companion; another one that is paired has to be agreed to anew. */
final class Consent {
	private const AGREED = 'sending_agreed';

	/** When sending to the companion that is paired now was agreed to; null before. Without a companion nothing can leave. */
	public static function agreed_at_ms(): ?int {
		$agreed = Kv::get( self::AGREED );
		if ( ! is_array( $agreed ) || ( $agreed['companion_id'] ?? null ) !== self::companion_id() ) {
			return null;
		}
		$at_ms = $agreed['at_ms'] ?? null;
		return is_int( $at_ms ) ? $at_ms : null;
	}

	/** Stores who agreed to sending, when, and to which companion. Does nothing when the present one was agreed to. */
	public static function agree( int $user_id, int $now_ms ): void {
		if ( null !== self::agreed_at_ms() ) {
			return;
		}
		Kv::set(
			self::AGREED,
			array(
				'at_ms'          => $now_ms,
				'user_id'        => $user_id,
				'companion_id'   => self::companion_id(),
				'companion_name' => self::companion_name(),
			)
		);
	}

	/** What people read as the place where domains go; empty when no companion is paired. */
	public static function companion_name(): string {
		$companion = Companions::current();
		return null === $companion ? '' : Origin::shown( $companion['companion_url'] );
	}

	private static function companion_id(): ?string {
		return Companions::current()['companion_id'] ?? null;
	}
}
