import { __ } from '@wordpress/i18n';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Bar } from './bar-chart.tsx';

type ColumnChartProps = {
	title: string;
	/** In order of time, oldest first. */
	columns: readonly Bar[];
	/** Names of the two columns of the table that screen readers get. */
	headings: readonly [ string, string ];
	onPick?: ( key: string ) => void;
};

const HEIGHT = 120;
const STEP = 14;
const WIDTH = 10;

/** The column to which a key moves the focus; undefined when the key does nothing. */
function target( key: string, index: number, last: number ): number | undefined {
	switch ( key ) {
		case 'ArrowRight':
			return Math.min( last, index + 1 );
		case 'ArrowLeft':
			return Math.max( 0, index - 1 );
		case 'Home':
			return 0;
		case 'End':
			return last;
		default:
			return undefined;
	}
}

/** The same figures as a table, for screen readers. */
function Figures( { title, columns, headings }: Pick< ColumnChartProps, 'title' | 'columns' | 'headings' > ) {
	return (
		<table className="screen-reader-text">
			<caption>{ title }</caption>
			<thead>
				<tr>
					<th scope="col">{ headings[ 0 ] }</th>
					<th scope="col">{ headings[ 1 ] }</th>
				</tr>
			</thead>
			<tbody>
				{ columns.map( ( column ) => (
					<tr key={ column.key }>
						<th scope="row">{ column.label }</th>
						<td>{ column.text }</td>
					</tr>
				) ) }
			</tbody>
		</table>
	);
}

/** Columns over time as inline SVG. One tab stop; arrow keys walk the columns, Enter opens one, the line below
 *  reads it out. A table with the same figures stands beside it for screen readers. */
export function ColumnChart( { title, columns, headings, onPick }: ColumnChartProps ) {
	const [ picked, setPicked ] = useState< number >();
	const shapes = useRef< ( SVGGElement | null )[] >( [] );
	const highest = Math.max( 1, ...columns.map( ( column ) => column.value ) );
	const focusable = picked ?? columns.length - 1;
	const current = columns[ focusable ];

	const onKeyDown = ( event: KeyboardEvent, index: number ) => {
		const next = target( event.key, index, columns.length - 1 );
		if ( next !== undefined ) {
			event.preventDefault();
			setPicked( next );
			shapes.current[ next ]?.focus();
		}
		if ( event.key === 'Enter' || event.key === ' ' ) {
			event.preventDefault();
			onPick?.( columns[ index ]?.key ?? '' );
		}
	};

	if ( columns.length === 0 ) {
		return (
			<figure className="rollcall-chart">
				<figcaption className="rollcall-chart__title">{ title }</figcaption>
				<p className="rollcall-muted">{ __( 'Nothing to show yet.', 'rollcall' ) }</p>
			</figure>
		);
	}
	return (
		<figure className="rollcall-chart">
			<figcaption className="rollcall-chart__title">{ title }</figcaption>
			<svg
				className="rollcall-columns"
				viewBox={ `0 0 ${ Math.max( 1, columns.length ) * STEP } ${ HEIGHT }` }
				preserveAspectRatio="none"
				height={ HEIGHT }
				width="100%"
				role="group"
				aria-label={ title }
			>
				{ columns.map( ( column, index ) => {
					const height = Math.max( 2, ( column.value / highest ) * ( HEIGHT - 4 ) );
					return (
						<g
							key={ column.key }
							ref={ ( shape ) => {
								shapes.current[ index ] = shape;
							} }
							className={ index === picked ? 'rollcall-column is-picked' : 'rollcall-column' }
							role="button"
							aria-label={ `${ column.label }: ${ column.text }` }
							tabIndex={ index === focusable ? 0 : -1 }
							onFocus={ () => setPicked( index ) }
							onMouseEnter={ () => setPicked( index ) }
							onKeyDown={ ( event ) => onKeyDown( event, index ) }
							onClick={ () => onPick?.( column.key ) }
						>
							<rect className="rollcall-column__area" x={ index * STEP } y={ 0 } width={ STEP } height={ HEIGHT } />
							<rect
								className="rollcall-column__fill"
								x={ index * STEP + ( STEP - WIDTH ) / 2 }
								y={ HEIGHT - height }
								width={ WIDTH }
								height={ height }
							/>
						</g>
					);
				} ) }
			</svg>
			<p className="rollcall-chart__reading" aria-hidden="true">
				{ current ? `${ current.label }: ${ current.text }` : '' }
			</p>
			<Figures title={ title } columns={ columns } headings={ headings } />
		</figure>
	);
}
