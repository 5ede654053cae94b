<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

/** What people read for a screen state. */
final class StateWords {
	/** @param string $screen_state Word of SCREEN_STATES. */
	public static function of( string $screen_state ): string {
		return match ( $screen_state ) {
			'up'          => __( 'Up', 'rollcall' ),
			'degraded'    => __( 'Slow or degraded', 'rollcall' ),
			'down'        => __( 'Down', 'rollcall' ),
			'paused'      => __( 'Paused', 'rollcall' ),
			'maintenance' => __( 'Maintenance', 'rollcall' ),
			'confirming'  => __( 'Confirming', 'rollcall' ),
			default       => __( 'No reading', 'rollcall' ),
		};
	}
}
