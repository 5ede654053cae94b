import { __ } from '@wordpress/i18n';
import type { CompanyFacets, CompanyList, CompanyListItem } from '../../../../companion/src/contract/list.ts';
import { statusTone } from '../../components/company-detail.tsx';
import { column, type Choice } from '../../components/data-table.tsx';
import { Badge } from '../../components/frame.tsx';
import { formatDay, formatNumber } from '../../format.ts';
import { statusText } from '../../words.ts';

const plain = ( words: readonly string[] | undefined ): Choice[] =>
	( words ?? [] ).filter( Boolean ).map( ( word ) => ( { value: word, label: word } ) );

/** Columns without a filter. */
function figures() {
	return [
		column< CompanyListItem >( {
			id: 'team_size',
			label: __( 'Team', 'rollcall' ),
			value: ( row ) => row.team_size ?? 0,
			show: ( row ) => ( row.team_size === null ? '–' : formatNumber( row.team_size ) ),
			sorts: true,
			is_number: true,
		} ),
		column< CompanyListItem >( {
			id: 'user_count',
			label: __( 'Users here', 'rollcall' ),
			value: ( row ) => row.user_count,
			show: ( row ) => formatNumber( row.user_count ),
			sorts: true,
			is_number: true,
		} ),
		column< CompanyListItem >( {
			id: 'domains',
			label: __( 'Domains', 'rollcall' ),
			value: ( row ) => row.domains.map( ( { domain } ) => domain ),
			show: ( row ) => row.domains.map( ( { domain } ) => domain ).join( ', ' ) || '–',
		} ),
		column< CompanyListItem >( {
			id: 'launched_at',
			label: __( 'On the list since', 'rollcall' ),
			value: ( row ) => row.launched_at ?? '',
			show: ( row ) => ( row.launched_at ? formatDay( row.launched_at ) : '–' ),
		} ),
	];
}

/** Columns of the Companies screen; the filters take their choices from the lists themselves. */
export function columns( facets: CompanyFacets | undefined, lists: readonly CompanyList[] ) {
	const titles = new Map( lists.map( ( { list_uid, title } ) => [ list_uid, title ] ) );
	return [
		column< CompanyListItem >( {
			id: 'name',
			label: __( 'Company', 'rollcall' ),
			value: ( row ) => row.name,
			show: ( row ) => (
				<>
					{ row.name }
					{ row.removed_at ? <Badge tone="warning">{ __( 'Left the list', 'rollcall' ) }</Badge> : null }
				</>
			),
			sorts: true,
			always: true,
		} ),
		column< CompanyListItem >( { id: 'one_liner', label: __( 'What it does', 'rollcall' ), value: ( row ) => row.one_liner } ),
		column< CompanyListItem >( {
			id: 'batch',
			label: __( 'Batch', 'rollcall' ),
			value: ( row ) => row.batch,
			sorts: true,
			choices: plain( facets?.batches ),
			is_quick: true,
		} ),
		column< CompanyListItem >( {
			id: 'status',
			label: __( 'Status', 'rollcall' ),
			value: ( row ) => row.status,
			show: ( row ) => <Badge tone={ statusTone( row.status ) }>{ statusText( row.status ) }</Badge>,
			sorts: true,
			choices: ( facets?.statuses ?? [] ).map( ( status ) => ( { value: status, label: statusText( status ) } ) ),
			is_quick: true,
		} ),
		column< CompanyListItem >( {
			id: 'industry',
			label: __( 'Industry', 'rollcall' ),
			value: ( row ) => row.industry,
			sorts: true,
			choices: plain( facets?.industries ),
			is_quick: true,
		} ),
		column< CompanyListItem >( {
			id: 'region',
			label: __( 'Region', 'rollcall' ),
			value: ( row ) => row.regions,
			show: ( row ) => row.regions.slice( 0, 2 ).join( ', ' ) || '–',
			choices: plain( facets?.regions ),
			is_quick: true,
		} ),
		column< CompanyListItem >( {
			id: 'list',
			label: __( 'List', 'rollcall' ),
			value: ( row ) => row.list_uid,
			show: ( row ) => titles.get( row.list_uid ) ?? row.list_uid,
			choices: lists.length > 1 ? lists.map( ( { list_uid, title } ) => ( { value: list_uid, label: title } ) ) : undefined,
			is_quick: true,
		} ),
		...figures(),
	];
}
