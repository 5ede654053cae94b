import { __ } from '@wordpress/i18n';
import type { Rule } from '../../../../companion/src/contract/list.ts';
import { RULE_KINDS, RULE_STATES, wordsOf, type RuleKind, type RuleState } from '../../../../companion/src/contract/vocabulary.ts';
import { column } from '../../components/data-table.tsx';
import { Badge, type Tone } from '../../components/frame.tsx';
import { formatDay, formatNumber } from '../../format.ts';

const TONES: Record< RuleState, Tone > = { active: 'good', proposed: 'accent', declined: 'neutral' };

export function kindText( kind: RuleKind ): string {
	return kind === 'exclusion' ? __( 'Exclusion', 'rollcall' ) : __( 'Alias', 'rollcall' );
}

export function stateText( state: RuleState ): string {
	const words: Record< RuleState, string > = {
		active: __( 'In use', 'rollcall' ),
		proposed: __( 'Proposed', 'rollcall' ),
		declined: __( 'Declined', 'rollcall' ),
	};
	return words[ state ];
}

/** Columns of the Rules screen. */
export function columns() {
	return [
		column< Rule >( { id: 'domain', label: __( 'Domain', 'rollcall' ), value: ( row ) => row.domain, sorts: true, always: true } ),
		column< Rule >( {
			id: 'kind',
			label: __( 'Rule', 'rollcall' ),
			value: ( row ) => row.kind,
			show: ( row ) => kindText( row.kind ),
			choices: wordsOf( RULE_KINDS ).map( ( kind ) => ( { value: kind, label: kindText( kind ) } ) ),
			is_quick: true,
		} ),
		column< Rule >( {
			id: 'company_name',
			label: __( 'Company', 'rollcall' ),
			value: ( row ) => row.company_name,
			show: ( row ) => row.company_name || '–',
		} ),
		column< Rule >( {
			id: 'user_count',
			label: __( 'Users concerned', 'rollcall' ),
			value: ( row ) => row.user_count,
			show: ( row ) => formatNumber( row.user_count ),
			is_number: true,
		} ),
		column< Rule >( {
			id: 'state',
			label: __( 'State', 'rollcall' ),
			value: ( row ) => row.state,
			show: ( row ) => <Badge tone={ TONES[ row.state ] }>{ stateText( row.state ) }</Badge>,
			choices: wordsOf( RULE_STATES ).map( ( state ) => ( { value: state, label: stateText( state ) } ) ),
			is_quick: true,
		} ),
		column< Rule >( {
			id: 'evidence',
			label: __( 'Why', 'rollcall' ),
			value: ( row ) => row.evidence,
			show: ( row ) => row.evidence || '–',
		} ),
		column< Rule >( {
			id: 'created_by',
			label: __( 'Added by', 'rollcall' ),
			value: ( row ) => row.created_by,
			show: ( row ) => row.created_by || '–',
		} ),
		column< Rule >( {
			id: 'created_at',
			label: __( 'Added', 'rollcall' ),
			value: ( row ) => row.created_at,
			show: ( row ) => formatDay( row.created_at ),
			sorts: true,
		} ),
	];
}
