import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import { Button } from '@wordpress/components';

export type Bar = {
	key: string;
	label: string;
	value: number;
	/** Value with its unit, as people read it. */
	text: string;
	is_accent?: boolean;
};

type BarChartProps = {
	title: string;
	bars: readonly Bar[];
	/** Bars shown at first; the rest opens by a button. */
	shown?: number;
	/** Opens the rows behind a bar; its name for screen readers is made by the caller. */
	onPick?: ( key: string ) => void;
	pickLabel?: ( bar: Bar ) => string;
};

const HEIGHT = 8;

function BarShape( { share, is_accent }: { share: number; is_accent: boolean } ) {
	return (
		<svg className="rollcall-bar__shape" width="100%" height={ HEIGHT } aria-hidden="true" focusable="false">
			<rect className="rollcall-bar__track" width="100%" height={ HEIGHT } rx={ HEIGHT / 2 } />
			<rect
				className={ is_accent ? 'rollcall-bar__fill is-accent' : 'rollcall-bar__fill' }
				width={ `${ share * 100 }%` }
				height={ HEIGHT }
				rx={ HEIGHT / 2 }
			/>
		</svg>
	);
}

/** Horizontal bars, longest value full width. Label and value are real text, so the chart is its own table
 *  for screen readers, and each bar is a button where there are rows behind it. */
export function BarChart( { title, bars, shown = 6, onPick, pickLabel }: BarChartProps ) {
	const [ is_open, setOpen ] = useState( false );
	const highest = Math.max( 1, ...bars.map( ( bar ) => bar.value ) );
	const visible = is_open ? bars : bars.slice( 0, shown );
	return (
		<figure className="rollcall-chart">
			<figcaption className="rollcall-chart__title">{ title }</figcaption>
			{ bars.length === 0 ? <p className="rollcall-muted">{ __( 'Nothing to show yet.', 'rollcall' ) }</p> : null }
			<ol className="rollcall-bars">
				{ visible.map( ( bar ) => {
					const inside = (
						<>
							<span className="rollcall-bar__label">{ bar.label }</span>
							<span className="rollcall-bar__value">{ bar.text }</span>
							<BarShape share={ bar.value / highest } is_accent={ bar.is_accent ?? true } />
						</>
					);
					return (
						<li key={ bar.key }>
							{ onPick ? (
								<button
									type="button"
									className="rollcall-bar"
									title={ pickLabel?.( bar ) }
									onClick={ () => onPick( bar.key ) }
								>
									{ inside }
								</button>
							) : (
								<div className="rollcall-bar">{ inside }</div>
							) }
						</li>
					);
				} ) }
			</ol>
			{ bars.length > shown ? (
				<Button className="rollcall-no-print" variant="link" aria-expanded={ is_open } onClick={ () => setOpen( ! is_open ) }>
					{ is_open ? __( 'Show less', 'rollcall' ) : __( 'Show all', 'rollcall' ) }
				</Button>
			) : null }
		</figure>
	);
}
