import { ExternalLink, Modal } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { CompanyListItem } from '../../../companion/src/contract/list.ts';
import { useCompany, useLists } from '../data/queries.ts';
import { formatDay, formatNumber, userCount } from '../format.ts';
import { matchKindText, statusText } from '../words.ts';
import { Answer } from './faces.tsx';
import { Badge, Facts, type Tone } from './frame.tsx';

/** Colour of a company's status. */
export function statusTone( status: CompanyListItem[ 'status' ] ): Tone {
	return status === 'active' || status === 'public' ? 'good' : status === 'inactive' ? 'bad' : 'neutral';
}

function facts( company: CompanyListItem, list_title: string ) {
	const rows = [
		{ term: __( 'List', 'rollcall' ), children: list_title },
		{ term: __( 'Batch', 'rollcall' ), children: company.batch },
		{
			term: __( 'Industry', 'rollcall' ),
			children: [ company.industry, company.subindustry ]
				.filter( ( word, at, all ) => word && all.indexOf( word ) === at )
				.join( ' · ' ),
		},
		{ term: __( 'Regions', 'rollcall' ), children: company.regions.join( ', ' ) },
		{ term: __( 'Team', 'rollcall' ), children: company.team_size ? formatNumber( company.team_size ) : '' },
		{ term: __( 'Former names', 'rollcall' ), children: company.former_names.join( ', ' ) },
		{ term: __( 'Tags', 'rollcall' ), children: company.tags.join( ', ' ) },
		{ term: __( 'On the list since', 'rollcall' ), children: company.launched_at ? formatDay( company.launched_at ) : '' },
		{ term: __( 'Last seen on the list', 'rollcall' ), children: formatDay( company.last_seen ) },
	];
	return rows.filter( ( row ) => row.children !== '' );
}

function Domains( { company }: { company: CompanyListItem } ) {
	if ( company.domains.length === 0 ) {
		return (
			<p className="rollcall-muted">
				{ __( 'This company has no domain of its own on the list, so no address can match it.', 'rollcall' ) }
			</p>
		);
	}
	return (
		<table className="rollcall-plain-table">
			<thead>
				<tr>
					<th scope="col">{ __( 'Domain', 'rollcall' ) }</th>
					<th scope="col">{ __( 'How it belongs', 'rollcall' ) }</th>
					<th scope="col">{ __( 'First seen', 'rollcall' ) }</th>
					<th scope="col">{ __( 'Last seen', 'rollcall' ) }</th>
				</tr>
			</thead>
			<tbody>
				{ company.domains.map( ( row ) => (
					<tr key={ `${ row.domain } ${ row.kind }` }>
						<td>{ row.domain }</td>
						<td>{ matchKindText( row.kind ) }</td>
						<td>{ formatDay( row.first_seen ) }</td>
						<td>{ formatDay( row.last_seen ) }</td>
					</tr>
				) ) }
			</tbody>
		</table>
	);
}

function Detail( { company }: { company: CompanyListItem } ) {
	const list = useLists().data?.items.find( ( { list_uid } ) => list_uid === company.list_uid );
	return (
		<div className="rollcall-stack">
			<p className="rollcall-badges">
				<Badge tone={ statusTone( company.status ) }>{ statusText( company.status ) }</Badge>
				<Badge tone={ company.user_count > 0 ? 'accent' : 'neutral' }>{ userCount( company.user_count ) }</Badge>
				{ company.removed_at ? (
					<Badge tone="warning">
						{
							/* translators: %s: date. */
							sprintf( __( 'Left the list on %s', 'rollcall' ), formatDay( company.removed_at ) )
						}
					</Badge>
				) : null }
			</p>
			{ company.one_liner ? <p>{ company.one_liner }</p> : null }
			{ company.website_origin ? (
				<p>
					<ExternalLink href={ company.website_origin }>{ company.website_origin.replace( /^https?:\/\//, '' ) }</ExternalLink>
				</p>
			) : null }
			<Facts rows={ facts( company, list?.title ?? '' ) } />
			<h2 className="rollcall-panel__title">{ __( 'Domains', 'rollcall' ) }</h2>
			<Domains company={ company } />
		</div>
	);
}

/** A company in full, over the table that it was opened from. */
export function CompanyDetail( {
	company,
	onClose,
}: {
	company: { list_uid: string; source_id: string; name: string };
	onClose: () => void;
} ) {
	const answer = useCompany( company.list_uid, company.source_id );
	return (
		<Modal title={ company.name } size="medium" onRequestClose={ onClose }>
			<Answer of={ answer }>{ ( found ) => <Detail company={ found } /> }</Answer>
		</Modal>
	);
}
