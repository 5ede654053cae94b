import { Button, ExternalLink, Modal } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { CompanyList } from '../../../../companion/src/contract/list.ts';
import { Age } from '../../components/age.tsx';
import { Facts } from '../../components/frame.tsx';
import { companyCount, formatNumber } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';
import { sourceText } from '../../words.ts';
import { SAMPLE_URL } from './list-fields.tsx';
import { ownerText, rejectionText, scheduleText } from './words.ts';

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

/** How many rows were left out, and the first of them on demand. */
function LeftOut( { list }: { list: CompanyList } ) {
	const [ opens, setOpens ] = useState( false );
	const text = sprintf(
		/* translators: %s: number of rows. */
		_n( '%s row', '%s rows', list.rejected_count, 'rollcall' ),
		formatNumber( list.rejected_count )
	);
	return (
		<>
			<Button variant="link" onClick={ () => setOpens( true ) }>
				{ text }
			</Button>
			{ opens ? (
				<Modal title={ __( 'Rows that were left out', 'rollcall' ) } size="medium" onRequestClose={ () => setOpens( false ) }>
					{ list.rejected_count > list.rejections.length ? (
						<p>
							{
								/* translators: %s: number of rows. */
								sprintf( __( 'These are the first %s of them.', 'rollcall' ), formatNumber( list.rejections.length ) )
							}
						</p>
					) : null }
					<table className="rollcall-plain-table">
						<thead>
							<tr>
								<th scope="col">{ __( 'Row', 'rollcall' ) }</th>
								<th scope="col">{ __( 'What stands there', 'rollcall' ) }</th>
								<th scope="col">{ __( 'Why', 'rollcall' ) }</th>
							</tr>
						</thead>
						<tbody>
							{ list.rejections.map( ( row, index ) => (
								<tr key={ index }>
									<td className="is-number">{ formatNumber( row.row ) }</td>
									<td>{ row.text || '–' }</td>
									<td>{ rejectionText( row.reason ) }</td>
								</tr>
							) ) }
						</tbody>
					</table>
				</Modal>
			) : null }
		</>
	);
}

function sourceOf( list: CompanyList ) {
	if ( list.url === SAMPLE_URL ) {
		return sourceText( 'sample' );
	}
	return list.url === '' ? (
		sourceText( list.source )
	) : (
		<ExternalLink href={ list.url }>{ list.url.replace( /^https?:\/\//, '' ) }</ExternalLink>
	);
}

/** Where a list comes from, how old it is, and what changed. */
export function ListFacts( { list }: { list: CompanyList } ) {
	const is_fetched = list.owner === 'companion';
	const rows = [
		{ term: __( 'Source', 'rollcall' ), children: sourceOf( list ) },
		{
			term: __( 'In use', 'rollcall' ),
			children: list.active_version > 0 ? companyCount( list.row_count ) : __( 'Nothing yet', 'rollcall' ),
		},
		{
			term: __( 'Kept', 'rollcall' ),
			children: is_fetched ? `${ ownerText( list.owner ) } · ${ scheduleText( list.schedule_hours ) }` : ownerText( list.owner ),
		},
		list.rejected_count > 0 ? { term: __( 'Left out', 'rollcall' ), children: <LeftOut list={ list } /> } : undefined,
		list.source_updated_at
			? { term: __( 'Changed at the source', 'rollcall' ), children: <Age instant={ list.source_updated_at } /> }
			: undefined,
		list.fetched_at && list.active_source !== 'sample'
			? {
					term: is_fetched ? __( 'Fetched', 'rollcall' ) : __( 'Last change', 'rollcall' ),
					children: <Age instant={ list.fetched_at } />,
				}
			: undefined,
		is_fetched && list.checked_at ? { term: __( 'Looked at', 'rollcall' ), children: <Age instant={ list.checked_at } /> } : undefined,
		list.changes || list.active_version > 1
			? {
					term: __( 'What changed last', 'rollcall' ),
					children: (
						<>
							{ list.changes ? `${ changesText( list.changes ) } ` : null }
							<ScreenLink to="companies" view={ `changes-${ list.list_uid }` }>
								{ __( 'See whom it concerns', 'rollcall' ) }
							</ScreenLink>
						</>
					),
				}
			: undefined,
	];
	return <Facts rows={ rows.filter( ( row ) => row !== undefined ) } />;
}
