import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import type { ListChangeRow } from '../../../../companion/src/contract/list.ts';
import { LIST_CHANGES, wordsOf, type ListChange } from '../../../../companion/src/contract/vocabulary.ts';
import { CompanyDetail, statusTone } from '../../components/company-detail.tsx';
import { column, DataTable, queryOf, tableView } from '../../components/data-table.tsx';
import { EmptyFace } from '../../components/faces.tsx';
import { Badge, Frame, Panel, type Tone } from '../../components/frame.tsx';
import { useListChanges } from '../../data/list-queries.ts';
import { useLists } from '../../data/queries.ts';
import { formatNumber } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';
import { statusText } from '../../words.ts';
import { changeText } from './words.ts';

const TONES: Record< ListChange, Tone > = { added: 'good', changed: 'neutral', moved: 'accent', removed: 'warning' };

/** What it was before and what it is now; only the latter when nothing changed. */
function Before( { before, now }: { before: string; now: string } ) {
	return before === '' || before === now ? (
		<>{ now || '–' }</>
	) : (
		<>
			<s>{ before }</s> { now || '–' }
		</>
	);
}

function columns() {
	return [
		column< ListChangeRow >( {
			id: 'name',
			label: __( 'Company', 'rollcall' ),
			value: ( row ) => row.name,
			show: ( row ) => <Before before={ row.previous_name ?? '' } now={ row.name } />,
			sorts: true,
			always: true,
		} ),
		column< ListChangeRow >( {
			id: 'change',
			label: __( 'Change', 'rollcall' ),
			value: ( row ) => row.change,
			show: ( row ) => <Badge tone={ TONES[ row.change ] }>{ changeText( row.change ) }</Badge>,
			choices: wordsOf( LIST_CHANGES ).map( ( change ) => ( { value: change, label: changeText( change ) } ) ),
			is_quick: true,
		} ),
		column< ListChangeRow >( {
			id: 'user_count',
			label: __( 'Users concerned', 'rollcall' ),
			value: ( row ) => row.user_count,
			show: ( row ) => formatNumber( row.user_count ),
			sorts: true,
			is_number: true,
		} ),
		column< ListChangeRow >( {
			id: 'domains',
			label: __( 'Domains', 'rollcall' ),
			value: ( row ) => row.domains,
			show: ( row ) => <Before before={ row.previous_domains.join( ', ' ) } now={ row.domains.join( ', ' ) } />,
		} ),
		column< ListChangeRow >( {
			id: 'status',
			label: __( 'Status', 'rollcall' ),
			value: ( row ) => row.status,
			show: ( row ) =>
				row.previous_status && row.previous_status !== row.status ? (
					<>
						<s>{ statusText( row.previous_status ) }</s>{ ' ' }
						<Badge tone={ statusTone( row.status ) }>{ statusText( row.status ) }</Badge>
					</>
				) : (
					<Badge tone={ statusTone( row.status ) }>{ statusText( row.status ) }</Badge>
				),
		} ),
		column< ListChangeRow >( { id: 'batch', label: __( 'Batch', 'rollcall' ), value: ( row ) => row.batch } ),
	];
}

/** What the version in use changed, and how many users each change concerns. */
export function Changes( { list_uid }: { list_uid: string } ) {
	const [ view, setView ] = useState( () =>
		tableView( {
			sort: { field: 'user_count', direction: 'desc' },
			titleField: 'name',
			fields: [ 'change', 'user_count', 'domains', 'status', 'batch' ],
		} )
	);
	const [ open, setOpen ] = useState< ListChangeRow >();
	const rows = useListChanges( list_uid, queryOf( view ) );
	const list = useLists().data?.items.find( ( one ) => one.list_uid === list_uid );
	return (
		<Frame
			title={ __( 'Changes', 'rollcall' ) }
			subtitle={ list?.title ?? __( 'What the newest version of the list changed.', 'rollcall' ) }
			wide
		>
			<div className="rollcall-stack">
				<p>
					<ScreenLink to="companies">{ __( 'Back to all lists', 'rollcall' ) }</ScreenLink>
				</p>
				<Panel className="is-flush">
					<DataTable
						rows={ rows }
						columns={ columns() }
						view={ view }
						onChangeView={ setView }
						idOf={ ( row ) => `${ row.change }-${ row.source_id }` }
						onOpen={ setOpen }
						searchLabel={ __( 'Search changes', 'rollcall' ) }
						empty={
							<EmptyFace title={ __( 'Nothing has changed yet.', 'rollcall' ) }>
								{ __(
									'Companies that are added, renamed, moved or removed by the next version are shown here.',
									'rollcall'
								) }
							</EmptyFace>
						}
					/>
				</Panel>
			</div>
			{ open ? <CompanyDetail company={ { ...open, list_uid } } onClose={ () => setOpen( undefined ) } /> : null }
		</Frame>
	);
}
