import { __, sprintf } from '@wordpress/i18n';
import { useEffect, useRef } from 'react';
import { ErrorFace } from '../../components/faces.tsx';
import { usePrintedCompanies, useSourceTitle } from '../../data/run-queries.ts';
import { formatInstant, formatNumber } from '../../format.ts';
import { statusText } from '../../words.ts';

/** The companies of the report as one plain table on paper; on the screen it does not show. Opens the print dialog when
 *  every row is there. */
export function PrintedCompanies( { source, onDone }: { source: string; onDone: () => void } ) {
	const companies = usePrintedCompanies( source );
	const sourceTitle = useSourceTitle();
	const is_ready = companies.data !== undefined && ! companies.isFetching;
	const done = useRef( onDone );
	done.current = onDone;
	useEffect( () => {
		if ( ! is_ready ) {
			return;
		}
		const onAfterPrint = () => done.current();
		window.addEventListener( 'afterprint', onAfterPrint, { once: true } );
		window.print();
		return () => window.removeEventListener( 'afterprint', onAfterPrint );
	}, [ is_ready ] );
	if ( companies.error ) {
		return <ErrorFace error={ companies.error } onRetry={ () => void companies.refetch() } />;
	}
	if ( ! companies.data ) {
		return null;
	}
	const { items, total } = companies.data;
	const title = source === 'all' ? __( 'All addresses', 'rollcall' ) : sourceTitle( source );
	return (
		<section className="rollcall-print-only">
			<h2>
				{
					/* translators: 1: such as "Comment authors", 2: date and time. */
					sprintf( __( 'Companies: %1$s, %2$s', 'rollcall' ), title, formatInstant( new Date().toISOString() ) )
				}
			</h2>
			<table className="rollcall-plain-table">
				<thead>
					<tr>
						<th scope="col">{ __( 'Company', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Users', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Batch', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Status', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Industry', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Matched by', 'rollcall' ) }</th>
						<th scope="col">{ __( 'List', 'rollcall' ) }</th>
					</tr>
				</thead>
				<tbody>
					{ items.map( ( row ) => (
						<tr key={ `${ row.list_uid }/${ row.source_id }` }>
							<td>{ row.name }</td>
							<td>{ formatNumber( row.user_count ) }</td>
							<td>{ row.batch }</td>
							<td>{ statusText( row.status ) }</td>
							<td>{ row.industry }</td>
							<td>{ row.domains.join( ', ' ) }</td>
							<td>{ row.list_title }</td>
						</tr>
					) ) }
				</tbody>
			</table>
			{ total > items.length ? (
				<p>
					{ sprintf(
						/* translators: 1: companies printed, 2: companies in all. */
						__( 'The first %1$s of %2$s companies. The exports have all of them.', 'rollcall' ),
						formatNumber( items.length ),
						formatNumber( total )
					) }
				</p>
			) : null }
		</section>
	);
}
