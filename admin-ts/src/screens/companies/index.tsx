import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import type { CompanyListItem } from '../../../../companion/src/contract/list.ts';
import { CompanyDetail } from '../../components/company-detail.tsx';
import { DataTable, queryOf, tableView } from '../../components/data-table.tsx';
import { Answer, EmptyFace } from '../../components/faces.tsx';
import { Frame, Panel } from '../../components/frame.tsx';
import { useCompanies, useCompanyFacets, useLists, useOverview } from '../../data/queries.ts';
import { ScreenLink, useLink } from '../../router.tsx';
import { ListPanel } from './list-panel.tsx';
import { columns } from './fields.tsx';

function NoCompanies() {
	const link = useLink( 'connect' );
	const step = useOverview().data?.next_step;
	if ( step === 'connect' ) {
		return (
			<EmptyFace
				title={ __( 'There is no list yet.', 'rollcall' ) }
				action={
					<Button variant="primary" { ...link } __next40pxDefaultSize>
						{ __( 'Connect the companion', 'rollcall' ) }
					</Button>
				}
			>
				{ __( 'The companion (the helper program) fetches it. Connect one first.', 'rollcall' ) }
			</EmptyFace>
		);
	}
	return (
		<EmptyFace title={ __( 'There is no list yet.', 'rollcall' ) }>
			{ __( 'The companion fetches it and hands it over, which takes a minute or so. This page goes on by itself.', 'rollcall' ) }{ ' ' }
			<ScreenLink to="connect">{ __( 'See the connection', 'rollcall' ) }</ScreenLink>
		</EmptyFace>
	);
}

function Table() {
	const [ view, setView ] = useState( () =>
		tableView( {
			sort: { field: 'batch', direction: 'desc' },
			titleField: 'name',
			descriptionField: 'one_liner',
			fields: [ 'user_count', 'batch', 'status', 'industry', 'region' ],
		} )
	);
	const [ open, setOpen ] = useState< CompanyListItem >();
	const facets = useCompanyFacets();
	const rows = useCompanies( queryOf( view ) );
	return (
		<>
			<DataTable
				rows={ rows }
				columns={ columns( facets.data ) }
				view={ view }
				onChangeView={ setView }
				idOf={ ( row ) => `${ row.list_uid }/${ row.source_id }` }
				onOpen={ setOpen }
				searchLabel={ __( 'Search companies', 'rollcall' ) }
				empty={ <NoCompanies /> }
			/>
			{ open ? <CompanyDetail company={ open } onClose={ () => setOpen( undefined ) } /> : null }
		</>
	);
}

/** The companies that domains are matched against, and where they come from. */
export default function Companies() {
	const lists = useLists();
	return (
		<Frame title={ __( 'Companies', 'rollcall' ) } subtitle={ __( 'The list that your users are matched against.', 'rollcall' ) } wide>
			<div className="rollcall-stack">
				<Answer of={ lists } lines={ 3 }>
					{ ( { items } ) => (
						<>
							{ items.map( ( list ) => (
								<ListPanel key={ list.list_uid } list={ list } />
							) ) }
						</>
					) }
				</Answer>
				<Panel className="is-flush">
					<Table />
				</Panel>
			</div>
		</Frame>
	);
}
