import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState, type ReactNode } from 'react';
import type { ReportCompanyRow } from '../../../../companion/src/contract/report.ts';
import { CompanyDetail } from '../../components/company-detail.tsx';
import { DataTable, queryOf, tableView, type View } from '../../components/data-table.tsx';
import { linkTo } from '../../data/api.ts';
import { useCompanyFacets } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { sourceQuery, useReportCompanies, useReportDomains, useReportUsers } from '../../data/run-queries.ts';
import { companyColumns, domainColumns, userColumns } from './fields.tsx';
import { monitorActions, MonitorSites, type Companies } from './monitor-sites.tsx';
import type { Pick } from './report-view.tsx';

/** The filters that a pick on a chart sets. */
function pickedFilters( pick: Pick | undefined ): View[ 'filters' ] {
	return pick ? [ { field: pick.field, operator: 'isAny', value: pick.value.split( ',' ) } ] : [];
}

function isFilteredBy( view: View, field: string, value: string ): boolean {
	return ( view.filters ?? [] ).some( ( filter ) => filter.field === field && [ filter.value ].flat().includes( value ) );
}

/** A button that sets one filter, and takes it back when it is on. */
function Quick( {
	view,
	onChangeView,
	field,
	value,
	is_single = false,
	children,
}: {
	view: View;
	onChangeView: ( view: View ) => void;
	field: string;
	value: string;
	is_single?: boolean;
	children: ReactNode;
} ) {
	const is_on = isFilteredBy( view, field, value );
	const others = ( view.filters ?? [] ).filter( ( filter ) => filter.field !== field );
	const own = is_single ? { field, operator: 'is' as const, value } : { field, operator: 'isAny' as const, value: [ value ] };
	return (
		<Button
			variant="secondary"
			size="compact"
			isPressed={ is_on }
			onClick={ () => onChangeView( { ...view, page: 1, filters: is_on ? others : [ ...others, own ] } ) }
		>
			{ children }
		</Button>
	);
}

type BarProps = { tab: string; source: string; view: View; more?: ReactNode; children?: ReactNode };

/** Quick filters, what is done with the rows, and the two downloads of the rows that the view shows, all pages. */
function Bar( { tab, source, view, more, children }: BarProps ) {
	const { page, per_page, ...filters } = { ...queryOf( view ), ...sourceQuery( source ) };
	return (
		<div className="rollcall-actions is-spread rollcall-tab-bar">
			<div className="rollcall-actions" role="group" aria-label={ __( 'Quick filters', 'rollcall' ) }>
				{ children }
			</div>
			<div className="rollcall-actions">
				{ more }
				<Button
					variant="tertiary"
					size="compact"
					href={ linkTo( `/report/${ tab }/export`, { ...filters, format: 'csv' } ) }
					download
				>
					{ __( 'Export CSV', 'rollcall' ) }
				</Button>
				<Button
					variant="tertiary"
					size="compact"
					href={ linkTo( `/report/${ tab }/export`, { ...filters, format: 'json' } ) }
					download
				>
					{ __( 'Export JSON', 'rollcall' ) }
				</Button>
			</div>
		</div>
	);
}

function Nothing( { children }: { children: ReactNode } ) {
	return (
		<div className="rollcall-empty is-small">
			<p className="rollcall-empty__text">{ children }</p>
		</div>
	);
}

export function CompaniesTab( { source, pick }: { source: string; pick?: Pick } ) {
	const [ view, setView ] = useState( () =>
		tableView( {
			sort: { field: 'user_count', direction: 'desc' },
			titleField: 'name',
			fields: [ 'user_count', 'batch', 'status', 'industry', 'domains', 'site', 'list' ],
			filters: pickedFilters( pick ),
		} )
	);
	const [ open, setOpen ] = useState< ReportCompanyRow >();
	const [ monitors, setMonitors ] = useState< Companies >();
	const facets = useCompanyFacets();
	const rows = useReportCompanies( { ...queryOf( view ), ...sourceQuery( source ) } );
	// Sites are those of companies at which users of WordPress work.
	const may_monitor = pageSettings().can.manage && ( source === 'users' || source === 'all' );
	const monitor_button =
		may_monitor && rows.data && rows.data.total > 0 ? (
			<Button variant="secondary" size="compact" onClick={ () => setMonitors( 'all' ) }>
				{ __( 'Monitor these companies’ sites', 'rollcall' ) }
			</Button>
		) : null;
	return (
		<>
			<Bar tab="companies" source={ source } view={ view } more={ monitor_button }>
				<Quick view={ view } onChangeView={ setView } field="ambiguous" value="1" is_single>
					{ __( 'Ambiguous', 'rollcall' ) }
				</Quick>
			</Bar>
			<DataTable
				rows={ rows }
				columns={ companyColumns( facets.data ) }
				actions={ may_monitor ? monitorActions( setMonitors ) : [] }
				view={ view }
				onChangeView={ setView }
				idOf={ ( row ) => `${ row.list_uid }/${ row.source_id }` }
				onOpen={ setOpen }
				searchLabel={ __( 'Search companies', 'rollcall' ) }
				empty={
					<Nothing>
						{ __( 'Nobody here is at a listed company. The Domains tab shows what their addresses are.', 'rollcall' ) }
					</Nothing>
				}
			/>
			{ open ? <CompanyDetail company={ open } onClose={ () => setOpen( undefined ) } /> : null }
			{ monitors ? <MonitorSites companies={ monitors } onClose={ () => setMonitors( undefined ) } /> : null }
		</>
	);
}

export function DomainsTab( { source, pick }: { source: string; pick?: Pick } ) {
	const [ view, setView ] = useState( () =>
		tableView( {
			sort: { field: 'user_count', direction: 'desc' },
			titleField: 'domain',
			fields: [ 'user_count', 'label', 'companies', 'evidence' ],
			filters: pickedFilters( pick ),
		} )
	);
	const rows = useReportDomains( { ...queryOf( view ), ...sourceQuery( source ) } );
	return (
		<>
			<Bar tab="domains" source={ source } view={ view }>
				<Quick view={ view } onChangeView={ setView } field="label" value="unmatched">
					{ __( 'Other organisations', 'rollcall' ) }
				</Quick>
				<Quick view={ view } onChangeView={ setView } field="ambiguous" value="1" is_single>
					{ __( 'Ambiguous', 'rollcall' ) }
				</Quick>
				<Quick view={ view } onChangeView={ setView } field="label" value="waiting">
					{ __( 'Waiting for a label', 'rollcall' ) }
				</Quick>
			</Bar>
			<DataTable
				rows={ rows }
				columns={ domainColumns() }
				view={ view }
				onChangeView={ setView }
				idOf={ ( row ) => row.domain }
				searchLabel={ __( 'Search domains', 'rollcall' ) }
				empty={ <Nothing>{ __( 'Nobody has a usable address yet.', 'rollcall' ) }</Nothing> }
			/>
		</>
	);
}

export function UsersTab( { source, pick }: { source: string; pick?: Pick } ) {
	const [ view, setView ] = useState( () =>
		tableView( {
			sort: { field: 'registered', direction: 'desc' },
			titleField: 'display_name',
			fields: [ 'user_email', 'label', 'companies', 'batch', 'registered' ],
			filters: pickedFilters( pick ),
		} )
	);
	const facets = useCompanyFacets();
	const rows = useReportUsers( { ...queryOf( view ), ...sourceQuery( source ) } );
	return (
		<>
			<Bar tab="users" source={ source } view={ view }>
				<Quick view={ view } onChangeView={ setView } field="label" value="company">
					{ __( 'At listed companies', 'rollcall' ) }
				</Quick>
				<Quick view={ view } onChangeView={ setView } field="label" value="unmatched">
					{ __( 'Other organisations', 'rollcall' ) }
				</Quick>
			</Bar>
			<DataTable
				rows={ rows }
				columns={ userColumns( facets.data ) }
				view={ view }
				onChangeView={ setView }
				idOf={ ( row ) => String( row.user_id ) }
				searchLabel={ __( 'Search users', 'rollcall' ) }
				empty={ <Nothing>{ __( 'This site has no users yet.', 'rollcall' ) }</Nothing> }
			/>
		</>
	);
}
