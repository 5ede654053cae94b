import { __ } from '@wordpress/i18n';
import { CopyLine } from '../../components/copy-line.tsx';
import { allowRule, asksAddress } from './targets.ts';

/** What to add to the companion, which asks no internal address unless it is told to; nothing for a public target.
 *  `always`: the companion has refused it, whatever it looks like. */
export function AllowLines( { target, always = false }: { target: string; always?: boolean } ) {
	const rule = allowRule( target, always );
	if ( rule === undefined ) {
		return null;
	}
	return (
		<div className="rollcall-stack is-tight rollcall-allow">
			<p>
				{ __(
					'This address is on an internal network. The companion asks it only when it was started with this option:',
					'rollcall'
				) }
			</p>
			<CopyLine text={ `rollcall-companion serve --allow ${ rule }` } label={ __( 'Command', 'rollcall' ) } />
			<p>{ __( 'Or with this line in its environment:', 'rollcall' ) }</p>
			<CopyLine text={ `ROLLCALL_ALLOW=${ rule }` } label={ __( 'Environment', 'rollcall' ) } />
			{ asksAddress( target ) ? null : (
				<p className="rollcall-muted">
					{ __(
						'Replace the address by that of the name if it is another one; an own port stands behind the colon.',
						'rollcall'
					) }
				</p>
			) }
		</div>
	);
}
