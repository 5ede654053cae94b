import { Button, Notice, TabPanel } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { Connection, ConnectionCode } from '../../../../companion/src/contract/site.ts';
import { useNow } from '../../components/age.tsx';
import { CopyLine } from '../../components/copy-line.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { Panel } from '../../components/frame.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { usePairingCode } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { pairCommand, serveCommand, type Way } from './commands.ts';

function wayText( way: Way ): string {
	switch ( way ) {
		case 'server':
			return __(
				'Best when you can open a terminal on the server of this site. The program came with the plugin, so there is nothing to download.',
				'rollcall'
			);
		case 'computer':
			return __(
				'Any computer that reaches this site will do, even a laptop. While it is off, matching waits; uptime shows no data, not down.',
				'rollcall'
			);
		case 'docker':
			return __(
				'For a machine with Docker. Run it in the folder that holds the downloaded file; its data is kept there too.',
				'rollcall'
			);
	}
}

/** What the command needs, and how long it works. */
function needsText( way: Way ): string {
	switch ( way ) {
		case 'server':
			return __( 'It needs npm, which comes with Node. The companion works for as long as the command runs.', 'rollcall' );
		case 'computer':
			return __(
				'Run it in the folder of the downloaded file. It needs npm, which comes with Node. The companion works for as long as the command runs.',
				'rollcall'
			);
		case 'docker':
			return __( 'The companion works for as long as the command runs.', 'rollcall' );
	}
}

/** Minutes and seconds until a code ends, as "9:41". */
function timeLeft( seconds: number ): string {
	return `${ Math.floor( seconds / 60 ) }:${ String( seconds % 60 ).padStart( 2, '0' ) }`;
}

function Download( { url }: { url: string } ) {
	return (
		<p>
			<a href={ url } download>
				{ __( 'Download rollcall-companion.mjs', 'rollcall' ) }
			</a>{ ' ' }
			<span className="rollcall-muted">{ __( 'One file. It needs nothing but Node or Docker.', 'rollcall' ) }</span>
		</p>
	);
}

function WayPanel( { way, connection, code }: { way: Way; connection: Connection; code: string } ) {
	const { companion_path } = pageSettings();
	const needs_download = way !== 'server' || companion_path === '';
	return (
		<div className="rollcall-stack is-tight rollcall-way">
			<p>{ wayText( way ) }</p>
			{ needs_download ? <Download url={ connection.download_url } /> : null }
			<CopyLine
				text={ pairCommand( way, companion_path, connection.site_url, code ) }
				label={ __( 'Command that connects the companion', 'rollcall' ) }
			/>
			<p className="rollcall-muted">{ needsText( way ) }</p>
			<details>
				<summary>{ __( 'To start it again later', 'rollcall' ) }</summary>
				<CopyLine
					text={ serveCommand( way, companion_path ) }
					label={ __( 'Command that starts the companion again', 'rollcall' ) }
				/>
			</details>
		</div>
	);
}

/** The command with the code in it, and how long it works. */
export function CodeShown( {
	connection,
	code,
	onAgain,
	is_busy,
}: {
	connection: Connection;
	code: ConnectionCode;
	onAgain: () => void;
	is_busy: boolean;
} ) {
	const left = Math.max( 0, Math.ceil( ( Date.parse( code.expires_at ) - useNow( 1000 ) ) / 1000 ) );
	if ( left === 0 ) {
		return (
			<Notice status="warning" isDismissible={ false }>
				<p>{ __( 'The code has expired. A code lasts ten minutes and works once.', 'rollcall' ) }</p>
				<Button variant="primary" size="compact" isBusy={ is_busy } onClick={ onAgain }>
					{ __( 'Make a new code', 'rollcall' ) }
				</Button>
			</Notice>
		);
	}
	const tabs: { name: Way; title: string }[] = [
		{ name: 'server', title: __( 'On this server', 'rollcall' ) },
		{ name: 'computer', title: __( 'On any computer', 'rollcall' ) },
		{ name: 'docker', title: __( 'With Docker', 'rollcall' ) },
	];
	return (
		<div className="rollcall-stack is-tight">
			<TabPanel tabs={ tabs } className="rollcall-tabs">
				{ ( { name } ) => (
					<WayPanel
						way={ tabs.find( ( tab ) => tab.name === name )?.name ?? 'server' }
						connection={ connection }
						code={ code.code }
					/>
				) }
			</TabPanel>
			<p className="rollcall-waiting" role="status">
				<span className="rollcall-pulse" aria-hidden="true" />
				{ __( 'Waiting for the companion to call.', 'rollcall' ) }
			</p>
			<p className="rollcall-muted">
				{
					/* translators: %s: minutes and seconds, such as 9:41. */
					sprintf( __( 'The code is shown once, works once, and ends in %s.', 'rollcall' ), timeLeft( left ) )
				}
			</p>
		</div>
	);
}

/** What the companion is, and the way to connect one. */
export function Pairing( { connection, can_pair }: { connection: Connection; can_pair: boolean } ) {
	const make = usePairingCode();
	const is_again = connection.state === 'key_unreadable';
	return (
		<>
			<Panel title={ __( 'What it is', 'rollcall' ) }>
				<p>
					{ __(
						'The companion (the helper program) is a small program that runs beside WordPress. It fetches the companies list, compares domains with it, checks the sites that you monitor, and calls this site by itself, so no port has to be opened. It is free and needs no account.',
						'rollcall'
					) }
				</p>
				<p>
					{ __(
						'Of your users, only e-mail domains leave WordPress: no address, no part of one, and not how many users a domain has.',
						'rollcall'
					) }
				</p>
			</Panel>
			<Panel title={ is_again ? __( 'Connect it again', 'rollcall' ) : __( 'Connect it', 'rollcall' ) } className="is-accent">
				{ make.error ? <ErrorFace error={ make.error } onRetry={ () => make.mutate() } /> : null }
				<KeepFocus>
					{ make.data ? (
						<CodeShown
							connection={ connection }
							code={ make.data }
							onAgain={ () => make.mutate() }
							is_busy={ make.isPending }
						/>
					) : can_pair ? (
						<>
							<p>
								{ connection.state === 'waiting_for_pairing'
									? __( 'A code was made earlier and still waits for its companion. A new one replaces it.', 'rollcall' )
									: __(
											'You get a command with a code in it. Run it on this server, on any computer that reaches this site, or with Docker.',
											'rollcall'
										) }
							</p>
							<Button
								variant="primary"
								isBusy={ make.isPending }
								disabled={ make.isPending }
								accessibleWhenDisabled
								onClick={ () => make.mutate() }
								__next40pxDefaultSize
							>
								{ __( 'Make a pairing code', 'rollcall' ) }
							</Button>
						</>
					) : (
						<p>{ __( 'Ask an administrator to connect the companion.', 'rollcall' ) }</p>
					) }
				</KeepFocus>
			</Panel>
		</>
	);
}
