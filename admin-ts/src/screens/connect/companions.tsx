import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { Companion, Connection } from '../../../../companion/src/contract/site.ts';
import { Age } from '../../components/age.tsx';
import { Confirm } from '../../components/confirm.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { Badge, Panel } from '../../components/frame.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useChooseJudge, usePairingCode, useRemoveCompanion } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { CodeShown } from './pairing.tsx';

/** Where it is reached, or the start of its number. */
function nameOf( { companion_id, companion_url }: Companion ): string {
	/* translators: %s: first digits of a companion's number. */
	const numbered = sprintf( __( 'Companion %s', 'rollcall' ), companion_id.slice( 0, 8 ) );
	return companion_url === null ? numbered : `${ numbered } (${ companion_url })`;
}

type Asked = { companion: Companion; act: 'choose' | 'remove' };

function Question( { asked, onClose, onDone }: { asked: Asked; onClose: () => void; onDone: () => void } ) {
	const { companion, act } = asked;
	const notify = useNotify();
	const choose = useChooseJudge();
	const remove = useRemoveCompanion();
	const doing = act === 'choose' ? choose : remove;
	return (
		<Confirm
			title={ act === 'choose' ? __( 'Let this companion decide?', 'rollcall' ) : __( 'Remove this companion?', 'rollcall' ) }
			confirm={ act === 'choose' ? __( 'Let it decide', 'rollcall' ) : __( 'Remove', 'rollcall' ) }
			is_busy={ doing.isPending }
			onConfirm={ () =>
				doing.mutate( companion.companion_id, {
					onSuccess: () => {
						notify(
							act === 'choose' ? __( 'This companion decides now.', 'rollcall' ) : __( 'Companion removed.', 'rollcall' )
						);
						onDone();
					},
				} )
			}
			onClose={ onClose }
		>
			<p>
				<strong>{ nameOf( companion ) }</strong>
			</p>
			<p>
				{ act === 'choose'
					? __(
							'It matches, and says which monitors are up or down. The one that did so until now goes on checking beside it. Before domains are sent to it you are asked again.',
							'rollcall'
						)
					: __(
							'Its key stops working with the next call. What it stored stays. If it is the one that decides, the companion that was connected longest takes over.',
							'rollcall'
						) }
			</p>
			{ doing.error ? <ErrorFace error={ doing.error } /> : null }
		</Confirm>
	);
}

function Row( { companion, onAsk }: { companion: Companion; onAsk: ( asked: Asked ) => void } ) {
	const name_id = `rollcall-companion-${ companion.companion_id }`;
	return (
		<li className="rollcall-stack is-tight">
			<div>
				<strong id={ name_id }>{ nameOf( companion ) }</strong>{ ' ' }
				<Badge tone={ companion.is_judge ? 'good' : 'neutral' }>
					{ companion.is_judge ? __( 'Decides', 'rollcall' ) : __( 'Stands by', 'rollcall' ) }
				</Badge>{ ' ' }
				{ companion.is_silent ? <Badge tone="warning">{ __( 'Silent', 'rollcall' ) }</Badge> : null }
			</div>
			<p className="rollcall-muted">
				{
					/* translators: %s: version. */
					sprintf( __( 'Version %s.', 'rollcall' ), companion.companion_version )
				}{ ' ' }
				{ __( 'Last seen:', 'rollcall' ) }{ ' ' }
				{ companion.last_seen_at ? <Age instant={ companion.last_seen_at } /> : __( 'Never', 'rollcall' ) }
			</p>
			{ pageSettings().can.settings ? (
				<div className="rollcall-actions">
					{ companion.is_judge ? null : (
						<Button
							variant="secondary"
							size="compact"
							aria-describedby={ name_id }
							onClick={ () => onAsk( { companion, act: 'choose' } ) }
						>
							{ __( 'Let this companion decide', 'rollcall' ) }
						</Button>
					) }
					<Button
						variant="tertiary"
						size="compact"
						isDestructive
						aria-describedby={ name_id }
						onClick={ () => onAsk( { companion, act: 'remove' } ) }
					>
						{ __( 'Remove', 'rollcall' ) }
					</Button>
				</div>
			) : null }
		</li>
	);
}

/** The companions of the site, where there are several. `onDone`: one was chosen or removed, and with it the button that was pressed. */
export function Companions( { companions, onDone }: { companions: readonly Companion[]; onDone: () => void } ) {
	const [ asked, setAsked ] = useState< Asked | null >( null );
	if ( companions.length < 2 ) {
		return null;
	}
	return (
		<Panel title={ __( 'All companions', 'rollcall' ) }>
			<p>
				{ __(
					'One companion decides. The others check the same monitors, and one of them takes over when it is silent for five minutes.',
					'rollcall'
				) }
			</p>
			<ul className="rollcall-stack">
				{ companions.map( ( companion ) => (
					<Row key={ companion.companion_id } companion={ companion } onAsk={ setAsked } />
				) ) }
			</ul>
			{ asked ? (
				<Question
					asked={ asked }
					onClose={ () => setAsked( null ) }
					onDone={ () => {
						setAsked( null );
						onDone();
					} }
				/>
			) : null }
		</Panel>
	);
}

/** The way to connect one more. */
export function PairAnother( { connection }: { connection: Connection } ) {
	const make = usePairingCode();
	return (
		<Panel title={ __( 'Connect another companion', 'rollcall' ) }>
			<p>
				{ __(
					'A second companion on another computer keeps monitoring going when the first one fails: it checks along, and takes over after five silent minutes.',
					'rollcall'
				) }
			</p>
			{ make.error ? <ErrorFace error={ make.error } onRetry={ () => make.mutate() } /> : null }
			<KeepFocus>
				{ make.data ? (
					<CodeShown connection={ connection } code={ make.data } onAgain={ () => make.mutate() } is_busy={ make.isPending } />
				) : (
					<Button
						variant="secondary"
						isBusy={ make.isPending }
						disabled={ make.isPending }
						accessibleWhenDisabled
						onClick={ () => make.mutate() }
						__next40pxDefaultSize
					>
						{ __( 'Pair another', 'rollcall' ) }
					</Button>
				) }
			</KeepFocus>
		</Panel>
	);
}
