import { Notice, TabPanel } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState, type ReactNode } from 'react';
import type { Run, RunCompanyChange, RunComparison } from '../../../../companion/src/contract/report.ts';
import { CompanyDetail } from '../../components/company-detail.tsx';
import { DataTable, queryOf, tableView } from '../../components/data-table.tsx';
import { Answer } from '../../components/faces.tsx';
import { Facts, Panel } from '../../components/frame.tsx';
import { useCompanyChanges, useComparison, useDomainChanges, useSourceTitle } from '../../data/run-queries.ts';
import { formatInstant, formatNumber } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';
import { runPlaceText } from '../../words.ts';
import { companyChangeColumns, domainChangeColumns, starterOf } from './fields.tsx';
import { TotalsTable } from './totals-table.tsx';

type Pair = { before: number; after: number };

function Side( { title, run }: { title: string; run: Run } ) {
	const sourceTitle = useSourceTitle();
	return (
		<Panel
			title={ title }
			actions={
				<ScreenLink to="runs" view={ String( run.run_id ) }>
					{ __( 'Open run', 'rollcall' ) }
				</ScreenLink>
			}
		>
			<Facts
				rows={ [
					{ term: __( 'Started', 'rollcall' ), children: formatInstant( run.started_at ) },
					{ term: __( 'By', 'rollcall' ), children: starterOf( run ) },
					{ term: __( 'Addresses', 'rollcall' ), children: run.sources.map( sourceTitle ).join( ', ' ) },
					{ term: __( 'Matched in', 'rollcall' ), children: runPlaceText( run.ran_in ) },
					{ term: __( 'At listed companies', 'rollcall' ), children: formatNumber( run.matched_users ) },
					{ term: __( 'Companies', 'rollcall' ), children: formatNumber( run.matched_companies ) },
				] }
			/>
		</Panel>
	);
}

/** "3 new, 1 gone, 12 changed" */
function countsText( { new: added, gone, changed }: RunComparison[ 'companies' ] ): string {
	return sprintf(
		/* translators: 1: number of new ones, 2: number of gone ones, 3: number of changed ones. */
		__( '%1$s new, %2$s gone, %3$s changed', 'rollcall' ),
		formatNumber( added ),
		formatNumber( gone ),
		formatNumber( changed )
	);
}

function Nothing( { children }: { children: ReactNode } ) {
	return (
		<div className="rollcall-empty is-small">
			<p className="rollcall-empty__text">{ children }</p>
		</div>
	);
}

function CompanyChanges( { before, after, churn }: Pair & { churn: boolean } ) {
	const [ view, setView ] = useState( () =>
		tableView( { titleField: 'name', fields: [ 'change', 'users', 'status', 'batch', 'list' ] } )
	);
	const [ open, setOpen ] = useState< RunCompanyChange >();
	const rows = useCompanyChanges( before, after, { ...queryOf( view ), ...( churn ? { churn: 1 } : {} ) } );
	return (
		<>
			<DataTable
				rows={ rows }
				columns={ companyChangeColumns() }
				view={ view }
				onChangeView={ setView }
				idOf={ ( row ) => `${ row.list_uid }/${ row.source_id }` }
				onOpen={ setOpen }
				searchLabel={ __( 'Search companies', 'rollcall' ) }
				empty={
					<Nothing>
						{ churn
							? __( 'No company turned inactive, was acquired or lost its domain between these runs.', 'rollcall' )
							: __( 'The companies of both runs are the same.', 'rollcall' ) }
					</Nothing>
				}
			/>
			{ open ? <CompanyDetail company={ open } onClose={ () => setOpen( undefined ) } /> : null }
		</>
	);
}

function DomainChanges( { before, after }: Pair ) {
	const [ view, setView ] = useState( () => tableView( { titleField: 'domain', fields: [ 'change', 'users', 'label' ] } ) );
	const rows = useDomainChanges( before, after, queryOf( view ) );
	return (
		<DataTable
			rows={ rows }
			columns={ domainChangeColumns() }
			view={ view }
			onChangeView={ setView }
			idOf={ ( row ) => row.domain }
			searchLabel={ __( 'Search domains', 'rollcall' ) }
			empty={ <Nothing>{ __( 'The domains of both runs are the same.', 'rollcall' ) }</Nothing> }
		/>
	);
}

function Changes( { comparison, ...pair }: Pair & { comparison: RunComparison } ) {
	const titled = ( title: string, count: number ) => `${ title } (${ formatNumber( count ) })`;
	const sum = ( counts: RunComparison[ 'companies' ] ) => counts.new + counts.gone + counts.changed;
	return (
		<Panel className="is-flush">
			<TabPanel
				className="rollcall-tabs is-large"
				tabs={ [
					{ name: 'companies', title: titled( __( 'Companies', 'rollcall' ), sum( comparison.companies ) ) },
					{ name: 'churn', title: titled( __( 'Churn', 'rollcall' ), comparison.churn_count ) },
					{ name: 'domains', title: titled( __( 'Domains', 'rollcall' ), sum( comparison.domains ) ) },
				] }
			>
				{ ( { name } ) => (
					<div className="rollcall-tab-text">
						<p className="rollcall-muted">
							{ name === 'churn'
								? __(
										'Companies that turned inactive, were acquired, or whose domain is gone: their people may soon be unreachable.',
										'rollcall'
									)
								: countsText( name === 'domains' ? comparison.domains : comparison.companies ) }
						</p>
						{ name === 'domains' ? (
							<DomainChanges { ...pair } />
						) : (
							<CompanyChanges key={ name } { ...pair } churn={ name === 'churn' } />
						) }
					</div>
				) }
			</TabPanel>
		</Panel>
	);
}

/** Runs of other addresses differ by what was read, not by what became of the people. */
function OtherSources( { before, after }: { before: Run; after: Run } ) {
	if ( before.sources.toSorted().join() === after.sources.toSorted().join() ) {
		return null;
	}
	return (
		<Notice status="warning" isDismissible={ false }>
			{ __(
				'These runs read different addresses. What is new or gone here may only come from that; compare runs of the same addresses to see what changed.',
				'rollcall'
			) }
		</Notice>
	);
}

/** Two runs beside each other: their figures, and the companies and domains that differ. */
export function Comparison( { before, after }: Pair ) {
	const comparison = useComparison( before, after );
	return (
		<Answer of={ comparison } lines={ 10 }>
			{ ( data ) => (
				<>
					<div className="rollcall-grid">
						<Side title={ __( 'Earlier run', 'rollcall' ) } run={ data.before } />
						<Side title={ __( 'Later run', 'rollcall' ) } run={ data.after } />
					</div>
					<OtherSources before={ data.before } after={ data.after } />
					<Changes comparison={ data } before={ before } after={ after } />
					<TotalsTable comparison={ data } />
				</>
			) }
		</Answer>
	);
}
