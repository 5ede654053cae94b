import { Button, TabPanel } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import type { ReportSummary } from '../../../../companion/src/contract/report.ts';
import { Answer, EmptyFace } from '../../components/faces.tsx';
import { Panel } from '../../components/frame.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { useReport } from '../../data/run-queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { useLink } from '../../router.tsx';
import { Charts } from './charts.tsx';
import { Header } from './header.tsx';
import { CompaniesTab, DomainsTab, UsersTab } from './tabs.tsx';
import { PrintedCompanies } from './printed-companies.tsx';
import { ReportSource } from './report-source.tsx';
import { Why } from './why.tsx';

export type TabName = 'companies' | 'users' | 'domains';
/** What a chart asks the tables to show: one filter on one tab. `times` makes a repeated pick a new one. */
export type Pick = { tab: TabName; field: string; value: string; times: number };

function NoReport() {
	const link = useLink( 'matcher' );
	return (
		<EmptyFace
			title={ __( 'There is no report yet.', 'rollcall' ) }
			action={
				<Button variant="primary" { ...link } __next40pxDefaultSize>
					{ __( 'Go to the matcher', 'rollcall' ) }
				</Button>
			}
		>
			{ __( 'Run the matcher once, and this page shows which companies your users work at.', 'rollcall' ) }
		</EmptyFace>
	);
}

function Tables( { pick, source }: { pick: Pick | undefined; source: string } ) {
	// Of other sources no address is kept, so there is nobody to list.
	const has_users = pageSettings().can.list_users && ( source === 'users' || source === 'all' );
	const tabs: { name: TabName; title: string }[] = [
		{ name: 'companies', title: __( 'Companies', 'rollcall' ) },
		...( has_users ? [ { name: 'users', title: __( 'Users', 'rollcall' ) } as const ] : [] ),
		{ name: 'domains', title: __( 'Domains', 'rollcall' ) },
	];
	return (
		<TabPanel key={ pick?.times } tabs={ tabs } initialTabName={ pick?.tab ?? 'companies' } className="rollcall-tabs is-large">
			{ ( { name } ) => {
				const own = pick && pick.tab === name ? pick : undefined;
				switch ( name ) {
					case 'users':
						return <UsersTab source={ source } pick={ own } />;
					case 'domains':
						return <DomainsTab source={ source } pick={ own } />;
					default:
						return <CompaniesTab source={ source } pick={ own } />;
				}
			} }
		</TabPanel>
	);
}

function Filled( { report }: { report: ReportSummary } ) {
	const [ pick, setPick ] = useState< Pick >();
	const onPick = ( tab: TabName, field: string, value: string ) => {
		setPick( ( before ) => ( { tab, field, value, times: ( before?.times ?? 0 ) + 1 } ) );
		document.getElementById( 'rollcall-tables' )?.scrollIntoView( { block: 'start' } );
	};
	return (
		<>
			<Header report={ report } />
			<Charts report={ report } onPick={ onPick } />
			<Panel className="is-flush">
				<div id="rollcall-tables">
					<Tables pick={ pick } source={ report.source } />
				</div>
			</Panel>
			<Why />
		</>
	);
}

function hasReport( { source, run_id, newest_run, matched_users }: ReportSummary ): boolean {
	return source === 'users' || source === 'all' ? newest_run?.state === 'done' || matched_users > 0 : run_id !== null;
}

/** The report on one source, or all: figures, charts, tables, and "why (not)?" for any domain. */
export function ReportView( { source }: { source: string } ) {
	const report = useReport( source );
	const [ prints, setPrints ] = useState( false );
	return (
		<div className="rollcall-stack">
			<div className="rollcall-actions is-spread rollcall-no-print">
				<ReportSource source={ source } />
				{ report.data && hasReport( report.data ) ? (
					<Button variant="secondary" onClick={ () => setPrints( true ) } isBusy={ prints } __next40pxDefaultSize>
						{ __( 'Print', 'rollcall' ) }
					</Button>
				) : null }
			</div>
			<Answer of={ report } lines={ 10 }>
				{ ( data ) => (
					<div className="rollcall-stack" key={ source } aria-busy={ report.isPlaceholderData }>
						{ data.open_run ? <RunProgress key={ data.open_run.run_id } open={ data.open_run } /> : null }
						{ hasReport( data ) ? <Filled report={ data } /> : data.open_run ? null : <NoReport /> }
					</div>
				) }
			</Answer>
			{ prints ? <PrintedCompanies source={ source } onDone={ () => setPrints( false ) } /> : null }
		</div>
	);
}
