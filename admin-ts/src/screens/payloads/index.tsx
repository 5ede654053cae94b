import { Modal } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { Payload } from '../../../../companion/src/contract/site.ts';
import { CopyLine } from '../../components/copy-line.tsx';
import { DataTable, tableView } from '../../components/data-table.tsx';
import { Answer, EmptyFace } from '../../components/faces.tsx';
import { Frame, Panel } from '../../components/frame.tsx';
import { usePayload, usePayloads } from '../../data/queries.ts';
import { formatBytes, formatInstant } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { columns } from './fields.tsx';

/** JSON with line breaks; any other text as it is. */
function readable( text: string ): string {
	try {
		return JSON.stringify( JSON.parse( text ), null, 2 );
	} catch {
		return text;
	}
}

function Detail( { payload, onClose }: { payload: Payload; onClose: () => void } ) {
	const answer = usePayload( payload.payload_id );
	return (
		<Modal title={ payload.route } size="large" onRequestClose={ onClose }>
			<div className="rollcall-stack is-tight">
				<p className="rollcall-muted">
					{
						/* translators: 1: date and time, 2: size such as 1.2 kB. */
						sprintf( __( 'Sent on %1$s, %2$s.', 'rollcall' ), formatInstant( payload.sent_at ), formatBytes( payload.bytes ) )
					}{ ' ' }
					{ payload.truncated ? __( 'Only the first 64 KiB are kept.', 'rollcall' ) : null }
				</p>
				<Answer of={ answer } lines={ 8 }>
					{ ( { body } ) =>
						body ? (
							<CopyLine text={ readable( body ) } label={ __( 'What was sent', 'rollcall' ) } />
						) : (
							<p>{ __( 'It had no text.', 'rollcall' ) }</p>
						)
					}
				</Answer>
			</div>
		</Modal>
	);
}

function Table() {
	const [ view, setView ] = useState( () => tableView( { titleField: 'sent_at', fields: [ 'route', 'bytes' ], perPage: 50 } ) );
	const [ open, setOpen ] = useState< Payload >();
	const rows = usePayloads();
	return (
		<>
			<DataTable
				rows={ rows }
				columns={ columns() }
				view={ view }
				onChangeView={ setView }
				idOf={ ( row ) => String( row.payload_id ) }
				onOpen={ setOpen }
				has_search={ false }
				empty={
					<EmptyFace title={ __( 'Nothing has left this site yet.', 'rollcall' ) }>
						{ __(
							'As soon as WordPress sends something to the companion or answers it, it stands here word for word.',
							'rollcall'
						) }
					</EmptyFace>
				}
			/>
			{ open ? <Detail payload={ open } onClose={ () => setOpen( undefined ) } /> : null }
		</>
	);
}

/** The last 50 messages that WordPress sent to the companion, word for word. */
export default function PayloadsScreen() {
	return (
		<Frame
			title={ __( 'What left the site', 'rollcall' ) }
			subtitle={ __( 'The last 50 messages that went to the companion, word for word.', 'rollcall' ) }
			wide
		>
			<div className="rollcall-stack">
				<p className="rollcall-lead">
					{ __(
						'Of your users, only e-mail domains leave WordPress: no address, no part of one, and not how many users a domain has. Check it here.',
						'rollcall'
					) }
				</p>
				<Panel className="is-flush">
					{ pageSettings().can.settings ? (
						<Table />
					) : (
						<EmptyFace title={ __( 'You may not see this.', 'rollcall' ) }>
							{ __( 'Ask an administrator for the right.', 'rollcall' ) }
						</EmptyFace>
					) }
				</Panel>
			</div>
		</Frame>
	);
}
