import { Button, SelectControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import { Badge, type Tone } from '../../components/frame.tsx';
import { companyCount, formatNumber } from '../../format.ts';
import type { ListPreview, PreviewRow, RowVerdict } from '../../worker/protocol.ts';
import { fieldText, rejectionText, verdictText } from './words.ts';

const ROWS_A_PAGE = 50;
const TONES: Record< RowVerdict, Tone > = { taken: 'good', no_domain: 'warning', refused: 'bad' };
const VERDICTS: readonly RowVerdict[] = [ 'taken', 'no_domain', 'refused' ];

function Columns( { columns }: { columns: ListPreview[ 'columns' ] } ) {
	const read = columns.filter( ( { field } ) => field !== null );
	const unread = columns.filter( ( { field } ) => field === null );
	return (
		<details className="rollcall-inline-details">
			<summary>
				{ sprintf(
					/* translators: 1: number of columns that are read, 2: number of all columns. */
					__( '%1$s of %2$s columns are read', 'rollcall' ),
					formatNumber( read.length ),
					formatNumber( columns.length )
				) }
			</summary>
			<ul className="rollcall-plain-list">
				{ read.map( ( { heading, field }, index ) => (
					<li key={ index }>
						<code>{ heading }</code> → { fieldText( field ?? '' ) }
					</li>
				) ) }
			</ul>
			{ unread.length > 0 ? (
				<p className="rollcall-muted">
					{ __( 'Not read:', 'rollcall' ) } { unread.map( ( { heading } ) => heading || '–' ).join( ', ' ) }
				</p>
			) : null }
		</details>
	);
}

function Row( { row }: { row: PreviewRow } ) {
	return (
		<tr>
			<td className="is-number">{ formatNumber( row.row ) }</td>
			<td>{ row.name || '–' }</td>
			<td>
				<Badge tone={ TONES[ row.verdict ] }>{ verdictText( row.verdict ) }</Badge>
				{ row.reason ? <span className="rollcall-muted"> { rejectionText( row.reason ) }</span> : null }
			</td>
			<td>{ row.domains.join( ', ' ) || '–' }</td>
		</tr>
	);
}

/** A page of the rows with what becomes of each; those that are left out can be shown alone. */
function RowsTable( { rows }: { rows: PreviewRow[] } ) {
	const [ only, setOnly ] = useState( '' );
	const [ page, setPage ] = useState( 0 );
	const shown = only === '' ? rows : rows.filter( ( row ) => row.verdict === only );
	const pages = Math.max( 1, Math.ceil( shown.length / ROWS_A_PAGE ) );
	const all = [ { value: '', label: __( 'All rows', 'rollcall' ) } ];
	const found = VERDICTS.filter( ( verdict ) => rows.some( ( row ) => row.verdict === verdict ) );
	return (
		<div className="rollcall-stack is-tight">
			<SelectControl
				label={ __( 'Show', 'rollcall' ) }
				value={ only }
				options={ [ ...all, ...found.map( ( verdict ) => ( { value: verdict, label: verdictText( verdict ) } ) ) ] }
				onChange={ ( verdict ) => {
					setOnly( verdict );
					setPage( 0 );
				} }
				__next40pxDefaultSize
				__nextHasNoMarginBottom
			/>
			{ /* Scrolled by keyboard too, so it takes the focus. */ }
			<div className="rollcall-scroll is-tall" role="region" aria-label={ __( 'Rows of the list', 'rollcall' ) } tabIndex={ 0 }>
				<table className="rollcall-plain-table is-roomy">
					<thead>
						<tr>
							<th scope="col">{ __( 'Row', 'rollcall' ) }</th>
							<th scope="col">{ __( 'Company', 'rollcall' ) }</th>
							<th scope="col">{ __( 'What becomes of it', 'rollcall' ) }</th>
							<th scope="col">{ __( 'Domains', 'rollcall' ) }</th>
						</tr>
					</thead>
					<tbody>
						{ shown.slice( page * ROWS_A_PAGE, ( page + 1 ) * ROWS_A_PAGE ).map( ( row ) => (
							<Row key={ row.row } row={ row } />
						) ) }
					</tbody>
				</table>
			</div>
			{ pages > 1 ? (
				<div className="rollcall-actions">
					<Button
						variant="secondary"
						size="compact"
						disabled={ page === 0 }
						accessibleWhenDisabled
						onClick={ () => setPage( page - 1 ) }
					>
						{ __( 'Previous rows', 'rollcall' ) }
					</Button>
					<span role="status">
						{
							/* translators: 1: number of the page, 2: number of pages. */
							sprintf( __( 'Page %1$s of %2$s', 'rollcall' ), formatNumber( page + 1 ), formatNumber( pages ) )
						}
					</span>
					<Button
						variant="secondary"
						size="compact"
						disabled={ page + 1 >= pages }
						accessibleWhenDisabled
						onClick={ () => setPage( page + 1 ) }
					>
						{ __( 'Next rows', 'rollcall' ) }
					</Button>
				</div>
			) : null }
		</div>
	);
}

/** What a list would be once it is stored: how many companies, the columns that are read, and a verdict on each row. */
export function Preview( { preview }: { preview: ListPreview } ) {
	const counts = VERDICTS.map( ( verdict ) => ( { verdict, count: preview.rows.filter( ( row ) => row.verdict === verdict ).length } ) );
	return (
		<div className="rollcall-stack is-tight">
			<p className="rollcall-send">
				{
					/* translators: %s: number of companies, such as "86 companies". */
					sprintf( __( '%s will be stored.', 'rollcall' ), companyCount( preview.row_count ) )
				}
			</p>
			<p className="rollcall-badges">
				{ counts
					.filter( ( { count } ) => count > 0 )
					.map( ( { verdict, count } ) => (
						<Badge key={ verdict } tone={ TONES[ verdict ] }>
							{ verdictText( verdict ) }: { formatNumber( count ) }
						</Badge>
					) ) }
			</p>
			{ preview.columns.length > 0 ? <Columns columns={ preview.columns } /> : null }
			<RowsTable rows={ preview.rows } />
		</div>
	);
}
