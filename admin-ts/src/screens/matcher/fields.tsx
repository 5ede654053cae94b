import { __, sprintf } from '@wordpress/i18n';
import type { CompanyFacets } from '../../../../companion/src/contract/list.ts';
import type { ReportCompanyRow, ReportDomainRow, ReportUserRow } from '../../../../companion/src/contract/report.ts';
import { LABELS, wordsOf, type Label } from '../../../../companion/src/contract/vocabulary.ts';
import { statusTone } from '../../components/company-detail.tsx';
import { column, type Choice } from '../../components/data-table.tsx';
import { Badge } from '../../components/frame.tsx';
import { SiteBadge, siteText } from '../../components/site-state.tsx';
import { formatDay, formatHost, formatNumber } from '../../format.ts';
import { labelText, matchKindText, reasonText, statusText } from '../../words.ts';

export const plain = ( words: readonly string[] | undefined ): Choice[] =>
	( words ?? [] ).filter( Boolean ).map( ( word ) => ( { value: word, label: word } ) );

export const statusChoices = ( facets: CompanyFacets | undefined ): Choice[] =>
	( facets?.statuses ?? [] ).map( ( status ) => ( { value: status, label: statusText( status ) } ) );

/** The types of address; where two labels share a name, what tells them apart is added. */
function labelChoices(): Choice[] {
	return wordsOf( LABELS ).map( ( label ) => ( {
		value: label,
		label: label === 'free_mail' ? __( 'Personal mail, smaller providers', 'rollcall' ) : labelText( label ),
	} ) );
}

const ambiguousChoices = (): Choice[] => [ { value: '1', label: __( 'Claimed by several companies', 'rollcall' ) } ];

function LabelBadge( { label }: { label: Label | null } ) {
	if ( label === null ) {
		return <Badge tone="warning">{ __( 'Waiting', 'rollcall' ) }</Badge>;
	}
	return <Badge tone={ label === 'company' ? 'accent' : 'neutral' }>{ labelText( label ) }</Badge>;
}

function Ambiguous() {
	return <Badge tone="warning">{ __( 'Ambiguous', 'rollcall' ) }</Badge>;
}

/** How the users of a company were found, and what changed since: its former domains and names explain matches that
 *  would look wrong otherwise. */
function MatchedBy( { row }: { row: ReportCompanyRow } ) {
	const now = row.website_origin?.replace( /^https?:\/\/(www\.)?/, '' );
	// All domains of a company that left the list are former ones; the last of them is still its website.
	const former_domains = row.former_domains.filter( ( domain ) => domain !== now );
	const former =
		now === undefined
			? /* translators: %1$s: domains. */
				__( 'Matched by its former domain %1$s.', 'rollcall' )
			: /* translators: 1: domains, 2: domain. */
				__( 'Matched by its former domain %1$s; now %2$s.', 'rollcall' );
	return (
		<>
			{ row.domains.join( ', ' ) }
			{ row.kind === 'alias' || row.kind === 'manual' ? <Badge>{ matchKindText( row.kind ) }</Badge> : null }
			{ row.ambiguous ? <Ambiguous /> : null }
			{ former_domains.length > 0 ? (
				<span className="rollcall-muted">{ sprintf( former, former_domains.join( ', ' ), now ?? '' ) }</span>
			) : null }
			{ row.former_names.length > 0 ? (
				<span className="rollcall-muted">
					{
						/* translators: %s: earlier names of a company. */
						sprintf( __( 'Renamed from %s.', 'rollcall' ), row.former_names.join( ', ' ).replace( /\.$/, '' ) )
					}
				</span>
			) : null }
		</>
	);
}

export function companyColumns( facets: CompanyFacets | undefined ) {
	return [
		column< ReportCompanyRow >( {
			id: 'name',
			label: __( 'Company', 'rollcall' ),
			value: ( row ) => row.name,
			show: ( row ) => (
				<>
					{ row.name }
					{ row.removed_at ? <Badge tone="warning">{ __( 'Left the list', 'rollcall' ) }</Badge> : null }
				</>
			),
			sorts: true,
			always: true,
		} ),
		column< ReportCompanyRow >( {
			id: 'user_count',
			label: __( 'Users', 'rollcall' ),
			value: ( row ) => row.user_count,
			show: ( row ) => formatNumber( row.user_count ),
			sorts: true,
			is_number: true,
		} ),
		column< ReportCompanyRow >( {
			id: 'batch',
			label: __( 'Batch', 'rollcall' ),
			value: ( row ) => row.batch,
			sorts: true,
			choices: plain( facets?.batches ),
		} ),
		column< ReportCompanyRow >( {
			id: 'status',
			label: __( 'Status', 'rollcall' ),
			value: ( row ) => row.status,
			show: ( row ) => <Badge tone={ statusTone( row.status ) }>{ statusText( row.status ) }</Badge>,
			sorts: true,
			choices: statusChoices( facets ),
		} ),
		column< ReportCompanyRow >( {
			id: 'industry',
			label: __( 'Industry', 'rollcall' ),
			value: ( row ) => row.industry,
			choices: plain( facets?.industries ),
		} ),
		column< ReportCompanyRow >( {
			id: 'domains',
			label: __( 'Matched by', 'rollcall' ),
			value: ( row ) => row.domains,
			show: ( row ) => <MatchedBy row={ row } />,
		} ),
		column< ReportCompanyRow >( {
			id: 'site',
			label: __( 'Site', 'rollcall' ),
			value: ( row ) => ( row.monitor ? siteText( row.monitor ) : '' ),
			show: ( row ) => ( row.monitor ? <SiteBadge site={ row.monitor } /> : '–' ),
		} ),
		column< ReportCompanyRow >( { id: 'list', label: __( 'List', 'rollcall' ), value: ( row ) => row.list_title } ),
		column< ReportCompanyRow >( { id: 'one_liner', label: __( 'What it does', 'rollcall' ), value: ( row ) => row.one_liner } ),
		column< ReportCompanyRow >( {
			id: 'team_size',
			label: __( 'Team', 'rollcall' ),
			value: ( row ) => row.team_size ?? 0,
			show: ( row ) => ( row.team_size === null ? '–' : formatNumber( row.team_size ) ),
			is_number: true,
		} ),
		column< ReportCompanyRow >( {
			id: 'ambiguous',
			label: __( 'Ambiguity', 'rollcall' ),
			value: ( row ) => ( row.ambiguous ? '1' : '' ),
			show: ( row ) => ( row.ambiguous ? <Ambiguous /> : '–' ),
			choices: ambiguousChoices(),
			is_single: true,
		} ),
	];
}

export function domainColumns() {
	return [
		column< ReportDomainRow >( {
			id: 'domain',
			label: __( 'Domain', 'rollcall' ),
			value: ( row ) => row.domain,
			show: ( row ) => formatHost( row.domain ),
			sorts: true,
			always: true,
		} ),
		column< ReportDomainRow >( {
			id: 'user_count',
			label: __( 'Users', 'rollcall' ),
			value: ( row ) => row.user_count,
			show: ( row ) => formatNumber( row.user_count ),
			sorts: true,
			is_number: true,
		} ),
		column< ReportDomainRow >( {
			id: 'label',
			label: __( 'Type of address', 'rollcall' ),
			value: ( row ) => row.label ?? 'waiting',
			show: ( row ) => (
				<>
					<LabelBadge label={ row.label } />
					{ row.ambiguous ? <Ambiguous /> : null }
				</>
			),
			sorts: true,
			choices: [ ...labelChoices(), { value: 'waiting', label: __( 'Waiting for a label', 'rollcall' ) } ],
		} ),
		column< ReportDomainRow >( {
			id: 'companies',
			label: __( 'Companies', 'rollcall' ),
			value: ( row ) => row.company_names,
			show: ( row ) => (
				<>
					{ row.company_names.join( ', ' ) || '–' }
					{ row.kind && row.kind !== 'current' ? <Badge>{ matchKindText( row.kind ) }</Badge> : null }
				</>
			),
		} ),
		column< ReportDomainRow >( {
			id: 'lists',
			label: __( 'Lists', 'rollcall' ),
			value: ( row ) => row.list_titles,
			show: ( row ) => row.list_titles.join( ', ' ) || '–',
		} ),
		column< ReportDomainRow >( {
			id: 'evidence',
			label: __( 'Why', 'rollcall' ),
			value: ( row ) => row.evidence,
			show: ( row ) => <span className="rollcall-muted">{ row.evidence || '–' }</span>,
		} ),
		column< ReportDomainRow >( {
			id: 'typo_of',
			label: __( 'Looks like', 'rollcall' ),
			value: ( row ) => row.typo_of ?? '',
			show: ( row ) => row.typo_of ?? '–',
		} ),
		column< ReportDomainRow >( {
			id: 'ambiguous',
			label: __( 'Ambiguity', 'rollcall' ),
			value: ( row ) => ( row.ambiguous ? '1' : '' ),
			show: ( row ) => ( row.ambiguous ? <Ambiguous /> : '–' ),
			choices: ambiguousChoices(),
			is_single: true,
		} ),
	];
}

function Name( { row }: { row: ReportUserRow } ) {
	return row.edit_url ? <a href={ row.edit_url }>{ row.display_name }</a> : <>{ row.display_name }</>;
}

export function userColumns( facets: CompanyFacets | undefined ) {
	return [
		column< ReportUserRow >( {
			id: 'display_name',
			label: __( 'User', 'rollcall' ),
			value: ( row ) => row.display_name,
			show: ( row ) => <Name row={ row } />,
			sorts: true,
			always: true,
		} ),
		column< ReportUserRow >( { id: 'user_email', label: __( 'Address', 'rollcall' ), value: ( row ) => row.user_email } ),
		column< ReportUserRow >( {
			id: 'domain',
			label: __( 'Domain', 'rollcall' ),
			value: ( row ) => row.domain,
			show: ( row ) => formatHost( row.domain ?? '' ) || '–',
			sorts: true,
		} ),
		column< ReportUserRow >( {
			id: 'label',
			label: __( 'Type of address', 'rollcall' ),
			value: ( row ) => row.label ?? '',
			show: ( row ) => ( row.reason ? <Badge>{ reasonText( row.reason ) }</Badge> : <LabelBadge label={ row.label } /> ),
			choices: labelChoices(),
		} ),
		column< ReportUserRow >( {
			id: 'companies',
			label: __( 'Companies', 'rollcall' ),
			value: ( row ) => row.company_names,
			show: ( row ) => row.company_names.join( ', ' ) || '–',
		} ),
		column< ReportUserRow >( {
			id: 'batch',
			label: __( 'Batch', 'rollcall' ),
			value: ( row ) => row.batch,
			show: ( row ) => row.batch || '–',
			choices: plain( facets?.batches ),
		} ),
		column< ReportUserRow >( {
			id: 'registered',
			label: __( 'Registered', 'rollcall' ),
			value: ( row ) => row.registered_at,
			show: ( row ) => formatDay( row.registered_at ),
			sorts: true,
		} ),
	];
}
