import { BaseControl, Button, SelectControl, TextareaControl, TextControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { CHECK_FORMS } from '../../../../companion/src/contract/check-types.ts';
import { HTTP_METHODS, wordsOf, type CheckType } from '../../../../companion/src/contract/vocabulary.ts';
import { formatDuration } from '../../format.ts';
import { assertionProblems, leastInterval, takesBody, usualAssertions, type Draft, type Problems } from './draft.ts';

export type FieldProps = { draft: Draft; problems: Problems; change: ( part: Partial< Draft > ) => void };

/** What assertions of a type look like. */
export const EXAMPLES: Record< CheckType, readonly string[] > = {
	http: [
		'[STATUS] == any(200, 204)',
		'[BODY] contains "Welcome"',
		'[BODY].status == "ok"',
		'[HEADER].content-type contains json',
		'[RESPONSE_TIME] < 800',
		'[CERT_DAYS] > 14',
	],
	tcp: [ '[CONNECTED] == true', '[RESPONSE_TIME] < 300' ],
	tls: [ '[CERT_DAYS] > 14', '[RESPONSE_TIME] < 500' ],
	dns: [ '[DNS_RCODE] == NOERROR', '[DNS_ANSWER] contains 192.0.2.10' ],
	push: [],
	rdap: [ '[DOMAIN_DAYS] > 30' ],
};

/** A length of time out of some usual ones, and the one that it has. */
function LengthField( {
	label,
	help,
	value,
	choices,
	onChange,
}: {
	label: string;
	help?: string;
	value: number;
	choices: readonly number[];
	onChange: ( seconds: number ) => void;
} ) {
	const known = choices.includes( value ) ? choices : [ ...choices, value ].toSorted( ( a, b ) => a - b );
	return (
		<SelectControl
			label={ label }
			help={ help }
			value={ String( value ) }
			options={ known.map( ( seconds ) => ( { value: String( seconds ), label: formatDuration( seconds ) } ) ) }
			onChange={ ( text ) => onChange( Number( text ) ) }
			__next40pxDefaultSize
			__nextHasNoMarginBottom
		/>
	);
}

const INTERVALS = [ 10, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 43_200, 86_400, 604_800 ];
const TIMEOUTS = [ 1, 2, 3, 5, 10 ];
const GRACES = [ 0, 60, 300, 900, 1800, 3600, 21_600, 86_400 ];

export function IntervalField( { draft, change }: Pick< FieldProps, 'draft' | 'change' > ) {
	return (
		<LengthField
			label={ draft.type === 'push' ? __( 'A call is expected every', 'rollcall' ) : __( 'Check every', 'rollcall' ) }
			help={ draft.is_polite ? __( 'A site of a company is asked once an hour at most.', 'rollcall' ) : undefined }
			value={ draft.interval_seconds }
			choices={ INTERVALS.filter( ( seconds ) => seconds >= leastInterval( draft ) ) }
			onChange={ ( interval_seconds ) => change( { interval_seconds } ) }
		/>
	);
}

function HeaderRows( { draft, problems, change }: FieldProps ) {
	const { headers } = draft;
	const set = ( index: number, part: Partial< { name: string; value: string } > ) =>
		change( { headers: headers.map( ( header, at ) => ( at === index ? { ...header, ...part } : header ) ) } );
	return (
		<fieldset className="rollcall-choice rollcall-stack is-tight">
			<BaseControl.VisualLabel as="legend">{ __( 'Headers', 'rollcall' ) }</BaseControl.VisualLabel>
			{ headers.map( ( { name, value }, index ) => (
				// Rows have no identity but their place; they are only added and removed, never moved.
				<div key={ index } className="rollcall-header-row">
					<TextControl
						label={ __( 'Name', 'rollcall' ) }
						value={ name }
						onChange={ ( text ) => set( index, { name: text.trim() } ) }
						spellCheck={ false }
						__next40pxDefaultSize
						__nextHasNoMarginBottom
					/>
					<TextControl
						label={ __( 'Value', 'rollcall' ) }
						value={ value }
						onChange={ ( text ) => set( index, { value: text } ) }
						spellCheck={ false }
						autoComplete="off"
						__next40pxDefaultSize
						__nextHasNoMarginBottom
					/>
					<Button
						variant="tertiary"
						isDestructive
						onClick={ () => change( { headers: headers.filter( ( _, at ) => at !== index ) } ) }
						__next40pxDefaultSize
					>
						{ __( 'Remove', 'rollcall' ) } <span className="screen-reader-text">{ name }</span>
					</Button>
				</div>
			) ) }
			{ headers.length < 20 ? (
				<div className="rollcall-actions">
					<Button
						variant="secondary"
						size="compact"
						onClick={ () => change( { headers: [ ...headers, { name: '', value: '' } ] } ) }
					>
						{ __( 'Add a header', 'rollcall' ) }
					</Button>
				</div>
			) : null }
			<p className="rollcall-problem" role="alert">
				{ problems.headers ?? '' }
			</p>
		</fieldset>
	);
}

/** Assertions one a line, judged as they are typed by the parser that the companion uses too. */
export function AssertionsField( { draft, change }: Pick< FieldProps, 'draft' | 'change' > ) {
	const found = assertionProblems( draft.type, draft.assertions );
	const usual = usualAssertions( draft.type, draft.assertions );
	return (
		<div className="rollcall-stack is-tight">
			<TextareaControl
				label={ __( 'What must hold', 'rollcall' ) }
				help={ __( 'One assertion a line; may be empty.', 'rollcall' ) }
				rows={ 4 }
				value={ draft.assertions }
				onChange={ ( assertions ) => change( { assertions } ) }
				spellCheck={ false }
				aria-invalid={ found.length > 0 ? true : undefined }
				className="rollcall-code-field"
				__nextHasNoMarginBottom
			/>
			<div role="status">
				{ found.map( ( problem ) => (
					<p key={ problem } className="rollcall-problem">
						{ problem }
					</p>
				) ) }
			</div>
			{ usual.length > 0 ? (
				<p className="rollcall-muted">
					{ __( 'Holds anyway, until a line looks at the same:', 'rollcall' ) } <code>{ usual.join( ', ' ) }</code>
				</p>
			) : null }
			<details>
				<summary>{ __( 'Examples', 'rollcall' ) }</summary>
				<ul className="rollcall-plain-list">
					{ EXAMPLES[ draft.type ].map( ( example ) => (
						<li key={ example }>
							<code>{ example }</code>
						</li>
					) ) }
				</ul>
			</details>
		</div>
	);
}

/** The fields that only this type of check has, as the contract's table lists them. */
export function FieldsOfType( { draft, problems, change }: FieldProps ) {
	const { fields } = CHECK_FORMS[ draft.type ];
	return (
		<>
			{ fields.includes( 'assertions' ) ? <AssertionsField draft={ draft } change={ change } /> : null }
			{ fields.includes( 'method' ) ? (
				<SelectControl
					label={ __( 'Method', 'rollcall' ) }
					value={ draft.method }
					options={ wordsOf( HTTP_METHODS ).map( ( method ) => ( { value: method, label: method } ) ) }
					onChange={ ( method ) => change( { method } ) }
					__next40pxDefaultSize
					__nextHasNoMarginBottom
				/>
			) : null }
			{ fields.includes( 'headers' ) ? <HeaderRows draft={ draft } problems={ problems } change={ change } /> : null }
			{ fields.includes( 'body' ) && takesBody( draft ) ? (
				<TextareaControl
					label={ __( 'Body', 'rollcall' ) }
					rows={ 4 }
					value={ draft.body }
					onChange={ ( body ) => change( { body } ) }
					maxLength={ 10_000 }
					spellCheck={ false }
					__nextHasNoMarginBottom
				/>
			) : null }
			{ fields.includes( 'timeout_ms' ) ? (
				<LengthField
					label={ __( 'Time for one try', 'rollcall' ) }
					help={ draft.type === 'http' ? __( 'Redirects included.', 'rollcall' ) : undefined }
					value={ draft.timeout_ms / 1000 }
					choices={ TIMEOUTS }
					onChange={ ( seconds ) => change( { timeout_ms: seconds * 1000 } ) }
				/>
			) : null }
			{ fields.includes( 'grace_seconds' ) ? (
				<LengthField
					label={ __( 'How much later it may come', 'rollcall' ) }
					value={ draft.grace_seconds }
					choices={ GRACES }
					onChange={ ( grace_seconds ) => change( { grace_seconds } ) }
				/>
			) : null }
		</>
	);
}
