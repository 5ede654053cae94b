import { Button } from '@wordpress/components';
import { useQueryClient } from '@tanstack/react-query';
import { __, sprintf } from '@wordpress/i18n';
import { useEffect, useState } from 'react';
import type { Rule } from '../../../../companion/src/contract/list.ts';
import { JobProgress } from '../../components/job-progress.tsx';
import { ErrorFace, RowError } from '../../components/faces.tsx';
import { Panel } from '../../components/frame.tsx';
import { useDecideRule, useFindMoves, useJob, useRules } from '../../data/list-queries.ts';
import { isOpen, useOverview } from '../../data/queries.ts';
import { userCount } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { ScreenLink } from '../../router.tsx';

/** How many proposals stand here at once; the table below has all. */
const SHOWN = 20;

function Proposal( { rule }: { rule: Rule } ) {
	const decide = useDecideRule();
	const may = pageSettings().can.manage;
	const is_busy = decide.isPending;
	return (
		<li className="rollcall-proposal">
			<div>
				<p>
					<strong>
						{
							/* translators: 1: domain, 2: name of a company. */
							sprintf( __( '%1$s belongs to %2$s?', 'rollcall' ), rule.domain, rule.company_name )
						}
					</strong>
				</p>
				<p className="rollcall-muted">
					{ rule.evidence } · { userCount( rule.user_count ) }
				</p>
				{ decide.error ? <ErrorFace error={ decide.error } /> : null }
			</div>
			{ may ? (
				<div className="rollcall-actions">
					<Button
						variant="secondary"
						size="compact"
						disabled={ is_busy }
						onClick={ () => decide.mutate( { domain: rule.domain, decision: 'confirm' } ) }
					>
						{ __( 'Confirm', 'rollcall' ) } <span className="screen-reader-text">{ rule.domain }</span>
					</Button>
					<Button
						variant="tertiary"
						size="compact"
						disabled={ is_busy }
						onClick={ () => decide.mutate( { domain: rule.domain, decision: 'decline' } ) }
					>
						{ __( 'Decline', 'rollcall' ) } <span className="screen-reader-text">{ rule.domain }</span>
					</Button>
				</div>
			) : null }
		</li>
	);
}

/** Starts the search for sites that moved, and follows it to its end. */
function Search() {
	const [ started, setStarted ] = useState< string >();
	const overview = useOverview().data;
	const open = overview?.open_jobs.find( ( { kind } ) => kind === 'redirects' );
	const job = useJob( started ?? open?.job_uid ).data;
	const find = useFindMoves();
	const client = useQueryClient();
	const is_done = job?.state === 'done';
	useEffect( () => {
		if ( is_done ) {
			void client.invalidateQueries( { queryKey: [ 'rules' ] } );
		}
	}, [ is_done, client ] );
	if ( overview?.next_step === 'connect' ) {
		return (
			<p className="rollcall-muted">
				{ __( 'The companion (the helper program) does the search. Connect one first.', 'rollcall' ) }{ ' ' }
				<ScreenLink to="connect">{ __( 'Connect', 'rollcall' ) }</ScreenLink>
			</p>
		);
	}
	return (
		<>
			{ job && isOpen( job ) ? (
				<JobProgress label={ __( 'Progress of the search', 'rollcall' ) } stop={ __( 'Stop', 'rollcall' ) } job={ job } />
			) : (
				<div className="rollcall-actions">
					<Button
						variant="secondary"
						isBusy={ find.isPending }
						disabled={ find.isPending }
						accessibleWhenDisabled
						onClick={ () => find.mutate( [], { onSuccess: ( { job_uid } ) => setStarted( job_uid ) } ) }
						__next40pxDefaultSize
					>
						{ __( 'Search for moved sites', 'rollcall' ) }
					</Button>
					{ is_done ? <span role="status">{ __( 'The search is done.', 'rollcall' ) }</span> : null }
				</div>
			) }
			{ job?.error_code ? <RowError code={ job.error_code } message={ job.error_message } /> : null }
			{ find.error ? <ErrorFace error={ find.error } /> : null }
		</>
	);
}

/** Domains that a redirect says belong to a company; a person decides on each. */
export function Proposals() {
	const rules = useRules( { state: [ 'proposed' ], per_page: SHOWN, page: 1 } );
	const items = rules.data?.items ?? [];
	return (
		<Panel title={ __( 'Proposals', 'rollcall' ) }>
			<p className="rollcall-muted">
				{ __(
					'The companion opens the sites of your 50 largest unmatched domains and looks where they lead. When one leads to a company on your lists, you are asked here whether the domain belongs to it.',
					'rollcall'
				) }
			</p>
			{ pageSettings().can.manage ? <Search /> : null }
			{ items.length > 0 ? (
				<ul className="rollcall-plain-list" aria-label={ __( 'Proposals', 'rollcall' ) }>
					{ items.map( ( rule ) => (
						<Proposal key={ rule.domain } rule={ rule } />
					) ) }
				</ul>
			) : null }
		</Panel>
	);
}
