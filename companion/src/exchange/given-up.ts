import type { Exchange, LabelRow } from '../contract/exchange.ts';
import type { SiteState } from './site-state.ts';

export type GivenUp = Exchange[ 'acks' ][ 'given_up' ];

/** The contract's limit. */
const MAXIMUM = 500;

/** Remembers a label row that no way led to WordPress, until WordPress has heard of it. */
export function giveUp( state: SiteState, { domain_id, data_version }: LabelRow ): void {
	state.setNote( `dead/${ domain_id }`, data_version );
}

export function isGivenUp( state: SiteState, domain_id: number ): boolean {
	return state.note( `dead/${ domain_id }` ) !== null;
}

/** Rows that WordPress has yet to hear of, at most 500; the same ones until `forgetGivenUp`. */
export function givenUp( state: SiteState ): GivenUp {
	return state
		.notes( 'dead/' )
		.slice( 0, MAXIMUM )
		.map( ( { name, value } ) => ( {
			domain_id: Number( name.slice( 'dead/'.length ) ),
			data_version: typeof value === 'number' ? value : 0,
		} ) );
}

/** WordPress has signed for a call that named them: from now on it asks for them again only when they are to be tried. */
export function forgetGivenUp( state: SiteState ): void {
	for ( const { domain_id } of givenUp( state ) ) {
		state.forgetNote( `dead/${ domain_id }` );
	}
}
