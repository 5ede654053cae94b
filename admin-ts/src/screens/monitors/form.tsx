import { Button, Modal, SelectControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { Monitor } from '../../../../companion/src/contract/monitor.ts';
import { CHECK_TYPES, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { CheckedField } from '../../components/checked-field.tsx';
import { CopyLine } from '../../components/copy-line.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useFocusOnProblem } from '../../components/use-focus-on-problem.ts';
import { useSettled } from '../../components/use-settled.ts';
import { useAddMonitor, useEditMonitor } from '../../data/monitor-queries.ts';
import { AllowLines } from './allow-lines.tsx';
import { draftOf, monitorRequestOf, newDraft, problemsOf, withType, type Draft } from './draft.ts';
import { FieldsOfType, IntervalField } from './form-fields.tsx';
import { wholeTarget } from './targets.ts';
import { checkTypeHelp, checkTypeText, targetHelp } from './words.ts';

/** The address that takes the calls of one's own program. */
function PushAddress( { url }: { url: string } ) {
	return (
		<div className="rollcall-stack is-tight">
			<p>{ __( 'Have your program call this address each time it is done. Whoever knows it can do so.', 'rollcall' ) }</p>
			<CopyLine text={ url } label={ __( 'Address for calls', 'rollcall' ) } />
			<p>{ __( 'For example at the end of a script:', 'rollcall' ) }</p>
			<CopyLine text={ `curl -fsS -m 10 --retry 3 '${ url }'` } label={ __( 'Command', 'rollcall' ) } />
			<p>
				{ __( 'More may be sent along, such as ?status=up&msg=OK&ping=12; with status=down the call does not count.', 'rollcall' ) }
			</p>
		</div>
	);
}

function Target( { draft, problem, refused, change }: TargetProps ) {
	const target = useSettled( wholeTarget( draft.type, draft.url ) );
	if ( draft.type === 'push' ) {
		return null;
	}
	return (
		<>
			<CheckedField
				label={ __( 'What is checked', 'rollcall' ) }
				help={ targetHelp( draft.type ) }
				problem={ problem }
				value={ draft.url }
				onChange={ ( url ) => change( { url } ) }
				is_url
			/>
			<AllowLines target={ target } always={ refused } />
		</>
	);
}
type TargetProps = { draft: Draft; problem?: string; refused: boolean; change: ( part: Partial< Draft > ) => void };

function Fields( { draft, setDraft, tried, refused }: FieldsProps ) {
	const change = ( part: Partial< Draft > ) => setDraft( { ...draft, ...part } );
	const problems = tried ? problemsOf( draft ) : {};
	return (
		<>
			<SelectControl
				label={ __( 'Type', 'rollcall' ) }
				help={ checkTypeHelp( draft.type ) }
				value={ draft.type }
				options={ wordsOf( CHECK_TYPES ).map( ( type ) => ( { value: type, label: checkTypeText( type ) } ) ) }
				onChange={ ( type ) => setDraft( withType( draft, type ) ) }
				__next40pxDefaultSize
				__nextHasNoMarginBottom
			/>
			<Target draft={ draft } problem={ problems.url } refused={ refused } change={ change } />
			<CheckedField
				label={ __( 'Name', 'rollcall' ) }
				help={ draft.type === 'push' ? undefined : __( 'May be empty; then it is called as its target.', 'rollcall' ) }
				problem={ problems.name }
				value={ draft.name }
				onChange={ ( name ) => change( { name } ) }
			/>
			<IntervalField draft={ draft } change={ change } />
			<FieldsOfType draft={ draft } problems={ problems } change={ change } />
			<ToggleControl
				label={ __( 'Show it to visitors', 'rollcall' ) }
				help={ __( 'The status page counts and lists it.', 'rollcall' ) }
				checked={ draft.is_public }
				onChange={ ( is_public ) => change( { is_public } ) }
				__nextHasNoMarginBottom
			/>
			<ToggleControl
				label={ __( 'Check it', 'rollcall' ) }
				help={ __( 'Off: it is paused.', 'rollcall' ) }
				checked={ draft.active }
				onChange={ ( active ) => change( { active } ) }
				__nextHasNoMarginBottom
			/>
		</>
	);
}
type FieldsProps = { draft: Draft; setDraft: ( draft: Draft ) => void; tried: boolean; refused: boolean };

/** The address of a push monitor that was just made. */
function Saved( { push_url, onClose }: { push_url: string; onClose: () => void } ) {
	return (
		<div className="rollcall-stack">
			<p role="status">{ __( 'Monitor saved.', 'rollcall' ) }</p>
			<PushAddress url={ push_url } />
			<div className="rollcall-actions is-end">
				<Button variant="primary" onClick={ onClose } __next40pxDefaultSize>
					{ __( 'Close', 'rollcall' ) }
				</Button>
			</div>
		</div>
	);
}

/** Adds a monitor, or changes one. The form follows from the contract's table of types. */
export function MonitorForm( { monitor, onClose }: { monitor?: Monitor; onClose: () => void } ) {
	const [ draft, setDraft ] = useState( () => ( monitor ? draftOf( monitor ) : newDraft() ) );
	const [ tries, setTries ] = useState( 0 );
	const form = useFocusOnProblem( tries );
	const tried = tries > 0;
	const add = useAddMonitor();
	const edit = useEditMonitor();
	const notify = useNotify();
	const doing = monitor ? edit : add;
	const problems = Object.values( problemsOf( draft ) );
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		setTries( tries + 1 );
		if ( problems.length > 0 ) {
			return;
		}
		const onSuccess = ( saved: Monitor ) => {
			if ( monitor || saved.push_url === null ) {
				notify( __( 'Monitor saved.', 'rollcall' ) );
				onClose();
			}
		};
		const request = monitorRequestOf( draft );
		if ( monitor ) {
			edit.mutate( { monitor_uid: monitor.monitor_uid, monitor: request }, { onSuccess } );
		} else {
			add.mutate( request, { onSuccess } );
		}
	};
	const title = monitor ? __( 'Edit monitor', 'rollcall' ) : __( 'Add a monitor', 'rollcall' );
	return (
		<Modal title={ title } size="medium" onRequestClose={ onClose } shouldCloseOnClickOutside={ false }>
			<KeepFocus>
				{ add.data?.push_url ? (
					<Saved push_url={ add.data.push_url } onClose={ onClose } />
				) : (
					<form ref={ form } className="rollcall-stack" onSubmit={ onSubmit } noValidate>
						{ monitor?.push_url && draft.type === 'push' ? <PushAddress url={ monitor.push_url } /> : null }
						<Fields
							draft={ draft }
							setDraft={ setDraft }
							tried={ tried }
							refused={ monitor?.last_error_code === 'target_refused' && monitor.url === draft.url }
						/>
						<p className="rollcall-problem" role="alert">
							{ tried && problems.length > 0
								? __( 'It is not saved yet: a field above says what is wrong.', 'rollcall' )
								: '' }
						</p>
						{ doing.error ? <ErrorFace error={ doing.error } /> : null }
						<FormButtons submit={ __( 'Save monitor', 'rollcall' ) } is_busy={ doing.isPending } onCancel={ onClose } />
					</form>
				) }
			</KeepFocus>
		</Modal>
	);
}
