import { Button, TextControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { Explanation } from '../../../../companion/src/contract/report.ts';
import { ErrorFace } from '../../components/faces.tsx';
import { Badge, Facts, Panel } from '../../components/frame.tsx';
import { isOpen, useExplain, useExplanation } from '../../data/queries.ts';
import { formatHost, formatNumber } from '../../format.ts';
import { flagText, labelText } from '../../words.ts';
import { ruleText } from './rules.ts';

function Verdict( { answer }: { answer: Explanation } ) {
	const { verdict } = answer;
	if ( ! verdict ) {
		return (
			<p>
				{ answer.host === ''
					? __( 'There is no domain in this text.', 'rollcall' )
					: __( 'There is no answer for this domain.', 'rollcall' ) }
			</p>
		);
	}
	const rows = [
		{
			term: __( 'Type of address', 'rollcall' ),
			children: <Badge tone={ verdict.label === 'company' ? 'accent' : 'neutral' }>{ labelText( verdict.label ) }</Badge>,
		},
		{ term: __( 'Why', 'rollcall' ), children: ruleText( verdict.rule ) },
		{ term: __( 'What was seen', 'rollcall' ), children: verdict.evidence },
		{ term: __( 'Companies', 'rollcall' ), children: answer.company_names.join( ', ' ) },
		{ term: __( 'Looks like', 'rollcall' ), children: verdict.typo_of ?? '' },
		{
			term: __( 'Remarks', 'rollcall' ),
			children: [
				...verdict.flags.map( flagText ),
				...( verdict.ambiguous ? [ __( 'Several companies claim it; the first one is the best.', 'rollcall' ) ] : [] ),
			].join( ' ' ),
		},
		{ term: __( 'Users here', 'rollcall' ), children: formatNumber( answer.user_count ) },
		{
			term: __( 'Answered by', 'rollcall' ),
			children:
				answer.decided_by === 'wordpress' ? __( 'WordPress, from its own tables', 'rollcall' ) : __( 'the companion', 'rollcall' ),
		},
	];
	return <Facts rows={ rows.filter( ( row ) => row.children !== '' ) } />;
}

function Reply( { first }: { first: Explanation } ) {
	const reply = useExplanation( first );
	const answer = reply.data ?? first;
	return (
		<div className="rollcall-stack is-tight" role="status">
			{ reply.error ? <ErrorFace error={ reply.error } /> : null }
			{ answer.host ? (
				<h3 className="rollcall-panel__title">
					{ answer.verdict?.registrable && answer.verdict.registrable !== answer.host
						? /* translators: 1: host, 2: registrable domain. */
							sprintf( __( '%1$s, part of %2$s', 'rollcall' ), formatHost( answer.host ), answer.verdict.registrable )
						: formatHost( answer.host ) }
				</h3>
			) : null }
			{ isOpen( answer ) ? <p>{ __( 'Asking the companion…', 'rollcall' ) }</p> : <Verdict answer={ answer } /> }
		</div>
	);
}

/** "Why (not)?": says for any domain, address or URL which rule decides and what it sees. */
export function Why() {
	const [ text, setText ] = useState( '' );
	const explain = useExplain();
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		if ( text.trim() ) {
			explain.mutate( text.trim() );
		}
	};
	return (
		<Panel title={ __( 'Why (not)?', 'rollcall' ) }>
			<form className="rollcall-ask" onSubmit={ onSubmit }>
				<TextControl
					label={ __( 'Domain, address or URL', 'rollcall' ) }
					help={ __( 'Only its domain is used. See why it does, or does not, belong to a company.', 'rollcall' ) }
					value={ text }
					onChange={ setText }
					autoComplete="off"
					spellCheck={ false }
					__next40pxDefaultSize
					__nextHasNoMarginBottom
				/>
				<Button
					type="submit"
					variant="secondary"
					isBusy={ explain.isPending }
					disabled={ explain.isPending }
					accessibleWhenDisabled
					__next40pxDefaultSize
				>
					{ __( 'Explain', 'rollcall' ) }
				</Button>
			</form>
			{ explain.error ? <ErrorFace error={ explain.error } /> : null }
			{ explain.data ? <Reply key={ `${ explain.data.job_uid } ${ explain.data.host }` } first={ explain.data } /> : null }
		</Panel>
	);
}
