import { Button, ExternalLink, Modal, ProgressBar, TextControl } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { CompanyList, JobRow } from '../../../../companion/src/contract/report.ts';
import { Age } from '../../components/age.tsx';
import { ErrorFace, RowError } from '../../components/faces.tsx';
import { Badge, Facts, Panel } from '../../components/frame.tsx';
import { useNotify } from '../../components/notify.tsx';
import { isOpen, useCancelJob, useListUrl, useUpdateList } from '../../data/queries.ts';
import { companyCount, formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { jobStateText, sourceText } from '../../words.ts';

const SAMPLE_URL = 'sample:';

/** Failures of the list's own host, for which the built-in sample is a way out. */
const HOST_ERRORS: readonly string[] = [
	'list_unreachable',
	'list_timeout',
	'list_not_json',
	'list_shape',
	'list_empty',
	'target_refused',
];

/** "12 added, 3 changed, 1 with other domains, 2 removed"; leaves out what did not happen. */
function changesText( changes: NonNullable< CompanyList[ 'changes' ] > ): string {
	const parts = [
		/* translators: %s: number of companies. */
		changes.added ? sprintf( _n( '%s added', '%s added', changes.added, 'rollcall' ), formatNumber( changes.added ) ) : '',
		/* translators: %s: number of companies. */
		changes.changed ? sprintf( _n( '%s changed', '%s changed', changes.changed, 'rollcall' ), formatNumber( changes.changed ) ) : '',
		/* translators: %s: number of companies. */
		changes.moved
			? sprintf( _n( '%s with other domains', '%s with other domains', changes.moved, 'rollcall' ), formatNumber( changes.moved ) )
			: '',
		/* translators: %s: number of companies. */
		changes.removed ? sprintf( _n( '%s removed', '%s removed', changes.removed, 'rollcall' ), formatNumber( changes.removed ) ) : '',
	].filter( Boolean );
	return parts.length > 0 ? parts.join( ', ' ) : __( 'Nothing', 'rollcall' );
}

function Progress( { job }: { job: JobRow } ) {
	const cancel = useCancelJob();
	return (
		<div className="rollcall-stack is-tight">
			<ProgressBar
				className="rollcall-progress"
				value={ job.total > 0 ? ( 100 * job.done ) / job.total : undefined }
				aria-label={ __( 'Progress of the update', 'rollcall' ) }
			/>
			<div className="rollcall-actions is-spread">
				<span role="status">
					{ jobStateText( job.state ) }
					{ job.total > 0 ? `: ${ formatNumber( job.done ) } / ${ formatNumber( job.total ) }` : '…' }
				</span>
				{ pageSettings().can.manage ? (
					<Button
						variant="tertiary"
						size="compact"
						isDestructive
						isBusy={ cancel.isPending }
						onClick={ () => cancel.mutate( job.job_uid ) }
					>
						{ __( 'Cancel update', 'rollcall' ) }
					</Button>
				) : null }
			</div>
			{ cancel.error ? <ErrorFace error={ cancel.error } /> : null }
		</div>
	);
}

/** Changes the address of a list, and then has it fetched. */
function UrlModal( { list, onClose }: { list: CompanyList; onClose: () => void } ) {
	const [ url, setUrl ] = useState( list.url );
	const save = useListUrl();
	const update = useUpdateList();
	const notify = useNotify();
	const error = save.error ?? update.error;
	const send = ( next: string ) =>
		save.mutate(
			{ list_uid: list.list_uid, url: next },
			{
				onSuccess: () => {
					update.mutate( list.list_uid );
					notify( __( 'Address saved. The list is fetched next.', 'rollcall' ) );
					onClose();
				},
			}
		);
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		send( url.trim() );
	};
	return (
		<Modal title={ __( 'Where the list comes from', 'rollcall' ) } size="medium" onRequestClose={ onClose }>
			<form className="rollcall-stack" onSubmit={ onSubmit }>
				<TextControl
					label={ __( 'Address of the list', 'rollcall' ) }
					help={ __(
						'A JSON list of companies, each with id, name and website. The companion fetches it once a day.',
						'rollcall'
					) }
					value={ url }
					onChange={ setUrl }
					type="text"
					inputMode="url"
					spellCheck={ false }
					__next40pxDefaultSize
					__nextHasNoMarginBottom
				/>
				{ error ? <ErrorFace error={ error } /> : null }
				<div className="rollcall-actions is-end">
					<Button variant="tertiary" onClick={ () => send( SAMPLE_URL ) } disabled={ save.isPending } __next40pxDefaultSize>
						{ __( 'Use the built-in sample', 'rollcall' ) }
					</Button>
					<Button
						type="submit"
						variant="primary"
						isBusy={ save.isPending }
						disabled={ save.isPending || url.trim() === '' }
						accessibleWhenDisabled
						__next40pxDefaultSize
					>
						{ __( 'Save and fetch', 'rollcall' ) }
					</Button>
				</div>
			</form>
		</Modal>
	);
}

/** The way out when the host of the list is down. */
function SampleOffer( { list }: { list: CompanyList } ) {
	const save = useListUrl();
	const update = useUpdateList();
	const onClick = () => save.mutate( { list_uid: list.list_uid, url: SAMPLE_URL }, { onSuccess: () => update.mutate( list.list_uid ) } );
	const error = save.error ?? update.error;
	return (
		<div className="rollcall-actions">
			<Button variant="secondary" size="compact" isBusy={ save.isPending } onClick={ onClick }>
				{ __( 'Load the built-in sample', 'rollcall' ) }
			</Button>
			<span className="rollcall-muted">{ __( 'Made-up companies, to try Rollcall out.', 'rollcall' ) }</span>
			{ error ? <ErrorFace error={ error } /> : null }
		</div>
	);
}

function factsOf( list: CompanyList ) {
	const is_sample = list.url === SAMPLE_URL;
	const rows = [
		{
			term: __( 'Source', 'rollcall' ),
			children: is_sample ? (
				sourceText( 'sample' )
			) : (
				<ExternalLink href={ list.url }>{ list.url.replace( /^https?:\/\//, '' ) }</ExternalLink>
			),
		},
		{
			term: __( 'In use', 'rollcall' ),
			children: list.active_version > 0 ? companyCount( list.row_count ) : __( 'Nothing yet', 'rollcall' ),
		},
		list.source_updated_at
			? { term: __( 'Changed at the source', 'rollcall' ), children: <Age instant={ list.source_updated_at } /> }
			: undefined,
		list.fetched_at ? { term: __( 'Fetched', 'rollcall' ), children: <Age instant={ list.fetched_at } /> } : undefined,
		list.checked_at ? { term: __( 'Looked at', 'rollcall' ), children: <Age instant={ list.checked_at } /> } : undefined,
		list.changes ? { term: __( 'What changed last', 'rollcall' ), children: changesText( list.changes ) } : undefined,
	];
	return rows.filter( ( row ) => row !== undefined );
}

function Actions( { list, onChangeUrl }: { list: CompanyList; onChangeUrl: () => void } ) {
	const { can } = pageSettings();
	const update = useUpdateList();
	return (
		<div className="rollcall-actions">
			{ can.settings ? (
				<Button variant="tertiary" size="compact" onClick={ onChangeUrl }>
					{ __( 'Change source', 'rollcall' ) }
				</Button>
			) : null }
			{ can.manage ? (
				<Button
					variant="secondary"
					size="compact"
					isBusy={ update.isPending }
					disabled={ update.isPending || isOpen( list.open_job ) }
					accessibleWhenDisabled
					onClick={ () => update.mutate( list.list_uid ) }
				>
					{ __( 'Update now', 'rollcall' ) }
				</Button>
			) : null }
			{ update.error ? <ErrorFace error={ update.error } /> : null }
		</div>
	);
}

/** A list: where it comes from, how old it is, what changed, and its update. */
export function ListPanel( { list }: { list: CompanyList } ) {
	const [ edits, setEdits ] = useState( false );
	const offers_sample =
		pageSettings().can.settings &&
		list.active_source !== 'sample' &&
		list.error_code !== null &&
		HOST_ERRORS.includes( list.error_code );
	return (
		<Panel title={ list.title } actions={ <Actions list={ list } onChangeUrl={ () => setEdits( true ) } /> }>
			{ list.active_source === 'sample' ? (
				<p>
					<Badge tone="warning">{ __( 'Sample', 'rollcall' ) }</Badge>{ ' ' }
					{ __( 'These companies are made up. Matches with them mean nothing.', 'rollcall' ) }
				</p>
			) : null }
			{ list.error_code ? <RowError code={ list.error_code } message={ list.error_message } /> : null }
			{ offers_sample ? <SampleOffer list={ list } /> : null }
			{ isOpen( list.open_job ) && list.open_job ? <Progress job={ list.open_job } /> : null }
			<Facts rows={ factsOf( list ) } />
			{ edits ? <UrlModal list={ list } onClose={ () => setEdits( false ) } /> : null }
		</Panel>
	);
}
