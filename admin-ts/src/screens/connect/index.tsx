import { __ } from '@wordpress/i18n';
import { speak } from '@wordpress/a11y';
import { useEffect, useRef } from 'react';
import type { Connection } from '../../../../companion/src/contract/site.ts';
import { Answer } from '../../components/faces.tsx';
import { Frame } from '../../components/frame.tsx';
import { useConnection } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { connectionStateText } from '../../words.ts';
import { Advice } from './advice.tsx';
import { Connected } from './connected.tsx';
import { Pairing } from './pairing.tsx';

/** States in which a companion has to be paired before anything else helps. */
const UNPAIRED: readonly Connection[ 'state' ][] = [ 'not_paired', 'waiting_for_pairing', 'key_unreadable' ];

/** Says a change of state aloud, such as the moment at which the companion connects. */
function useSpokenState( state: Connection[ 'state' ] ): void {
	const before = useRef( state );
	useEffect( () => {
		if ( before.current !== state ) {
			before.current = state;
			speak( connectionStateText( state ), 'assertive' );
		}
	}, [ state ] );
}

function Body( { connection }: { connection: Connection } ) {
	const is_unpaired = UNPAIRED.includes( connection.state );
	useSpokenState( connection.state );
	return (
		<div className="rollcall-stack">
			<Advice connection={ connection } />
			{ is_unpaired ? (
				<Pairing connection={ connection } can_pair={ pageSettings().can.settings } />
			) : (
				<Connected connection={ connection } />
			) }
		</div>
	);
}

/** Pairs a companion, and says how the connection is. */
export default function Connect() {
	const connection = useConnection();
	return (
		<Frame
			title={ __( 'Connect', 'rollcall' ) }
			subtitle={ __( 'The companion (the helper program) does the matching and monitoring for this site.', 'rollcall' ) }
		>
			<Answer of={ connection } lines={ 8 }>
				{ ( data ) => <Body connection={ data } /> }
			</Answer>
		</Frame>
	);
}
