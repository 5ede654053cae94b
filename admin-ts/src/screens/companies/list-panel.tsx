import { Button, ExternalLink, ProgressBar } from '@wordpress/components';
import { __, _n } from '@wordpress/i18n';
import { useState } from 'react';
import type { CompanyList } from '../../../../companion/src/contract/list.ts';
import type { JobRow } from '../../../../companion/src/contract/report.ts';
import { Age } from '../../components/age.tsx';
import { ErrorFace, RowError } from '../../components/faces.tsx';
import { Badge, Facts, Panel } from '../../components/frame.tsx';
import { isOpen, useCancelJob, useUpdateList } from '../../data/queries.ts';
import { companyCount, formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { jobStateText, sourceText } from '../../words.ts';
import { SAMPLE_URL, SampleOffer, UrlModal } from './source.tsx';

/** "12 added, 3 changed, 1 with other domains, 2 removed"; leaves out what did not happen. */
function changesText( { added, changed, moved, removed }: NonNullable< CompanyList[ 'changes' ] > ): string {
	const parts = [
		/* translators: %s: number of companies. */
		{ count: added, text: _n( '%s added', '%s added', added, 'rollcall' ) },
		/* translators: %s: number of companies. */
		{ count: changed, text: _n( '%s changed', '%s changed', changed, 'rollcall' ) },
		/* translators: %s: number of companies. */
		{ count: moved, text: _n( '%s with other domains', '%s with other domains', moved, 'rollcall' ) },
		/* translators: %s: number of companies. */
		{ count: removed, text: _n( '%s removed', '%s removed', removed, 'rollcall' ) },
	].filter( ( { count } ) => count > 0 );
	return parts.length > 0
		? parts.map( ( { count, text } ) => text.replace( '%s', formatNumber( count ) ) ).join( ', ' )
		: __( 'Nothing', 'rollcall' );
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
		list.fetched_at && list.active_source !== 'sample'
			? { term: __( 'Fetched', 'rollcall' ), children: <Age instant={ list.fetched_at } /> }
			: undefined,
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
	return (
		<Panel title={ list.title } actions={ <Actions list={ list } onChangeUrl={ () => setEdits( true ) } /> }>
			{ list.active_source === 'sample' ? (
				<p>
					<Badge tone="warning">{ __( 'Sample', 'rollcall' ) }</Badge>{ ' ' }
					{ __( 'These companies are made up. Matches with them mean nothing.', 'rollcall' ) }
				</p>
			) : null }
			{ list.error_code ? <RowError code={ list.error_code } message={ list.error_message } /> : null }
			<SampleOffer list={ list } />
			{ isOpen( list.open_job ) && list.open_job ? <Progress job={ list.open_job } /> : null }
			<Facts rows={ factsOf( list ) } />
			{ edits ? <UrlModal list={ list } onClose={ () => setEdits( false ) } /> : null }
		</Panel>
	);
}
