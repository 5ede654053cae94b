import { __ } from '@wordpress/i18n';
import { Frame } from '../../components/frame.tsx';

/** Every run, and any two of them beside each other. */
export default function Runs() {
	return (
		<Frame title={ __( 'Runs', 'rollcall' ) } subtitle={ __( 'What the matcher found over time.', 'rollcall' ) } wide>
			{ null }
		</Frame>
	);
}
