import { Button } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import { Confirm } from '../../components/confirm.tsx';
import { DataTable, queryOf, tableView } from '../../components/data-table.tsx';
import { EmptyFace, ErrorFace } from '../../components/faces.tsx';
import { Frame, Panel } from '../../components/frame.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useDecideRule, useDeleteRules, useRules } from '../../data/list-queries.ts';
import { formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { actions } from './actions.tsx';
import { AddRules } from './add-rules.tsx';
import { columns } from './fields.tsx';
import { Proposals } from './proposals.tsx';

function DeleteRules( { domains, onClose }: { domains: string[]; onClose: () => void } ) {
	const remove = useDeleteRules();
	const notify = useNotify();
	return (
		<Confirm
			title={ sprintf(
				/* translators: %s: number of rules. */
				_n( 'Delete %s rule?', 'Delete %s rules?', domains.length, 'rollcall' ),
				formatNumber( domains.length )
			) }
			confirm={ __( 'Delete', 'rollcall' ) }
			is_busy={ remove.isPending }
			onConfirm={ () =>
				remove.mutate( domains, {
					onSuccess: () => {
						notify( __( 'Rules deleted.', 'rollcall' ) );
						onClose();
					},
				} )
			}
			onClose={ onClose }
		>
			<p>{ domains.slice( 0, 5 ).join( ', ' ) + ( domains.length > 5 ? '…' : '' ) }</p>
			<p>{ __( 'These domains are matched like all others again.', 'rollcall' ) }</p>
			{ remove.error ? <ErrorFace error={ remove.error } /> : null }
		</Confirm>
	);
}

function Table( { add }: { add: JSX.Element | null } ) {
	const [ view, setView ] = useState( () =>
		tableView( {
			sort: { field: 'created_at', direction: 'desc' },
			titleField: 'domain',
			fields: [ 'kind', 'company_name', 'user_count', 'state', 'evidence' ],
		} )
	);
	const [ deletes, setDeletes ] = useState< string[] >();
	const rows = useRules( queryOf( view ) );
	const decide = useDecideRule();
	return (
		<Panel className="is-flush">
			{ decide.error ? <ErrorFace error={ decide.error } /> : null }
			<DataTable
				rows={ rows }
				columns={ columns() }
				actions={ actions( { onDelete: setDeletes, onDecide: ( domain, decision ) => decide.mutate( { domain, decision } ) } ) }
				view={ view }
				onChangeView={ setView }
				idOf={ ( row ) => row.domain }
				searchLabel={ __( 'Search rules', 'rollcall' ) }
				empty={
					<EmptyFace title={ __( 'You have no rules yet.', 'rollcall' ) } action={ add }>
						{ __(
							'An exclusion keeps a domain out of all matches; an alias gives a further domain to a company on your lists.',
							'rollcall'
						) }
					</EmptyFace>
				}
			/>
			{ deletes ? <DeleteRules domains={ deletes } onClose={ () => setDeletes( undefined ) } /> : null }
		</Panel>
	);
}

/** What the owner decided on single domains: exclusions, aliases, and proposals to decide on. */
export default function Rules() {
	const [ adds, setAdds ] = useState( false );
	const add = pageSettings().can.manage ? (
		<Button variant="primary" onClick={ () => setAdds( true ) } __next40pxDefaultSize>
			{ __( 'Add rules', 'rollcall' ) }
		</Button>
	) : null;
	return (
		<Frame
			title={ __( 'Rules', 'rollcall' ) }
			subtitle={ __( 'Domains that are never a company, and further domains of companies.', 'rollcall' ) }
			actions={ add }
			wide
		>
			<div className="rollcall-stack">
				<Proposals />
				<Table add={ add } />
			</div>
			{ adds ? <AddRules onClose={ () => setAdds( false ) } /> : null }
		</Frame>
	);
}
