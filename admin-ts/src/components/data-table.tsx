import type { Action, Field, View } from '@wordpress/dataviews';
import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import type { ReactNode } from 'react';
import type { Query, Rows } from '../data/api.ts';
import type { Loading } from '../data/queries.ts';
import { ErrorFace, LoadingFace } from './faces.tsx';
import { lazily } from './lazily.tsx';

/** A row with the identity that tables need. */
export type Row< Item > = { id: string; row: Item };
export type { View };
export type Choice = { value: string; label: string };

const NARROW_PX = 600;

/** DataViews, once its part of the page is there. */
const useVendor = lazily( () => import( /* webpackChunkName: "dataviews" */ './dataviews.ts' ) );

type ColumnOptions< Item > = {
	id: string;
	label: string;
	value: ( row: Item ) => string | number | boolean | readonly string[];
	show?: ( row: Item ) => ReactNode;
	sorts?: boolean;
	/** Choices of its filter; the REST argument is an array of their values. */
	choices?: readonly Choice[];
	/** The filter stands in the open above the table. */
	is_quick?: boolean;
	is_number?: boolean;
	/** The filter takes one choice instead of several. */
	is_single?: boolean;
	always?: boolean;
};

/** A column of a table whose search, order and filters are done by WordPress. */
export function column< Item >( options: ColumnOptions< Item > ): Field< Row< Item > > {
	const {
		id,
		label,
		value,
		show,
		sorts = false,
		choices,
		is_quick = false,
		is_number = false,
		is_single = false,
		always = false,
	} = options;
	return {
		id,
		label,
		type: is_number ? 'integer' : 'text',
		getValue: ( { item } ) => value( item.row ),
		render: ( { item } ) => <span className="rollcall-cell">{ show ? show( item.row ) : String( value( item.row ) ) }</span>,
		enableSorting: sorts,
		enableHiding: ! always,
		elements: choices ? [ ...choices ] : undefined,
		filterBy: choices ? { operators: [ is_single ? 'is' : 'isAny' ], isPrimary: is_quick } : false,
	};
}

/** Query string of a view: page, search, order, and one argument for each filter that has a value. */
export function queryOf( view: View ): Query {
	const filters = ( view.filters ?? [] ).map( ( { field, value } ): [ string, Query[ string ] ] => [ field, value ?? undefined ] );
	return {
		page: view.page ?? 1,
		per_page: view.perPage ?? 20,
		search: view.search,
		orderby: view.sort?.field,
		order: view.sort?.direction,
		...Object.fromEntries( filters ),
	};
}

/** The first view of a table. On a narrow screen rows stand below each other as a list, which needs no scrolling to the side. */
export function tableView(
	view: Omit< Extract< View, { type: 'table' } >, 'type' | 'layout' > & {
		layout?: Pick< NonNullable< Extract< View, { type: 'table' } >[ 'layout' ] >, 'styles' > & { density: 'compact' };
	}
): View {
	const is_narrow = window.innerWidth < NARROW_PX;
	return { type: is_narrow ? 'list' : 'table', page: 1, perPage: 20, search: '', filters: [], ...view };
}

type DataTableProps< Item > = {
	rows: Loading< Rows< Item > >;
	columns: Field< Row< Item > >[];
	view: View;
	onChangeView: ( view: View ) => void;
	idOf: ( row: Item ) => string;
	onOpen?: ( row: Item ) => void;
	/** What can be done with rows, one or many. */
	actions?: Action< Row< Item > >[];
	/** Off for short lists, which are shown whole. */
	has_search?: boolean;
	searchLabel?: string;
	/** Shown in place of the table when there is nothing at all. */
	empty: ReactNode;
	header?: ReactNode;
};

function NothingMatches( { onClear }: { onClear: () => void } ) {
	return (
		<div className="rollcall-empty is-small" role="status">
			<p className="rollcall-empty__text">{ __( 'Nothing matches your search and filters.', 'rollcall' ) }</p>
			<Button variant="secondary" size="compact" onClick={ onClear }>
				{ __( 'Clear search and filters', 'rollcall' ) }
			</Button>
		</div>
	);
}

/** A table with its four faces. While the first rows are on their way it never says that there are none. */
export function DataTable< Item >( {
	rows,
	columns,
	view,
	onChangeView,
	idOf,
	onOpen,
	actions,
	has_search = true,
	searchLabel,
	empty,
	header,
}: DataTableProps< Item > ) {
	const loaded = useVendor();
	const error = rows.error ?? loaded.error;
	if ( error ) {
		return <ErrorFace error={ error } onRetry={ () => void rows.refetch() } />;
	}
	if ( ! rows.data || ! loaded.part ) {
		return <LoadingFace lines={ 8 } />;
	}
	const is_narrowed = Boolean( view.search ) || ( view.filters ?? [] ).some( ( filter ) => filter.value !== undefined );
	if ( rows.data.total === 0 && ! is_narrowed && ! rows.isPlaceholderData ) {
		return <>{ empty }</>;
	}
	const { DataViews } = loaded.part;
	const items = rows.data.items.map( ( row ): Row< Item > => ( { id: idOf( row ), row } ) );
	// The list layout has no titles to click: there, selecting a row opens it.
	const openSelected = ( [ id ]: string[] ) => {
		const selected = items.find( ( item ) => item.id === id );
		return selected ? onOpen?.( selected.row ) : undefined;
	};
	return (
		<div className="rollcall-table" aria-busy={ rows.isPlaceholderData }>
			<DataViews
				data={ items }
				fields={ columns }
				actions={ actions }
				view={ view }
				onChangeView={ onChangeView }
				isLoading={ rows.isPlaceholderData }
				paginationInfo={ { totalItems: rows.data.total, totalPages: rows.data.pages } }
				defaultLayouts={ { table: true, list: true } }
				search={ has_search }
				searchLabel={ searchLabel }
				onClickItem={ onOpen ? ( item ) => onOpen( item.row ) : undefined }
				selection={ view.type === 'list' ? [] : undefined }
				onChangeSelection={ view.type === 'list' ? openSelected : undefined }
				isItemClickable={ () => onOpen !== undefined }
				empty={ <NothingMatches onClear={ () => onChangeView( { ...view, page: 1, search: '', filters: [] } ) } /> }
				header={ header }
				config={ { perPageSizes: [ 20, 50, 100 ] } }
			/>
		</div>
	);
}
