import { Button, DropZone, FormFileUpload, ProgressBar, TextareaControl } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useEffect, useState } from 'react';
import { toApiError, type ApiError } from '../data/api.ts';
import { domainCount, formatBytes, formatNumber } from '../format.ts';
import { scanFile } from '../worker/client.ts';
import type { Progress, ScannedHosts } from '../worker/protocol.ts';
import { reasonText } from '../words.ts';
import { ErrorFace } from './faces.tsx';

/** Time after the last key press after which a typed list is read. */
const TYPING_MS = 400;

type Scan = { progress?: Progress; error?: ApiError; list?: ScannedHosts };

/** Reads a list in the worker whenever it changes; the reading before is stopped. */
function useScan( given: File | string, onRead: ( list: ScannedHosts | undefined ) => void ): Scan & { stop: () => void } {
	const [ scan, setScan ] = useState< Scan >( {} );
	const [ control, setControl ] = useState< AbortController >();
	useEffect( () => {
		const own = new AbortController();
		setControl( own );
		setScan( {} );
		onRead( undefined );
		if ( given === '' ) {
			return;
		}
		const begin = () => {
			setScan( { progress: { bytes_read: 0, bytes_total: 0, rows_read: 0 } } );
			scanFile( given, {
				signal: own.signal,
				onProgress: ( progress ) => ( own.signal.aborted ? undefined : setScan( { progress } ) ),
			} ).then(
				( list ) => {
					setScan( { list } );
					onRead( list );
				},
				async ( thrown: unknown ) => setScan( own.signal.aborted ? {} : { error: await toApiError( thrown ) } )
			);
		};
		const timer = setTimeout( begin, typeof given === 'string' ? TYPING_MS : 0 );
		return () => {
			clearTimeout( timer );
			own.abort();
		};
	}, [ given, onRead ] );
	return { ...scan, stop: () => control?.abort() };
}

function Reading( { progress, onStop }: { progress: Progress; onStop: () => void } ) {
	const { bytes_read, bytes_total, rows_read } = progress;
	return (
		<div className="rollcall-stack is-tight">
			<ProgressBar
				className="rollcall-progress"
				value={ bytes_total > 0 ? ( 100 * bytes_read ) / bytes_total : undefined }
				aria-label={ __( 'Progress of reading', 'rollcall' ) }
			/>
			<div className="rollcall-actions is-spread">
				<span>
					{ sprintf(
						/* translators: 1: number of rows, 2: size such as "12 MB". */
						__( '%1$s rows read, %2$s.', 'rollcall' ),
						formatNumber( rows_read ),
						formatBytes( bytes_read )
					) }
				</span>
				<Button variant="tertiary" size="compact" onClick={ onStop }>
					{ __( 'Stop', 'rollcall' ) }
				</Button>
			</div>
		</div>
	);
}

/** What a list holds, before anything of it is handed over. */
function Found( { list }: { list: ScannedHosts } ) {
	const rows = sprintf(
		/* translators: %s: number of rows. */
		_n( '%s row read.', '%s rows read.', list.rows_read, 'rollcall' ),
		formatNumber( list.rows_read )
	);
	const refused = list.reasons.reduce( ( sum, reason ) => sum + reason.user_count, 0 );
	return (
		<div className="rollcall-stack is-tight" role="status">
			<p>
				<strong>{ domainCount( list.hosts.length ) }.</strong> { rows }{ ' ' }
				{ list.hosts.length === 0 ? __( 'There is no address and no domain in it.', 'rollcall' ) : null }
			</p>
			{ refused > 0 ? (
				<details>
					<summary>
						{ sprintf(
							/* translators: %s: number of rows. */
							_n( '%s row without a usable address', '%s rows without a usable address', refused, 'rollcall' ),
							formatNumber( refused )
						) }
					</summary>
					<ul>
						{ list.reasons.map( ( { reason, user_count } ) => (
							<li key={ reason }>
								{ reasonText( reason ) }: { formatNumber( user_count ) }
							</li>
						) ) }
					</ul>
				</details>
			) : null }
		</div>
	);
}

/** Takes a list of addresses as text or file. It is read in this page: only domains with counts come out. */
export function PasteList( { onRead }: { onRead: ( list: ScannedHosts | undefined ) => void } ) {
	const [ text, setText ] = useState( '' );
	const [ file, setFile ] = useState< File >();
	const { progress, error, list, stop } = useScan( file ?? text.trim(), onRead );
	return (
		<div className="rollcall-paste">
			<TextareaControl
				label={ __( 'Addresses or domains', 'rollcall' ) }
				help={ __( 'Paste them in any form, such as a column of a spreadsheet, or drop a CSV or text file here.', 'rollcall' ) }
				value={ text }
				onChange={ setText }
				disabled={ file !== undefined }
				rows={ 5 }
				spellCheck={ false }
				autoComplete="off"
				__nextHasNoMarginBottom
			/>
			<DropZone label={ __( 'Drop the file here', 'rollcall' ) } onFilesDrop={ ( files ) => setFile( files[ 0 ] ) } />
			<div className="rollcall-actions">
				<FormFileUpload
					accept=".csv,.txt,.tsv,text/*"
					onChange={ ( event ) => setFile( event.currentTarget.files?.[ 0 ] ) }
					render={ ( { openFileDialog } ) => (
						<Button variant="secondary" size="compact" onClick={ openFileDialog }>
							{ __( 'Choose a file', 'rollcall' ) }
						</Button>
					) }
				/>
				{ file ? (
					<>
						<span>
							{ file.name } ({ formatBytes( file.size ) })
						</span>
						<Button variant="tertiary" size="compact" onClick={ () => setFile( undefined ) }>
							{ __( 'Remove file', 'rollcall' ) }
						</Button>
					</>
				) : null }
			</div>
			{ progress ? <Reading progress={ progress } onStop={ stop } /> : null }
			{ error ? <ErrorFace error={ error } /> : null }
			{ list ? <Found list={ list } /> : null }
			<p className="rollcall-muted">
				{ __(
					'The addresses never leave this page: your browser reads the list, and only its domains with the number of people at each go to WordPress.',
					'rollcall'
				) }
			</p>
		</div>
	);
}
