import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import type { CompanyList } from '../../../../companion/src/contract/list.ts';
import { pageSettings } from '../../page-settings.ts';
import { fetchList, parseList, sampleList } from '../../worker/client.ts';
import { isFetched, SAMPLE_URL } from './list-fields.tsx';
import { StoringDialog, UploadFlow } from './upload.tsx';
import { useAlone } from './use-alone.ts';
import type { Read } from './use-storing.ts';

/** Fetches the list at its address in this browser. */
function fetcherOf( { url, source }: CompanyList ): Read {
	return async ( list_uid, signal, onBytes ) => {
		if ( url === SAMPLE_URL ) {
			return sampleList( list_uid );
		}
		const body = await fetchList( url, { signal, onProgress: ( { bytes_read, bytes_total } ) => onBytes( bytes_read, bytes_total ) } );
		return parseList( { list_uid, source, kind: source === 'yc' ? 'yc' : 'csv', body, previous: null }, { signal } );
	};
}

function FetchDialog( { list, onClose }: { list: CompanyList; onClose: () => void } ) {
	return (
		<StoringDialog
			title={ __( 'Fetch the list in this browser', 'rollcall' ) }
			target={ { list_uid: list.list_uid } }
			onClose={ onClose }
			choose={ ( read ) => (
				<>
					<p>
						{ __(
							'Your browser asks the host of the list for it, and sends it nothing of this site. Some hosts do not let browsers read their files; then upload the file instead.',
							'rollcall'
						) }
					</p>
					<p>
						<code>{ list.url }</code>
					</p>
					<div className="rollcall-actions">
						<Button variant="primary" onClick={ () => read( fetcherOf( list ) ) } __next40pxDefaultSize>
							{ __( 'Fetch the list', 'rollcall' ) }
						</Button>
						<Button variant="tertiary" onClick={ () => read( ( list_uid ) => sampleList( list_uid ) ) } __next40pxDefaultSize>
							{ __( 'Take the built-in sample', 'rollcall' ) }
						</Button>
					</div>
				</>
			) }
		/>
	);
}

/** What can be done with a list that a companion would fetch, while none is connected. */
export function WithoutCompanion( { list }: { list: CompanyList } ) {
	const [ opens, setOpens ] = useState< 'fetch' | 'upload' >();
	const is_alone = useAlone();
	if ( ! isFetched( list.source ) || ! is_alone || ! pageSettings().can.settings ) {
		return null;
	}
	const close = () => setOpens( undefined );
	return (
		<div className="rollcall-stack is-tight">
			<p className="rollcall-muted">
				{ __(
					'No companion is connected, so nothing fetches this list by itself. You can bring it here with this browser.',
					'rollcall'
				) }
			</p>
			<div className="rollcall-actions">
				<Button variant="secondary" size="compact" onClick={ () => setOpens( 'fetch' ) }>
					{ __( 'Fetch in this browser', 'rollcall' ) }
				</Button>
				<Button variant="secondary" size="compact" onClick={ () => setOpens( 'upload' ) }>
					{ __( 'Upload its file', 'rollcall' ) }
				</Button>
			</div>
			{ opens === 'fetch' ? <FetchDialog list={ list } onClose={ close } /> : null }
			{ opens === 'upload' ? <UploadFlow target={ { list_uid: list.list_uid } } source={ list.source } onClose={ close } /> : null }
		</div>
	);
}
