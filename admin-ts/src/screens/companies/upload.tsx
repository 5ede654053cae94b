import { Button, Modal, ProgressBar } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useId, type ReactNode } from 'react';
import type { ListSource } from '../../../../companion/src/contract/vocabulary.ts';
import { ErrorFace } from '../../components/faces.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { useNotify } from '../../components/notify.tsx';
import { formatBytes, formatNumber } from '../../format.ts';
import { parseList } from '../../worker/client.ts';
import { Preview } from './preview.tsx';
import { useStoring, type Read, type Step, type Target } from './use-storing.ts';

/** Files above this are no list: the parsers stop there too. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** Reads a chosen file as the list that it will be. */
function readerOf( file: File, source: ListSource ): Read {
	return async ( list_uid, signal, onBytes ) => {
		onBytes( 0, file.size );
		// One byte more is enough for the parser to refuse it, without reading a film into memory.
		const body = new Uint8Array( await file.slice( 0, MAX_FILE_BYTES + 1 ).arrayBuffer() );
		const kind = source === 'yc' || /\.json$/i.test( file.name ) ? 'yc' : 'csv';
		return parseList( { list_uid, source, kind, body, previous: null }, { signal } );
	};
}

function FileField( { onChoose, accept, help }: { onChoose: ( file: File ) => void; accept: string; help: string } ) {
	const id = useId();
	return (
		<div className="rollcall-file">
			<label htmlFor={ id }>{ __( 'File with the companies', 'rollcall' ) }</label>
			<input
				id={ id }
				type="file"
				accept={ accept }
				aria-describedby={ `${ id }-help` }
				onChange={ ( event ) => {
					const file = event.target.files?.[ 0 ];
					if ( file ) {
						onChoose( file );
					}
				} }
			/>
			<p id={ `${ id }-help` } className="rollcall-muted">
				{ help }
			</p>
		</div>
	);
}

function Working( { step, onStop }: { step: Exclude< Step, { name: 'choose' | 'preview' } >; onStop: () => void } ) {
	const done = step.name === 'reading' ? step.bytes_read : step.done;
	const total = step.name === 'reading' ? step.bytes_total : step.total;
	const text =
		step.name === 'reading'
			? __( 'Reading the list', 'rollcall' )
			: sprintf(
					/* translators: 1: number of pages that are stored, 2: number of all pages. */
					__( 'Storing: %1$s of %2$s parts', 'rollcall' ),
					formatNumber( step.done ),
					formatNumber( step.total )
				);
	return (
		<div className="rollcall-stack is-tight">
			<ProgressBar
				className="rollcall-progress"
				value={ total > 0 && done > 0 ? ( 100 * done ) / total : undefined }
				aria-label={ __( 'Progress of the list', 'rollcall' ) }
			/>
			<div className="rollcall-actions is-spread">
				<span role="status">
					{ text }
					{ step.name === 'reading' && done > 0 ? ` (${ formatBytes( done ) })` : '…' }
				</span>
				<Button variant="tertiary" size="compact" isDestructive onClick={ onStop }>
					{ __( 'Stop', 'rollcall' ) }
				</Button>
			</div>
		</div>
	);
}

/** The way of a list from where `choose` finds it to WordPress, in a dialog: read, look at it, store. */
export function StoringDialog( {
	title,
	target,
	onClose,
	choose,
}: {
	title: string;
	target: Target;
	onClose: () => void;
	choose: ( read: ( reader: Read ) => void ) => ReactNode;
} ) {
	const notify = useNotify();
	const { step, error, read, store, stop, restart } = useStoring( target, () => {
		notify( __( 'List stored. It is matched from now on.', 'rollcall' ) );
		onClose();
	} );
	return (
		<Modal title={ title } size="large" onRequestClose={ onClose }>
			<KeepFocus>
				{ error ? <ErrorFace error={ error } /> : null }
				{ step.name === 'choose' ? choose( ( reader ) => void read( reader ) ) : null }
				{ step.name === 'reading' || step.name === 'storing' ? <Working step={ step } onStop={ stop } /> : null }
				{ step.name === 'preview' ? (
					<>
						<Preview preview={ step.preview } />
						<div className="rollcall-actions is-end">
							<Button variant="tertiary" onClick={ restart } __next40pxDefaultSize>
								{ __( 'Choose another', 'rollcall' ) }
							</Button>
							<Button
								variant="primary"
								disabled={ step.preview.row_count === 0 }
								accessibleWhenDisabled
								onClick={ () => void store( step.preview ) }
								__next40pxDefaultSize
							>
								{ __( 'Store the list', 'rollcall' ) }
							</Button>
						</div>
					</>
				) : null }
			</KeepFocus>
		</Modal>
	);
}

/** Uploads a table, for a new list or in place of the rows that one has. Nothing is stored before it was shown. */
export function UploadFlow( { target, onClose, source = 'upload' }: { target: Target; onClose: () => void; source?: ListSource } ) {
	const is_json = source === 'yc';
	return (
		<StoringDialog
			title={ __( 'Upload a list', 'rollcall' ) }
			target={ target }
			onClose={ onClose }
			choose={ ( read ) => (
				<FileField
					accept={ is_json ? '.json,application/json' : '.csv,.tsv,.txt,.json,text/csv,text/plain' }
					help={
						is_json
							? __( 'A JSON list of companies, each with id, name and website. It is read in your browser.', 'rollcall' )
							: __(
									'A CSV file whose first row names the columns; one of them holds websites or domains. It is read in your browser.',
									'rollcall'
								)
					}
					onChoose={ ( file ) => read( readerOf( file, source ) ) }
				/>
			) }
		/>
	);
}
