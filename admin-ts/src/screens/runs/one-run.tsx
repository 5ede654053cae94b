import { __ } from '@wordpress/i18n';
import type { Run } from '../../../../companion/src/contract/report.ts';
import { Answer, RowError } from '../../components/faces.tsx';
import { Facts, Figures, Panel } from '../../components/frame.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { isOpen } from '../../data/queries.ts';
import { useRun, useSourceTitle } from '../../data/run-queries.ts';
import { formatInstant, formatNumber } from '../../format.ts';
import { reportViewOf, ScreenLink } from '../../router.tsx';
import { runPlaceText } from '../../words.ts';
import { CompareForm } from './compare-form.tsx';
import { RunState, starterOf } from './fields.tsx';

function Ended( { run }: { run: Run } ) {
	const sourceTitle = useSourceTitle();
	return (
		<>
			<Panel
				title={ formatInstant( run.started_at ) }
				actions={
					run.state === 'done' ? (
						<ScreenLink to="matcher" view={ reportViewOf( run ) }>
							{ __( 'Open the newest report', 'rollcall' ) }
						</ScreenLink>
					) : null
				}
			>
				{ run.error_code ? <RowError code={ run.error_code } message={ run.error_message } /> : null }
				<Figures
					figures={ [
						{ label: __( 'People read', 'rollcall' ), value: formatNumber( run.users_read ) },
						{ label: __( 'At listed companies', 'rollcall' ), value: formatNumber( run.matched_users ) },
						{ label: __( 'Companies', 'rollcall' ), value: formatNumber( run.matched_companies ) },
						{ label: __( 'Domains sent for matching', 'rollcall' ), value: formatNumber( run.domains_total ) },
					] }
				/>
				<Facts
					rows={ [
						{ term: __( 'State', 'rollcall' ), children: <RunState state={ run.state } /> },
						{ term: __( 'Started by', 'rollcall' ), children: starterOf( run ) },
						{ term: __( 'Ended', 'rollcall' ), children: run.finished_at ? formatInstant( run.finished_at ) : '–' },
						{ term: __( 'Addresses', 'rollcall' ), children: run.sources.map( sourceTitle ).join( ', ' ) },
						{ term: __( 'Matched in', 'rollcall' ), children: runPlaceText( run.ran_in ) },
					] }
				/>
			</Panel>
			{ run.state === 'done' ? <CompareForm fixed={ run } /> : null }
		</>
	);
}

/** A run with its figures as they were when it ended. */
export function OneRun( { run_id }: { run_id: number } ) {
	const run = useRun( run_id );
	return (
		<Answer of={ run } lines={ 6 }>
			{ ( data ) => ( isOpen( data ) ? <RunProgress open={ data } /> : <Ended run={ data } /> ) }
		</Answer>
	);
}
