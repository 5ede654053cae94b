import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useEffect, useRef, useState } from 'react';
import type { Connection } from '../../../../companion/src/contract/site.ts';
import { Age } from '../../components/age.tsx';
import { Confirm } from '../../components/confirm.tsx';
import { connectionTone } from '../../components/connection-state.tsx';
import { CopyLine } from '../../components/copy-line.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { Badge, Facts, Panel } from '../../components/frame.tsx';
import { NextStep } from '../../components/next-step.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useCheckConnection, useDisconnect, useOverview, useRotateKeys } from '../../data/queries.ts';
import { formatDuration, formatInstant } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { connectionStateText, transportText } from '../../words.ts';
import { serveCommand } from './commands.ts';
import { Companions, PairAnother } from './companions.tsx';

function reachableText( connection: Connection ): string {
	if ( connection.companion_url === null ) {
		return __( 'No, and it need not: the companion calls by itself.', 'rollcall' );
	}
	switch ( connection.reachable ) {
		case true:
			return __( 'Yes, so requests are answered at once.', 'rollcall' );
		case false:
			return __( 'No answer just now. If the companion runs, nothing is lost: it calls by itself.', 'rollcall' );
		default:
			return __( 'Not tried yet.', 'rollcall' );
	}
}

function offsetText( seconds: number | null ): string {
	if ( seconds === null ) {
		return __( 'Not measured yet.', 'rollcall' );
	}
	if ( Math.abs( seconds ) < 2 ) {
		return __( 'None.', 'rollcall' );
	}
	const text =
		seconds > 0
			? /* translators: %s: length of time, such as 60 minutes. */
				__( 'This server is %s ahead of the companion.', 'rollcall' )
			: /* translators: %s: length of time, such as 60 minutes. */
				__( 'This server is %s behind the companion.', 'rollcall' );
	return sprintf( text, formatDuration( Math.abs( seconds ) ) );
}

function Version( { connection }: { connection: Connection } ) {
	return (
		<>
			{
				/* translators: 1: version of the companion, 2: version of the plugin. */
				sprintf( __( 'Companion %1$s, plugin %2$s', 'rollcall' ), connection.companion_version ?? '–', connection.plugin_version )
			}{ ' ' }
			{ connection.state === 'companion_older' ? <Badge tone="warning">{ __( 'Companion is behind', 'rollcall' ) }</Badge> : null }
			{ connection.state === 'plugin_older' ? <Badge tone="warning">{ __( 'Plugin is behind', 'rollcall' ) }</Badge> : null }
		</>
	);
}

function rowsOf( connection: Connection ) {
	return [
		{
			term: __( 'State', 'rollcall' ),
			children: <Badge tone={ connectionTone( connection.state ) }>{ connectionStateText( connection.state ) }</Badge>,
		},
		{
			term: __( 'Last seen', 'rollcall' ),
			children: connection.last_seen_at ? <Age instant={ connection.last_seen_at } /> : __( 'Never', 'rollcall' ),
		},
		{ term: __( 'Version', 'rollcall' ), children: <Version connection={ connection } /> },
		{ term: __( 'Clock difference', 'rollcall' ), children: offsetText( connection.clock_offset_seconds ) },
		{ term: __( 'WordPress can call it', 'rollcall' ), children: reachableText( connection ) },
		{ term: __( 'Its calls arrive by', 'rollcall' ), children: connection.transport ? transportText( connection.transport ) : '–' },
		{ term: __( 'Connected since', 'rollcall' ), children: connection.paired_at ? formatInstant( connection.paired_at ) : '–' },
	];
}

function Manage( { connection }: { connection: Connection } ) {
	const [ asks, setAsks ] = useState( false );
	const notify = useNotify();
	const rotate = useRotateKeys();
	const disconnect = useDisconnect();
	return (
		<Panel title={ __( 'Keys and connection', 'rollcall' ) }>
			<p>
				{ __(
					'Both sides sign every call with keys that only they know. After "Change keys" they agree on new ones with the next call by themselves, and the old ones end after an hour at the latest.',
					'rollcall'
				) }
			</p>
			<div className="rollcall-actions">
				<Button
					variant="secondary"
					isBusy={ rotate.isPending }
					disabled={ rotate.isPending }
					onClick={ () =>
						rotate.mutate( undefined, { onSuccess: () => notify( __( 'New keys are on their way.', 'rollcall' ) ) } )
					}
					__next40pxDefaultSize
				>
					{ __( 'Change keys', 'rollcall' ) }
				</Button>
				<Button variant="secondary" isDestructive onClick={ () => setAsks( true ) } __next40pxDefaultSize>
					{ __( 'Disconnect', 'rollcall' ) }
				</Button>
			</div>
			{ rotate.error ? <ErrorFace error={ rotate.error } /> : null }
			{ disconnect.error ? <ErrorFace error={ disconnect.error } /> : null }
			{ asks ? (
				<Confirm
					title={
						connection.companions.length > 1
							? __( 'Disconnect all companions?', 'rollcall' )
							: __( 'Disconnect the companion?', 'rollcall' )
					}
					confirm={ __( 'Disconnect', 'rollcall' ) }
					is_busy={ disconnect.isPending }
					onConfirm={ () =>
						disconnect.mutate( undefined, {
							onSettled: () => setAsks( false ),
							onSuccess: () => notify( __( 'Companion disconnected.', 'rollcall' ) ),
						} )
					}
					onClose={ () => setAsks( false ) }
				>
					<p>
						{ __(
							'Its key stops working with the next call. Lists, reports and settings stay. You can connect it again with a new code.',
							'rollcall'
						) }
					</p>
				</Confirm>
			) : null }
		</Panel>
	);
}

/** The way on, until there is a report: a companion that has just connected is not the end of it. */
function NextAfterConnecting() {
	const overview = useOverview().data;
	return overview?.next_step === 'wait_for_list' || overview?.next_step === 'run' ? (
		<NextStep step={ overview.next_step } is_sample={ overview.list_source === 'sample' } />
	) : null;
}

/** The paired companion: how it is, and what can be done with the connection. */
export function Connected( { connection }: { connection: Connection } ) {
	const { can, companion_path } = pageSettings();
	const check = useCheckConnection();
	const place = useRef< HTMLDivElement >( null );
	const [ done, setDone ] = useState( 0 );
	useEffect( () => {
		if ( done > 0 ) {
			place.current?.focus( { preventScroll: true } );
		}
	}, [ done ] );
	return (
		<>
			<Panel
				title={ __( 'Companion', 'rollcall' ) }
				actions={
					can.settings ? (
						<Button
							variant="secondary"
							size="compact"
							isBusy={ check.isPending }
							disabled={ check.isPending }
							onClick={ () => check.mutate() }
						>
							{ __( 'Check now', 'rollcall' ) }
						</Button>
					) : null
				}
			>
				{ check.error ? <ErrorFace error={ check.error } /> : null }
				<Facts rows={ rowsOf( connection ) } />
			</Panel>
			{ connection.state === 'silent' ? (
				<Panel title={ __( 'Start it again', 'rollcall' ) }>
					<CopyLine text={ serveCommand( 'computer', '' ) } label={ __( 'Command on the computer where it runs', 'rollcall' ) } />
					{ companion_path ? (
						<>
							<p className="rollcall-muted">{ __( 'Or, when it runs on this server:', 'rollcall' ) }</p>
							<CopyLine
								text={ serveCommand( 'server', companion_path ) }
								label={ __( 'Command on this server', 'rollcall' ) }
							/>
						</>
					) : null }
				</Panel>
			) : null }
			<div ref={ place } className="rollcall-keep-focus" tabIndex={ -1 }>
				<div className="rollcall-stack">
					<Companions companions={ connection.companions } onDone={ () => setDone( done + 1 ) } />
					<NextAfterConnecting />
					{ can.settings ? <PairAnother key={ connection.companions.length } connection={ connection } /> : null }
					{ can.settings ? <Manage connection={ connection } /> : null }
				</div>
			</div>
		</>
	);
}
