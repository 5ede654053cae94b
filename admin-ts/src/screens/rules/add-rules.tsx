import { Button, ComboboxControl, Modal, RadioControl, TextareaControl, TextControl } from '@wordpress/components';
import { useDebounce } from '@wordpress/compose';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { CompanyListItem, RulesAnswer } from '../../../../companion/src/contract/list.ts';
import { REASONS, type Reason, type RuleKind } from '../../../../companion/src/contract/vocabulary.ts';
import { ErrorFace } from '../../components/faces.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useAddRules, useCompanySearch } from '../../data/list-queries.ts';
import { formatNumber } from '../../format.ts';
import { reasonText } from '../../words.ts';

const SEARCH_DELAY_MS = 250;
/** What one request takes. */
const MAX_DOMAINS = 1000;

const keyOf = ( company: CompanyListItem ) => `${ company.list_uid }/${ company.source_id }`;

/** Looks companies up by name while one types. */
function CompanyField( { chosen, onChoose }: { chosen?: CompanyListItem; onChoose: ( company?: CompanyListItem ) => void } ) {
	const [ search, setSearch ] = useState( '' );
	const searchLater = useDebounce( setSearch, SEARCH_DELAY_MS );
	const found = useCompanySearch( search ).data?.items ?? [];
	const known = chosen && ! found.some( ( company ) => keyOf( company ) === keyOf( chosen ) ) ? [ chosen, ...found ] : found;
	return (
		<ComboboxControl
			label={ __( 'Company', 'rollcall' ) }
			help={ __( 'Type a part of its name.', 'rollcall' ) }
			value={ chosen ? keyOf( chosen ) : null }
			options={ known.map( ( company ) => ( {
				value: keyOf( company ),
				label: company.batch ? `${ company.name } (${ company.batch })` : company.name,
			} ) ) }
			onChange={ ( key ) => onChoose( known.find( ( company ) => keyOf( company ) === key ) ) }
			onFilterValueChange={ searchLater }
			__next40pxDefaultSize
			__nextHasNoMarginBottom
		/>
	);
}

function isReason( word: string ): word is Reason {
	return Object.hasOwn( REASONS, word );
}

/** Texts of the paste that are no domains, with the reason of each; the others are stored already. */
function Refused( { answer, onClose }: { answer: RulesAnswer; onClose: () => void } ) {
	return (
		<div className="rollcall-stack">
			<p role="status">
				{ sprintf(
					/* translators: %s: number of domains. */
					_n( '%s domain is stored.', '%s domains are stored.', answer.stored.length, 'rollcall' ),
					formatNumber( answer.stored.length )
				) }{ ' ' }
				{ sprintf(
					/* translators: %s: number of lines. */
					_n( '%s line is no domain:', '%s lines are no domains:', answer.refused.length, 'rollcall' ),
					formatNumber( answer.refused.length )
				) }
			</p>
			<table className="rollcall-plain-table">
				<thead>
					<tr>
						<th scope="col">{ __( 'What stands there', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Why', 'rollcall' ) }</th>
					</tr>
				</thead>
				<tbody>
					{ answer.refused.map( ( { text, reason }, index ) => (
						<tr key={ index }>
							<td>{ text }</td>
							<td>{ isReason( reason ) ? reasonText( reason ) : reason }</td>
						</tr>
					) ) }
				</tbody>
			</table>
			<div className="rollcall-actions is-end">
				<Button variant="primary" onClick={ onClose } __next40pxDefaultSize>
					{ __( 'Close', 'rollcall' ) }
				</Button>
			</div>
		</div>
	);
}

function Problem( { domains, needs_company }: { domains: string[]; needs_company: boolean } ) {
	const text =
		domains.length === 0
			? __( 'Enter at least one domain.', 'rollcall' )
			: domains.length > MAX_DOMAINS
				? sprintf(
						/* translators: %s: largest number of domains. */
						__( 'At most %s domains can be added at once.', 'rollcall' ),
						formatNumber( MAX_DOMAINS )
					)
				: needs_company
					? __( 'Choose the company that the domains belong to.', 'rollcall' )
					: '';
	return (
		<p className="rollcall-problem" role="alert">
			{ text }
		</p>
	);
}

function KindField( { kind, onChange }: { kind: RuleKind; onChange: ( kind: RuleKind ) => void } ) {
	return (
		<RadioControl
			label={ __( 'What the domains are', 'rollcall' ) }
			selected={ kind }
			options={ [
				{
					value: 'exclusion',
					label: __( 'Never a company', 'rollcall' ),
					description: __( 'Users at these domains are shown as excluded by you.', 'rollcall' ),
				},
				{
					value: 'alias',
					label: __( 'Domains of a company', 'rollcall' ),
					description: __( 'Users at these domains belong to a company on one of your lists.', 'rollcall' ),
				},
			] }
			onChange={ ( value ) => onChange( value === 'alias' ? 'alias' : 'exclusion' ) }
		/>
	);
}

type TextsProps = { text: string; onText: ( text: string ) => void; note: string; onNote: ( note: string ) => void };

function Texts( { text, onText, note, onNote }: TextsProps ) {
	return (
		<>
			<TextareaControl
				label={ __( 'Domains', 'rollcall' ) }
				help={ __( 'One a line; addresses and links are fine, only their domain is kept. Subdomains follow.', 'rollcall' ) }
				rows={ 6 }
				value={ text }
				onChange={ onText }
				spellCheck={ false }
				__nextHasNoMarginBottom
			/>
			<TextControl
				label={ __( 'Note', 'rollcall' ) }
				help={ __( 'Why, for whoever looks at it later; may be empty.', 'rollcall' ) }
				value={ note }
				onChange={ onNote }
				maxLength={ 500 }
				__next40pxDefaultSize
				__nextHasNoMarginBottom
			/>
		</>
	);
}

/** Adds one rule for each pasted line. */
export function AddRules( { onClose }: { onClose: () => void } ) {
	const [ kind, setKind ] = useState< RuleKind >( 'exclusion' );
	const [ text, setText ] = useState( '' );
	const [ note, setNote ] = useState( '' );
	const [ company, setCompany ] = useState< CompanyListItem >();
	const [ tried, setTried ] = useState( false );
	const add = useAddRules();
	const notify = useNotify();
	const domains = [ ...new Set( text.split( /[\s,;]+/ ).filter( Boolean ) ) ];
	const is_alias = kind === 'alias';
	const needs_company = is_alias && company === undefined;
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		setTried( true );
		if ( domains.length === 0 || domains.length > MAX_DOMAINS || needs_company ) {
			return;
		}
		const of_company =
			is_alias && company ? { list_uid: company.list_uid, source_id: company.source_id } : { list_uid: null, source_id: null };
		add.mutate(
			{ kind, domains, note: note.trim(), ...of_company },
			{
				onSuccess: ( { refused } ) => {
					if ( refused.length === 0 ) {
						notify( __( 'Rules added. They hold from now on.', 'rollcall' ) );
						onClose();
					}
				},
			}
		);
	};
	return (
		<Modal title={ __( 'Add rules', 'rollcall' ) } size="medium" onRequestClose={ onClose }>
			<KeepFocus>
				{ add.data && add.data.refused.length > 0 ? (
					<Refused answer={ add.data } onClose={ onClose } />
				) : (
					<form className="rollcall-stack" onSubmit={ onSubmit } noValidate>
						<KindField kind={ kind } onChange={ setKind } />
						{ is_alias ? <CompanyField chosen={ company } onChoose={ setCompany } /> : null }
						<Texts text={ text } onText={ setText } note={ note } onNote={ setNote } />
						{ tried && ! add.isPending ? <Problem domains={ domains } needs_company={ needs_company } /> : null }
						{ add.error ? <ErrorFace error={ add.error } /> : null }
						<FormButtons submit={ __( 'Add rules', 'rollcall' ) } is_busy={ add.isPending } onCancel={ onClose } />
					</form>
				) }
			</KeepFocus>
		</Modal>
	);
}
