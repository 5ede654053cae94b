import { __ } from '@wordpress/i18n';
import { CHECK_FORMS } from '../../../../companion/src/contract/check-types.ts';
import type { MonitorRequest } from '../../../../companion/src/contract/monitor.ts';
import type { CheckType } from '../../../../companion/src/contract/vocabulary.ts';
import { NEW_OPTIONS } from './draft.ts';
import { sameTarget, targetProblem, typeOfTarget, wholeTarget } from './targets.ts';

/** What one request takes. */
export const MAX_LINES = 500;

/** A line of a pasted list: `add` becomes a monitor, `known` is one already, `refused` says why not. */
export type PastedLine = { text: string } & (
	{ verdict: 'add'; type: CheckType; url: string } | { verdict: 'known' } | { verdict: 'refused'; reason: string }
);

/** Reads a pasted list, one target a line; a missing scheme is https. Lines without text are left out. */
export function readLines( pasted: string, known: readonly string[] ): PastedLine[] {
	const there = new Set( known.map( sameTarget ) );
	const seen = new Set< string >();
	let added = 0;
	const judge = ( text: string ): PastedLine => {
		const url = wholeTarget( 'http', text );
		const type = typeOfTarget( url );
		const problem = type ? targetProblem( type, url ) : __( 'It begins with a scheme that no type of check knows.', 'rollcall' );
		if ( type === undefined || problem !== undefined ) {
			return { text, verdict: 'refused', reason: problem ?? '' };
		}
		const same = sameTarget( url );
		if ( there.has( same ) ) {
			return { text, verdict: 'known' };
		}
		if ( seen.has( same ) ) {
			return { text, verdict: 'refused', reason: __( 'It stands further up already.', 'rollcall' ) };
		}
		seen.add( same );
		added += 1;
		return added > MAX_LINES
			? { text, verdict: 'refused', reason: __( 'At most 500 can be added at once.', 'rollcall' ) }
			: { text, verdict: 'add', type, url };
	};
	return pasted
		.split( '\n' )
		.map( ( line ) => line.trim() )
		.filter( Boolean )
		.map( judge );
}

/** The monitors that the lines to be added stand for, each as a new one of its type. */
export function monitorsOf( lines: readonly PastedLine[], is_public: boolean ): MonitorRequest[] {
	return lines.flatMap( ( line ) =>
		line.verdict === 'add'
			? {
					name: '',
					type: line.type,
					url: line.url,
					active: true,
					is_public,
					interval_seconds: CHECK_FORMS[ line.type ].interval_seconds,
					options: NEW_OPTIONS,
				}
			: []
	);
}
