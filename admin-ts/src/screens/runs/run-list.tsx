import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import { DataTable, queryOf, tableView } from '../../components/data-table.tsx';
import { EmptyFace } from '../../components/faces.tsx';
import { Panel } from '../../components/frame.tsx';
import { useRuns, useSourceTitle } from '../../data/run-queries.ts';
import { useLink, useRouter } from '../../router.tsx';
import { CompareForm } from './compare-form.tsx';
import { runColumns } from './fields.tsx';

function NoRuns() {
	const link = useLink( 'matcher' );
	return (
		<EmptyFace
			title={ __( 'No run yet.', 'rollcall' ) }
			action={
				<Button variant="primary" { ...link } __next40pxDefaultSize>
					{ __( 'Go to the matcher', 'rollcall' ) }
				</Button>
			}
		>
			{ __( 'Each run is kept here with its figures, so that you can compare any two of them.', 'rollcall' ) }
		</EmptyFace>
	);
}

/** All runs as a table, and the way to compare two of them. */
export function RunList() {
	const [ view, setView ] = useState( () =>
		tableView( {
			sort: { field: 'started_at', direction: 'desc' },
			titleField: 'started_at',
			fields: [ 'started_by', 'sources', 'ran_in', 'state', 'figures' ],
		} )
	);
	const { go } = useRouter();
	const sourceTitle = useSourceTitle();
	const runs = useRuns( queryOf( view ) );
	return (
		<div className="rollcall-stack">
			<CompareForm />
			<Panel className="is-flush">
				<DataTable
					rows={ runs }
					columns={ runColumns( sourceTitle ) }
					view={ view }
					onChangeView={ setView }
					idOf={ ( run ) => String( run.run_id ) }
					onOpen={ ( run ) => go( 'runs', String( run.run_id ) ) }
					has_search={ false }
					empty={ <NoRuns /> }
				/>
			</Panel>
		</div>
	);
}
