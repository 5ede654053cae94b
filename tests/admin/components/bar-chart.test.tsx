import { readFileSync } from 'node:fs';
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { BarChart, type Bar } from '../../../admin-ts/src/components/bar-chart.tsx';

const BARS = Array.from( { length: 8 }, ( _, index ): Bar => ( {
	key: `k${ index }`,
	label: `Bar ${ index }`,
	value: index,
	text: `${ index }`,
} ) );

describe( 'a bar chart', () => {
	it( 'opens the bars beyond the first by a button that is not printed', () => {
		render( <BarChart title="Batches" bars={ BARS } /> );
		expect( screen.getAllByRole( 'listitem' ) ).toHaveLength( 6 );
		const button = screen.getByRole( 'button', { name: 'Show all' } );
		expect( button.className ).toContain( 'rollcall-no-print' );
		expect( readFileSync( 'admin-ts/src/styles/_print.scss', 'utf8' ) ).toMatch( /@media print[^]*\.rollcall-no-print/ );
		fireEvent.click( button );
		expect( screen.getAllByRole( 'listitem' ) ).toHaveLength( 8 );
	} );
} );
