import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import type { CompanyList, CompanyListItem } from '../../../../companion/src/contract/list.ts';
import { CompanyDetail } from '../../components/company-detail.tsx';
import { DataTable, queryOf, tableView } from '../../components/data-table.tsx';
import { Answer, EmptyFace } from '../../components/faces.tsx';
import { Frame, Panel } from '../../components/frame.tsx';
import { useCompanies, useCompanyFacets, useLists, useOverview } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { ScreenLink, useLink, useRouter } from '../../router.tsx';
import { AddList } from './add-list.tsx';
import { Changes } from './changes.tsx';
import { columns } from './fields.tsx';
import { ListCard } from './list-card.tsx';
import { Rows } from './rows.tsx';

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
				{ pageSettings().can.settings
					? __(
							'Bring one here with this browser, by the buttons of the list above, or connect the companion (the helper program), which fetches it by itself.',
							'rollcall'
						)
					: __( 'The companion (the helper program) fetches it. Connect one first.', 'rollcall' ) }
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

function Table( { lists }: { lists: CompanyList[] } ) {
	const [ view, setView ] = useState( () =>
		tableView( {
			sort: { field: 'batch', direction: 'desc' },
			titleField: 'name',
			descriptionField: 'one_liner',
			fields: [ 'user_count', 'batch', 'status', 'industry', 'region', ...( lists.length > 1 ? [ 'list' ] : [] ) ],
		} )
	);
	const [ open, setOpen ] = useState< CompanyListItem >();
	const facets = useCompanyFacets();
	const rows = useCompanies( queryOf( view ) );
	return (
		<>
			<DataTable
				rows={ rows }
				columns={ columns( facets.data, lists ) }
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

/** The lists, and the companies of all of them in one table. */
function Home() {
	const [ adds, setAdds ] = useState( false );
	const lists = useLists();
	const add = pageSettings().can.settings ? (
		<Button variant="primary" onClick={ () => setAdds( true ) } __next40pxDefaultSize>
			{ __( 'Add a list', 'rollcall' ) }
		</Button>
	) : null;
	return (
		<Frame
			title={ __( 'Companies', 'rollcall' ) }
			subtitle={ __( 'The lists that your users are matched against.', 'rollcall' ) }
			actions={ add }
			wide
		>
			<div className="rollcall-stack">
				<Answer of={ lists } lines={ 3 }>
					{ ( { items } ) => (
						<div className="rollcall-grid is-charts">
							{ items.map( ( list ) => (
								<ListCard key={ list.list_uid } list={ list } />
							) ) }
						</div>
					) }
				</Answer>
				<Panel className="is-flush">
					{ /* Which list a company is on is a column once there are several. */ }
					<Table key={ lists.data && lists.data.items.length > 1 ? 'several' : 'one' } lists={ lists.data?.items ?? [] } />
				</Panel>
			</div>
			{ adds ? <AddList onClose={ () => setAdds( false ) } /> : null }
		</Frame>
	);
}

/** The companies that domains are matched against, and where they come from. */
export default function Companies() {
	const { view } = useRouter();
	const [ , name, list_uid = '' ] = /^(changes|rows)-([a-z0-9_-]{1,64})$/.exec( view ) ?? [];
	if ( name === 'changes' ) {
		return <Changes key={ list_uid } list_uid={ list_uid } />;
	}
	return name === 'rows' ? <Rows key={ list_uid } list_uid={ list_uid } /> : <Home />;
}
