import { Button, Notice } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { SendPreview } from '../../../../companion/src/contract/report.ts';
import { ErrorFace } from '../../components/faces.tsx';
import { Sending } from '../../components/sending.tsx';
import { useLists } from '../../data/queries.ts';
import { useStartRun } from '../../data/run-queries.ts';
import { formatInstant } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';
import type { ScannedHosts } from '../../worker/protocol.ts';
import type { RunPlace } from './place-choice.tsx';

type Chosen = { preview: SendPreview; sources: readonly string[]; place: RunPlace; list?: ScannedHosts };

const onlyUsers = ( sources: readonly string[] ) => sources.every( ( source ) => source === 'users' );

/** Says before a run what its result will lack: a list, a real one, or somebody who matches. */
function Warnings( { preview, place, has_list }: Pick< Chosen, 'preview' | 'place' > & { has_list: boolean } ) {
	const lists = useLists().data?.items;
	const is_sample = lists?.some( ( list ) => list.active_source === 'sample' ) ?? false;
	return (
		<>
			{ is_sample ? (
				<Notice status="warning" isDismissible={ false }>
					{ __( 'The companies in use are a made-up sample, so a report with them means nothing.', 'rollcall' ) }{ ' ' }
					<ScreenLink to="companies">{ __( 'Get the real list', 'rollcall' ) }</ScreenLink>
				</Notice>
			) : null }
			{ place === 'companion' && preview.companion_name === '' ? (
				<Notice status="warning" isDismissible={ false }>
					{ __( 'No companion is connected, so a run would wait for one.', 'rollcall' ) }{ ' ' }
					<ScreenLink to="connect">{ __( 'Connect one', 'rollcall' ) }</ScreenLink>
				</Notice>
			) : null }
			{ place === 'browser' && ! has_list ? (
				<Notice status="warning" isDismissible={ false }>
					{ __( 'There is no companies list yet. Upload one, or have your browser fetch one, and then match here.', 'rollcall' ) }{ ' ' }
					<ScreenLink to="companies">{ __( 'Get a list', 'rollcall' ) }</ScreenLink>
				</Notice>
			) : null }
		</>
	);
}

/** What leaves the site by this run, in a sentence. */
function Leaves( { preview, sources, place }: Pick< Chosen, 'preview' | 'sources' | 'place' > ) {
	if ( place === 'browser' ) {
		return <p className="rollcall-send">{ __( 'Nothing leaves this site by this run.', 'rollcall' ) }</p>;
	}
	if ( ! onlyUsers( sources ) ) {
		return (
			<p className="rollcall-send">
				{ preview.agreed_at
					? __( 'Only domains without a label go to the companion. No addresses, no counts.', 'rollcall' )
					: __( 'First everything is counted. Then you see which domains would be sent, and agree or not.', 'rollcall' ) }
			</p>
		);
	}
	return preview.host_count > 0 ? (
		<Sending preview={ preview } />
	) : (
		<p className="rollcall-send">
			{ __( 'No domain has to be sent: all of them are matched. A run brings the report up to date.', 'rollcall' ) }
		</p>
	);
}

function consentText( { preview, sources, place }: Pick< Chosen, 'preview' | 'sources' | 'place' > ): string {
	if ( place === 'browser' ) {
		return '';
	}
	if ( preview.agreed_at ) {
		/* translators: %s: date and time. */
		return sprintf( __( 'Sending domains was agreed to on %s.', 'rollcall' ), formatInstant( preview.agreed_at ) );
	}
	return onlyUsers( sources )
		? __( 'By pressing the button you agree that these domains are sent, now and in later runs.', 'rollcall' )
		: '';
}

/** What is still missing before a run can start; empty when nothing is. */
function missing( { preview, sources, place, list }: Chosen, has_list: boolean ): string {
	if ( sources.length === 0 ) {
		return __( 'Choose whose addresses are read.', 'rollcall' );
	}
	if ( sources.includes( 'paste' ) && ! list?.hosts.length ) {
		return __( 'Paste or drop your list first.', 'rollcall' );
	}
	if ( onlyUsers( sources ) && preview.users_total === 0 ) {
		return __( 'This site has no users yet. Run the matcher when it has some.', 'rollcall' );
	}
	return place === 'browser' && ! has_list ? __( 'Get a companies list first.', 'rollcall' ) : '';
}

/** Everything to know before a run, and the button that starts it. */
export function RunButton( { has_report, ...chosen }: Chosen & { has_report: boolean } ) {
	const { preview, sources, place, list } = chosen;
	const start = useStartRun();
	const lists = useLists().data?.items;
	const has_list = lists === undefined || lists.some( ( { enabled, active_version } ) => enabled && active_version > 0 );
	const lacks = missing( chosen, has_list );
	const is_idle = has_report && place === 'companion' && onlyUsers( sources ) && preview.host_count === 0;
	const onClick = () =>
		start.mutate( {
			run: {
				agreed: place === 'companion' && onlyUsers( sources ) && preview.agreed_at === null,
				sources: [ ...sources ],
				ran_in: place,
			},
			list: sources.includes( 'paste' ) ? list : undefined,
		} );
	return (
		<>
			<Leaves preview={ preview } sources={ sources } place={ place } />
			<Warnings preview={ preview } place={ place } has_list={ has_list } />
			{ start.error ? <ErrorFace error={ start.error } /> : null }
			<div className="rollcall-actions">
				<Button
					variant={ is_idle ? 'secondary' : 'primary' }
					isBusy={ start.isPending }
					disabled={ start.isPending || lacks !== '' }
					accessibleWhenDisabled
					onClick={ onClick }
					__next40pxDefaultSize
				>
					{ __( 'Run matcher', 'rollcall' ) }
				</Button>
				<span className="rollcall-muted" role="status">
					{ lacks || consentText( chosen ) }
				</span>
			</div>
		</>
	);
}
