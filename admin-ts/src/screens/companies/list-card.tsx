import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { CompanyList } from '../../../../companion/src/contract/list.ts';
import { Confirm } from '../../components/confirm.tsx';
import { JobProgress } from '../../components/job-progress.tsx';
import { ErrorFace, RowError } from '../../components/faces.tsx';
import { Badge, Panel } from '../../components/frame.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useAcceptShrunk, useDeleteList, useSaveList } from '../../data/list-queries.ts';
import { isOpen, useUpdateList } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { useLink } from '../../router.tsx';
import { WithoutCompanion } from './browser-list.tsx';
import { EditList, requestOf } from './edit-list.tsx';
import { ListFacts } from './list-facts.tsx';
import { SAMPLE_URL } from './list-fields.tsx';
import { UploadFlow } from './upload.tsx';
import { useAlone } from './use-alone.ts';

/** Failures of the list's own host, for which the built-in sample is a way out. */
const HOST_ERRORS: readonly string[] = [
	'list_unreachable',
	'list_timeout',
	'list_not_json',
	'list_shape',
	'list_empty',
	'target_refused',
];

/** The list that every site begins with can be switched off, not deleted. */
const DEFAULT_UID = 'yc';

/** The way out when the host of the list is down and nothing is in use: a good list is never traded for made-up companies. */
function SampleOffer( { list }: { list: CompanyList } ) {
	const save = useSaveList();
	const onClick = () => save.mutate( { list_uid: list.list_uid, list: { ...requestOf( list ), url: SAMPLE_URL } } );
	const is_needed = list.error_code !== null && HOST_ERRORS.includes( list.error_code ) && list.active_source === null;
	if ( list.source !== 'yc' || ! is_needed || ! pageSettings().can.settings ) {
		return null;
	}
	return (
		<div className="rollcall-actions">
			<Button variant="secondary" size="compact" isBusy={ save.isPending } onClick={ onClick }>
				{ __( 'Load the built-in sample', 'rollcall' ) }
			</Button>
			<span className="rollcall-muted">{ __( 'Made-up companies, to try Rollcall out.', 'rollcall' ) }</span>
			{ save.error ? <ErrorFace error={ save.error } /> : null }
		</div>
	);
}

/** Says yes to a version that lost more than a fifth of its companies, and has it fetched. */
function AcceptOffer( { list }: { list: CompanyList } ) {
	const [ asks, setAsks ] = useState( false );
	const accept = useAcceptShrunk();
	if ( list.error_code !== 'list_shrunk' || ! pageSettings().can.settings ) {
		return null;
	}
	return (
		<div className="rollcall-actions">
			<Button variant="secondary" size="compact" onClick={ () => setAsks( true ) }>
				{ __( 'Use the smaller list', 'rollcall' ) }
			</Button>
			{ accept.error ? <ErrorFace error={ accept.error } /> : null }
			{ asks ? (
				<Confirm
					title={ __( 'Use the smaller list?', 'rollcall' ) }
					confirm={ __( 'Use it', 'rollcall' ) }
					is_busy={ accept.isPending }
					onConfirm={ () => accept.mutate( list.list_uid, { onSettled: () => setAsks( false ) } ) }
					onClose={ () => setAsks( false ) }
				>
					{ __(
						'The list is fetched again and taken even if more than a fifth of its companies are gone. Those that are gone are kept as removed.',
						'rollcall'
					) }
				</Confirm>
			) : null }
		</div>
	);
}

type Opened = 'edit' | 'upload' | 'delete';

function EditRows( { list }: { list: CompanyList } ) {
	return (
		<Button variant="secondary" size="compact" { ...useLink( 'companies', `rows-${ list.list_uid }` ) }>
			{ pageSettings().can.settings ? __( 'Edit companies', 'rollcall' ) : __( 'See companies', 'rollcall' ) }
		</Button>
	);
}

function Actions( { list, onOpen }: { list: CompanyList; onOpen: ( opened: Opened ) => void } ) {
	const { can } = pageSettings();
	const update = useUpdateList();
	const is_alone = useAlone();
	return (
		<div className="rollcall-actions">
			{ can.manage && list.owner === 'companion' && ! is_alone ? (
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
			{ can.settings && list.source === 'upload' ? (
				<Button variant="secondary" size="compact" onClick={ () => onOpen( 'upload' ) }>
					{ __( 'Upload a new file', 'rollcall' ) }
				</Button>
			) : null }
			{ list.source === 'manual' ? <EditRows list={ list } /> : null }
			{ can.settings ? (
				<>
					<Button variant="tertiary" size="compact" onClick={ () => onOpen( 'edit' ) }>
						{ __( 'Edit list', 'rollcall' ) }
					</Button>
					{ list.list_uid === DEFAULT_UID ? null : (
						<Button variant="tertiary" size="compact" isDestructive onClick={ () => onOpen( 'delete' ) }>
							{ __( 'Delete list', 'rollcall' ) }
						</Button>
					) }
				</>
			) : null }
			{ update.error ? <ErrorFace error={ update.error } /> : null }
		</div>
	);
}

function DeleteList( { list, onClose }: { list: CompanyList; onClose: () => void } ) {
	const remove = useDeleteList();
	const notify = useNotify();
	return (
		<Confirm
			title={
				/* translators: %s: name of the list. */
				sprintf( __( 'Delete “%s”?', 'rollcall' ), list.title )
			}
			confirm={ __( 'Delete list', 'rollcall' ) }
			is_busy={ remove.isPending }
			onConfirm={ () =>
				remove.mutate( list.list_uid, {
					onSuccess: () => {
						notify( __( 'List deleted.', 'rollcall' ) );
						onClose();
					},
				} )
			}
			onClose={ onClose }
		>
			<p>
				{ __(
					'Its companies and their earlier domains are deleted, and no user matches them any more. Figures of finished runs stay.',
					'rollcall'
				) }
			</p>
			{ remove.error ? <ErrorFace error={ remove.error } /> : null }
		</Confirm>
	);
}

function Marks( { list }: { list: CompanyList } ) {
	return (
		<p className="rollcall-badges">
			<Badge tone={ list.enabled ? 'good' : 'neutral' }>{ list.enabled ? __( 'On', 'rollcall' ) : __( 'Off', 'rollcall' ) }</Badge>
			{ list.active_source === 'sample' ? <Badge tone="warning">{ __( 'Sample', 'rollcall' ) }</Badge> : null }
			{ list.visible_to_visitors ? <Badge>{ __( 'Visible to visitors', 'rollcall' ) }</Badge> : null }
		</p>
	);
}

/** A list: where it comes from, how old it is, what changed, and what can be done with it. */
export function ListCard( { list }: { list: CompanyList } ) {
	const [ opened, setOpened ] = useState< Opened >();
	const is_alone = useAlone();
	const close = () => setOpened( undefined );
	return (
		<Panel title={ list.title } actions={ <Marks list={ list } /> }>
			{ list.active_source === 'sample' ? (
				<p>{ __( 'These companies are made up. Matches with them mean nothing.', 'rollcall' ) }</p>
			) : null }
			{ list.error_code ? <RowError code={ list.error_code } message={ list.error_message } /> : null }
			<SampleOffer list={ list } />
			<AcceptOffer list={ list } />
			{ isOpen( list.open_job ) && list.open_job && ! is_alone ? (
				<JobProgress
					label={ __( 'Progress of the update', 'rollcall' ) }
					stop={ __( 'Cancel update', 'rollcall' ) }
					job={ list.open_job }
				/>
			) : null }
			<ListFacts list={ list } />
			<WithoutCompanion list={ list } />
			<Actions list={ list } onOpen={ setOpened } />
			{ opened === 'edit' ? <EditList list={ list } onClose={ close } /> : null }
			{ opened === 'upload' ? <UploadFlow target={ { list_uid: list.list_uid } } onClose={ close } /> : null }
			{ opened === 'delete' ? <DeleteList list={ list } onClose={ close } /> : null }
		</Panel>
	);
}
