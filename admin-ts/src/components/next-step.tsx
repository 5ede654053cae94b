import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import type { Overview } from '../../../companion/src/contract/site.ts';
import { useLink } from '../router.tsx';
import { Panel } from './frame.tsx';

const STEPS = [ 'connect', 'wait_for_list', 'run', 'look' ] as const;
type Step = Overview[ 'next_step' ];

function stepTitle( step: Step ): string {
	switch ( step ) {
		case 'connect':
			return __( 'Connect the companion', 'rollcall' );
		case 'wait_for_list':
			return __( 'Get the companies list', 'rollcall' );
		case 'run':
			return __( 'Run the matcher', 'rollcall' );
		case 'look':
			return __( 'Look at your report', 'rollcall' );
	}
}

function stepText( step: Step, is_sample: boolean ): string {
	switch ( step ) {
		case 'connect':
			return __(
				'The companion (the helper program) fetches the companies list, matches domains and checks the sites that you monitor. It takes one command, on this server or on any computer.',
				'rollcall'
			);
		case 'wait_for_list':
			if ( is_sample ) {
				return __(
					'The list could not be fetched yet, so made-up sample companies stand in for it. See what went wrong, or give another address.',
					'rollcall'
				);
			}
			return __(
				'The companion is fetching the list of companies. This takes a minute or so, and the page goes on by itself.',
				'rollcall'
			);
		case 'run':
			return __( 'Everything is ready. You see exactly which domains will be sent before anything leaves this site.', 'rollcall' );
		case 'look':
			return __( 'See which companies your users work at, and filter, sort and export the result.', 'rollcall' );
	}
}

/** Where the button of a step leads. */
function stepPlace( step: Step ): { screen: string; view: string; label: string } {
	switch ( step ) {
		case 'connect':
			return { screen: 'connect', view: '', label: __( 'Connect', 'rollcall' ) };
		case 'wait_for_list':
			return { screen: 'companies', view: '', label: __( 'See the list', 'rollcall' ) };
		case 'run':
			return { screen: 'matcher', view: '', label: __( 'Go to the matcher', 'rollcall' ) };
		case 'look':
			return { screen: 'matcher', view: 'report', label: __( 'Open report', 'rollcall' ) };
	}
}

/** The other way for a site without a companion: this browser matches. */
function InBrowser( { has_list }: { has_list: boolean } ) {
	const link = useLink( has_list ? 'matcher' : 'companies' );
	return (
		<div className="rollcall-stack is-tight">
			<p className="rollcall-next__text">
				{ __(
					'Or do without it for now: your browser matches the domains itself, and nothing leaves this site. Monitoring needs the companion.',
					'rollcall'
				) }
			</p>
			<div className="rollcall-actions">
				<Button variant="secondary" { ...link } __next40pxDefaultSize>
					{ has_list ? __( 'Match in this browser', 'rollcall' ) : __( 'Add a list first', 'rollcall' ) }
				</Button>
			</div>
		</div>
	);
}

/** What to do next (`is_sample`: the list is only stood in for), with the way there as four steps of which the done ones are ticked. */
export function NextStep( {
	step,
	is_sample = false,
	has_list = false,
	has_companion = true,
}: {
	step: Step;
	is_sample?: boolean;
	has_list?: boolean;
	has_companion?: boolean;
} ) {
	const place = stepPlace( step );
	const steps = STEPS.filter( ( name ) => name !== 'connect' || has_companion || step === 'connect' );
	const link = useLink( place.screen, place.view );
	const at = steps.indexOf( step );
	return (
		<Panel className="is-accent">
			<p className="rollcall-eyebrow">{ __( 'Next step', 'rollcall' ) }</p>
			<h2 className="rollcall-next__title">{ stepTitle( step ) }</h2>
			<p className="rollcall-next__text">{ stepText( step, is_sample ) }</p>
			<Button variant="primary" { ...link } __next40pxDefaultSize>
				{ place.label }
			</Button>
			{ step === 'connect' ? <InBrowser has_list={ has_list } /> : null }
			<ol className="rollcall-stages is-spaced">
				{ steps.map( ( name, index ) => (
					<li
						key={ name }
						className={ index < at ? 'is-done' : index === at ? 'is-now' : '' }
						aria-current={ index === at ? 'step' : undefined }
					>
						{ stepTitle( name ) }
					</li>
				) ) }
			</ol>
		</Panel>
	);
}
