import { __, sprintf } from '@wordpress/i18n';
import type { Run, RunCompanyChange, RunDomainChange } from '../../../../companion/src/contract/report.ts';
import { RUN_CHANGES, wordsOf, type RunChange } from '../../../../companion/src/contract/vocabulary.ts';
import { statusTone } from '../../components/company-detail.tsx';
import { column } from '../../components/data-table.tsx';
import { Badge, type Tone } from '../../components/frame.tsx';
import { companyCount, formatHost, formatInstant, formatNumber } from '../../format.ts';
import { churnText, labelText, runChangeText, runPlaceText, runStateText, statusText } from '../../words.ts';

/** Who or what started a run. */
export function starterOf( run: Run ): string {
	return run.scheduled ? __( 'The schedule', 'rollcall' ) : run.started_by || '–';
}

export function RunState( { state }: { state: Run[ 'state' ] } ) {
	return <Badge tone={ state === 'done' ? 'good' : state === 'failed' ? 'bad' : 'neutral' }>{ runStateText( state ) }</Badge>;
}

/** The figures of a run as words: eight columns are wider than the page, and on a phone they have no headings. */
function resultOf( run: Run ): string {
	const people = formatNumber( run.users_read );
	return run.state === 'done'
		? sprintf(
				/* translators: 1: number of people at companies, 2: number of people in all, 3: such as "12 companies". */
				__( '%1$s of %2$s people at %3$s', 'rollcall' ),
				formatNumber( run.matched_users ),
				people,
				companyCount( run.matched_companies )
			)
		: /* translators: %s: number of people. */
			sprintf( __( '%s people read', 'rollcall' ), people );
}

/** Columns of the list of runs. */
export function runColumns( sourceTitle: ( source: string ) => string ) {
	const figure = ( run: Run, value: number ) => ( run.state === 'done' ? formatNumber( value ) : '–' );
	return [
		column< Run >( {
			id: 'started_at',
			label: __( 'Started', 'rollcall' ),
			value: ( run ) => run.started_at,
			show: ( run ) => formatInstant( run.started_at ),
			sorts: true,
			always: true,
		} ),
		column< Run >( { id: 'started_by', label: __( 'By', 'rollcall' ), value: starterOf } ),
		column< Run >( {
			id: 'sources',
			label: __( 'Addresses', 'rollcall' ),
			value: ( run ) => run.sources.map( sourceTitle ),
			show: ( run ) => run.sources.map( sourceTitle ).join( ', ' ),
		} ),
		column< Run >( { id: 'ran_in', label: __( 'Matched in', 'rollcall' ), value: ( run ) => runPlaceText( run.ran_in ) } ),
		column< Run >( {
			id: 'state',
			label: __( 'State', 'rollcall' ),
			value: ( run ) => runStateText( run.state ),
			show: ( run ) => <RunState state={ run.state } />,
		} ),
		column< Run >( {
			id: 'users_read',
			label: __( 'People', 'rollcall' ),
			value: ( run ) => run.users_read,
			show: ( run ) => formatNumber( run.users_read ),
			is_number: true,
		} ),
		column< Run >( {
			id: 'matched_users',
			label: __( 'Matched', 'rollcall' ),
			value: ( run ) => run.matched_users,
			show: ( run ) => figure( run, run.matched_users ),
			is_number: true,
		} ),
		column< Run >( {
			id: 'matched_companies',
			label: __( 'Companies', 'rollcall' ),
			value: ( run ) => run.matched_companies,
			show: ( run ) => figure( run, run.matched_companies ),
			is_number: true,
		} ),
		column< Run >( { id: 'figures', label: __( 'Result', 'rollcall' ), value: resultOf } ),
	];
}

const TONES: Record< RunChange, Tone > = { new: 'good', gone: 'bad', changed: 'neutral' };

function Change( { change }: { change: RunChange } ) {
	return <Badge tone={ TONES[ change ] }>{ runChangeText( change ) }</Badge>;
}

const changeChoices = () => wordsOf( RUN_CHANGES ).map( ( change ) => ( { value: change, label: runChangeText( change ) } ) );

/** "12 → 14", with words in place of the arrow for screen readers. */
function FromTo( { from, to }: { from: string; to: string } ) {
	if ( from === to ) {
		return <>{ to }</>;
	}
	return (
		<span>
			{ from } <span aria-hidden="true">→</span>
			<span className="screen-reader-text">{ __( 'to', 'rollcall' ) }</span> { to }
		</span>
	);
}

const counted = ( value: number | undefined ) => ( value === undefined ? '0' : formatNumber( value ) );

/** Columns of companies that differ; `churn` are those whose users may soon be lost. */
export function companyChangeColumns() {
	return [
		column< RunCompanyChange >( { id: 'name', label: __( 'Company', 'rollcall' ), value: ( row ) => row.name, always: true } ),
		column< RunCompanyChange >( {
			id: 'change',
			label: __( 'Change', 'rollcall' ),
			value: ( row ) => row.change,
			show: ( row ) => (
				<>
					<Change change={ row.change } />
					{ row.churn ? <Badge tone="warning">{ churnText( row.churn ) }</Badge> : null }
				</>
			),
			choices: changeChoices(),
			is_quick: true,
		} ),
		column< RunCompanyChange >( {
			id: 'users',
			label: __( 'Users', 'rollcall' ),
			value: ( row ) => row.after?.user_count ?? 0,
			show: ( row ) => <FromTo from={ counted( row.before?.user_count ) } to={ counted( row.after?.user_count ) } />,
			is_number: true,
		} ),
		column< RunCompanyChange >( {
			id: 'domains',
			label: __( 'Domains', 'rollcall' ),
			value: ( row ) => row.after?.domain_count ?? 0,
			show: ( row ) => <FromTo from={ counted( row.before?.domain_count ) } to={ counted( row.after?.domain_count ) } />,
			is_number: true,
		} ),
		column< RunCompanyChange >( {
			id: 'status',
			label: __( 'Status', 'rollcall' ),
			value: ( row ) => ( row.after ?? row.before )?.status ?? '',
			show: ( { before, after } ) => {
				const from = before ?? after;
				const to = after ?? before;
				return from && to ? (
					<>
						{ from.status === to.status ? null : (
							<>
								<Badge tone={ statusTone( from.status ) }>{ statusText( from.status ) }</Badge>{ ' ' }
								<span aria-hidden="true">→</span> <span className="screen-reader-text">{ __( 'to', 'rollcall' ) }</span>
							</>
						) }
						<Badge tone={ statusTone( to.status ) }>{ statusText( to.status ) }</Badge>
					</>
				) : (
					'–'
				);
			},
		} ),
		column< RunCompanyChange >( {
			id: 'batch',
			label: __( 'Batch', 'rollcall' ),
			value: ( row ) => ( row.after ?? row.before )?.batch ?? '',
			show: ( row ) => ( row.after ?? row.before )?.batch || '–',
		} ),
		column< RunCompanyChange >( { id: 'list', label: __( 'List', 'rollcall' ), value: ( row ) => row.list_title } ),
	];
}

const labelOrNone = ( label: RunDomainChange[ 'after_label' ] ) => ( label === null ? '–' : labelText( label ) );

export function domainChangeColumns() {
	return [
		column< RunDomainChange >( {
			id: 'domain',
			label: __( 'Domain', 'rollcall' ),
			value: ( row ) => row.domain,
			show: ( row ) => formatHost( row.domain ),
			always: true,
		} ),
		column< RunDomainChange >( {
			id: 'change',
			label: __( 'Change', 'rollcall' ),
			value: ( row ) => row.change,
			show: ( row ) => <Change change={ row.change } />,
			choices: changeChoices(),
			is_quick: true,
		} ),
		column< RunDomainChange >( {
			id: 'users',
			label: __( 'Users', 'rollcall' ),
			value: ( row ) => row.after_user_count,
			show: ( row ) => <FromTo from={ formatNumber( row.before_user_count ) } to={ formatNumber( row.after_user_count ) } />,
			is_number: true,
		} ),
		column< RunDomainChange >( {
			id: 'label',
			label: __( 'Type of address', 'rollcall' ),
			value: ( row ) => row.after_label ?? '',
			show: ( row ) =>
				row.change === 'changed' ? (
					<FromTo from={ labelOrNone( row.before_label ) } to={ labelOrNone( row.after_label ) } />
				) : (
					labelOrNone( row.after_label ?? row.before_label )
				),
		} ),
	];
}
