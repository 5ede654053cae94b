<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

use Rollcall\Database\Companions;
use Rollcall\Database\Kv;

/**
 * How the companion said it does, with the newest call that told.
 *
 * @phpstan-import-type Companion from Companions
 * @phpstan-import-type Loss from Losses
 * @phpstan-import-type Lost from Losses
 * @phpstan-import-type Vitals from \Rollcall\Contract\Shapes as VitalsShape
 */
final class Vitals {
	/** A value of Kv: companion_id, received_at_ms, vitals, losses. */
	private const KEY = 'companion_vitals';

	/** @param VitalsShape $vitals */
	public static function store( string $companion_id, array $vitals, int $now_ms ): void {
		$stored = Kv::get( self::KEY, $now_ms );
		/** @var array{vitals?: VitalsShape, losses?: list<Loss>} $before As it was stored. */
		$before = is_array( $stored ) && ( $stored['companion_id'] ?? '' ) === $companion_id ? $stored : array();
		$losses = Losses::with( $before['losses'] ?? array(), $before['vitals'] ?? $vitals, $vitals, $now_ms );
		Kv::set( self::KEY, array( 'companion_id' => $companion_id, 'received_at_ms' => $now_ms, 'vitals' => $vitals, 'losses' => $losses ), null, $now_ms );
	}

	/**
	 * What this companion said last; null when it has said nothing yet.
	 *
	 * @param Companion|null $companion
	 * @return array{received_at_ms: int, vitals: VitalsShape, lost: Lost}|null
	 */
	public static function of( ?array $companion, int $now_ms ): ?array {
		$stored = null === $companion ? null : Kv::get( self::KEY, $now_ms );
		if ( ! is_array( $stored ) || ( $stored['companion_id'] ?? '' ) !== $companion['companion_id'] ) {
			return null;
		}
		/** @var array{received_at_ms: int, vitals: VitalsShape, losses?: list<Loss>} $stored */
		return array(
			'received_at_ms' => $stored['received_at_ms'],
			'vitals'         => $stored['vitals'],
			'lost'           => Losses::of_last_day( $stored['losses'] ?? array(), $now_ms ),
		);
	}
}
