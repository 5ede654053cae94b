import { __, sprintf } from '@wordpress/i18n';
import type { Connection } from '../../../companion/src/contract/site.ts';
import { formatNumber } from '../format.ts';
import type { Tone } from './frame.tsx';

/** Colour of a state of the connection. */
export function connectionTone( state: Connection[ 'state' ] ): Tone {
	switch ( state ) {
		case 'connected':
			return 'good';
		case 'not_paired':
		case 'waiting_for_pairing':
			return 'neutral';
		case 'silent':
		case 'companion_older':
		case 'plugin_older':
			return 'warning';
		default:
			return 'bad';
	}
}

/** What a state means and what to do about it; undefined when there is nothing to do. */
export function connectionAdvice( connection: Connection ): { title: string; text: string } | undefined {
	switch ( connection.state ) {
		case 'silent':
			return {
				title: __( 'The companion has not called for a while.', 'rollcall' ),
				text: __(
					'Start it again with the command below on the computer where it runs, or look at its output for the reason. Nothing is lost: matching waits, and all reports stay as they are.',
					'rollcall'
				),
			};
		case 'companion_older':
			return {
				title: __( 'The companion is older than the plugin.', 'rollcall' ),
				text: __( 'It still works. Download the companion again and restart it to get the newest functions.', 'rollcall' ),
			};
		case 'plugin_older':
			return {
				title: __( 'The plugin is older than the companion.', 'rollcall' ),
				text: __( 'It still works. Update Rollcall on the Plugins screen.', 'rollcall' ),
			};
		case 'clock_skew':
			return {
				title: __( 'The clocks of the server and of the companion differ too much.', 'rollcall' ),
				text:
					connection.clock_offset_seconds === null
						? __(
								'Set the clock of the computer where the companion runs, or of this server. More than 24 hours cannot be bridged.',
								'rollcall'
							)
						: sprintf(
								/* translators: %s: number of seconds. */
								__(
									'They are %s seconds apart. Set the clock of the computer where the companion runs, or of this server. More than 24 hours cannot be bridged.',
									'rollcall'
								),
								formatNumber( Math.abs( connection.clock_offset_seconds ) )
							),
			};
		case 'key_unreadable':
			return {
				title: __( 'The stored key cannot be read.', 'rollcall' ),
				text: __(
					'The salts in wp-config.php were changed. Connect the companion again with a new code. All data is kept.',
					'rollcall'
				),
			};
		case 'site_changed':
			return {
				title: __( 'This site is a copy, or it was moved.', 'rollcall' ),
				text: __(
					'Its address, folder or database is not the one that the companion was connected to. Nothing is sent until you say which it is.',
					'rollcall'
				),
			};
		default:
			return undefined;
	}
}
