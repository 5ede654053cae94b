import { ProgressBar } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { Run, SendPreview } from '../../../../companion/src/contract/report.ts';
import { Age } from '../../components/age.tsx';
import { Answer } from '../../components/faces.tsx';
import { Panel } from '../../components/frame.tsx';
import { PasteList } from '../../components/paste-list.tsx';
import { useSendPreview, useSources } from '../../data/run-queries.ts';
import { formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import type { ScannedHosts } from '../../worker/protocol.ts';
import { PlaceChoice, type RunPlace } from './place-choice.tsx';
import { RunButton } from './run-button.tsx';
import { SourceChoice } from './source-choice.tsx';

function Counting( { preview }: { preview: SendPreview } ) {
	const share = preview.users_total > 0 ? ( 100 * preview.users_read ) / preview.users_total : 0;
	return (
		<>
			<ProgressBar className="rollcall-progress" value={ share } aria-label={ __( 'Users read', 'rollcall' ) } />
			<p role="status">
				{ sprintf(
					/* translators: 1: users read, 2: users in all. */
					__( 'Reading your user list: %1$s of %2$s users. Nothing is sent yet.', 'rollcall' ),
					formatNumber( preview.users_read ),
					formatNumber( preview.users_total )
				) }
			</p>
		</>
	);
}

/** What a run reads and where it is matched, and the button. */
function Choices( { preview, has_report }: { preview: SendPreview; has_report: boolean } ) {
	const sources = useSources();
	const [ chosen, setChosen ] = useState< string[] >( [ 'users' ] );
	const [ picked, setPicked ] = useState< RunPlace >();
	const [ list, setList ] = useState< ScannedHosts >();
	const place = picked ?? ( preview.companion_name === '' ? 'browser' : 'companion' );
	const choose = ( next: string[] ) => {
		setChosen( next );
		if ( ! next.includes( 'paste' ) ) {
			setList( undefined );
		}
	};
	return (
		<>
			<Answer of={ sources } lines={ 2 }>
				{ ( { items } ) => <SourceChoice sources={ items } chosen={ chosen } onChange={ choose } /> }
			</Answer>
			{ chosen.includes( 'paste' ) ? <PasteList onRead={ setList } /> : null }
			<PlaceChoice companion_name={ preview.companion_name } place={ place } onChange={ setPicked } />
			<RunButton preview={ preview } sources={ chosen } place={ place } list={ list } has_report={ has_report } />
		</>
	);
}

/** Asks what a run reads and where, shows exactly what it sends, and starts it. Counting goes on in the background of this
 *  panel until all users are read. */
export function StartRun( { newest }: { newest: Run | null } ) {
	const { can } = pageSettings();
	const preview = useSendPreview( can.manage );
	const title = newest ? __( 'Run it again', 'rollcall' ) : __( 'Before the first run', 'rollcall' );
	return (
		<Panel title={ title } className="is-accent">
			{ newest ? (
				<p className="rollcall-muted">
					{ __( 'The newest run ended:', 'rollcall' ) } <Age instant={ newest.finished_at ?? newest.started_at } />
				</p>
			) : null }
			{ can.manage ? (
				<Answer of={ preview } lines={ 3 }>
					{ ( data ) =>
						data.counted ? <Choices preview={ data } has_report={ newest !== null } /> : <Counting preview={ data } />
					}
				</Answer>
			) : (
				<p>{ __( 'Ask an administrator to run the matcher.', 'rollcall' ) }</p>
			) }
		</Panel>
	);
}
