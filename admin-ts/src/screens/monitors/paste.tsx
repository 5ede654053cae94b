import { Button, Modal, TextareaControl, ToggleControl } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useMemo, useState, type FormEvent } from 'react';
import type { MonitorsAnswer } from '../../../../companion/src/contract/monitor.ts';
import { ErrorFace } from '../../components/faces.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { Badge, type Tone } from '../../components/frame.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { useAddMonitors, useKnownTargets } from '../../data/monitor-queries.ts';
import { formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { monitorsOf, readLines, type PastedLine } from './paste-lines.ts';

function addedText( count: number ): string {
	/* translators: %s: number of monitors. */
	return sprintf( _n( '%s monitor was added.', '%s monitors were added.', count, 'rollcall' ), formatNumber( count ) );
}

function knownText( count: number ): string {
	return sprintf(
		/* translators: %s: number of addresses. */
		_n( '%s is monitored already.', '%s are monitored already.', count, 'rollcall' ),
		formatNumber( count )
	);
}

function refusedText( count: number ): string {
	/* translators: %s: number of lines. */
	return sprintf( _n( '%s was not taken.', '%s were not taken.', count, 'rollcall' ), formatNumber( count ) );
}

function willAddText( count: number ): string {
	/* translators: %s: number of monitors. */
	return sprintf( _n( '%s will be added.', '%s will be added.', count, 'rollcall' ), formatNumber( count ) );
}

function verdictText( line: PastedLine ): string {
	switch ( line.verdict ) {
		case 'add':
			return __( 'Will be added', 'rollcall' );
		case 'known':
			return __( 'Monitored already', 'rollcall' );
		case 'refused':
			return line.reason;
	}
}

const TONES: Record< PastedLine[ 'verdict' ], Tone > = { add: 'good', known: 'neutral', refused: 'warning' };

function Lines( { rows }: { rows: readonly { text: string; verdict: string; tone: Tone }[] } ) {
	return (
		<div className="rollcall-scroll is-tall" tabIndex={ 0 } role="region" aria-label={ __( 'What becomes of each line', 'rollcall' ) }>
			<table className="rollcall-plain-table">
				<thead>
					<tr>
						<th scope="col">{ __( 'Line', 'rollcall' ) }</th>
						<th scope="col">{ __( 'What becomes of it', 'rollcall' ) }</th>
					</tr>
				</thead>
				<tbody>
					{ rows.map( ( { text, verdict, tone }, index ) => (
						<tr key={ index }>
							<td>{ text }</td>
							<td>
								<Badge tone={ tone }>{ verdict }</Badge>
							</td>
						</tr>
					) ) }
				</tbody>
			</table>
		</div>
	);
}

function Preview( { lines }: { lines: readonly PastedLine[] } ) {
	const countOf = ( verdict: PastedLine[ 'verdict' ] ) => lines.filter( ( line ) => line.verdict === verdict ).length;
	const [ add, known, refused ] = [ countOf( 'add' ), countOf( 'known' ), countOf( 'refused' ) ];
	return (
		<>
			<p role="status">
				{ lines.length === 0
					? ''
					: [ willAddText( add ), known > 0 ? knownText( known ) : '', refused > 0 ? refusedText( refused ) : '' ].join( ' ' ) }
			</p>
			{ lines.length > 0 ? (
				<Lines
					rows={ lines.map( ( line ) => ( { text: line.text, verdict: verdictText( line ), tone: TONES[ line.verdict ] } ) ) }
				/>
			) : null }
		</>
	);
}

/** What became of the list, as WordPress says. */
function Result( { answer, onClose }: { answer: MonitorsAnswer; onClose: () => void } ) {
	const { added, known, refused } = answer;
	const reasonOf = ( code: string, message: string ) => message || ( pageSettings().errors[ code ]?.title ?? code );
	return (
		<div className="rollcall-stack">
			<p role="status">
				{ [ addedText( added ), known > 0 ? knownText( known ) : '', refused.length > 0 ? refusedText( refused.length ) : '' ].join(
					' '
				) }
			</p>
			{ refused.length > 0 ? (
				<Lines
					rows={ refused.map( ( { url, error_code, error_message } ) => ( {
						text: url,
						verdict: reasonOf( error_code, error_message ),
						tone: 'warning',
					} ) ) }
				/>
			) : null }
			<div className="rollcall-actions is-end">
				<Button variant="primary" onClick={ onClose } __next40pxDefaultSize>
					{ __( 'Close', 'rollcall' ) }
				</Button>
			</div>
		</div>
	);
}

/** Adds a monitor for each pasted line, after showing what becomes of each. */
export function PasteMonitors( { onClose }: { onClose: () => void } ) {
	const [ text, setText ] = useState( '' );
	const [ is_public, setPublic ] = useState( false );
	const [ tried, setTried ] = useState( false );
	const known = useKnownTargets().data;
	const add = useAddMonitors();
	const lines = useMemo( () => readLines( text, known ?? [] ), [ text, known ] );
	const monitors = monitorsOf( lines, is_public );
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		setTried( true );
		if ( monitors.length > 0 ) {
			add.mutate( { monitors } );
		}
	};
	return (
		<Modal title={ __( 'Add many monitors', 'rollcall' ) } size="large" onRequestClose={ onClose } shouldCloseOnClickOutside={ false }>
			<KeepFocus>
				{ add.data ? (
					<Result answer={ add.data } onClose={ onClose } />
				) : (
					<form className="rollcall-stack" onSubmit={ onSubmit } noValidate>
						<TextareaControl
							label={ __( 'Addresses', 'rollcall' ) }
							help={ __(
								'One a line, up to 500. Without a scheme it is https://; tcp://, tls://, dns:// and rdap:// are fine too.',
								'rollcall'
							) }
							rows={ 8 }
							value={ text }
							onChange={ setText }
							spellCheck={ false }
							className="rollcall-code-field"
							__nextHasNoMarginBottom
						/>
						<Preview lines={ lines } />
						<ToggleControl
							label={ __( 'Show them to visitors', 'rollcall' ) }
							help={ __( 'The status page counts and lists them.', 'rollcall' ) }
							checked={ is_public }
							onChange={ setPublic }
							__nextHasNoMarginBottom
						/>
						<p className="rollcall-problem" role="alert">
							{ tried && monitors.length === 0 ? __( 'There is no line that can be added.', 'rollcall' ) : '' }
						</p>
						{ add.error ? <ErrorFace error={ add.error } /> : null }
						<FormButtons submit={ __( 'Add monitors', 'rollcall' ) } is_busy={ add.isPending } onCancel={ onClose } />
					</form>
				) }
			</KeepFocus>
		</Modal>
	);
}
