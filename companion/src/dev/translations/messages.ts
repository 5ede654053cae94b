/** A call of a function by name, in PHP or in a script. */
export type Call = {
	name: string;
	/** Texts that each argument may be: two where a minifier joined two calls; null when it is no literal. */
	args: readonly ( readonly string[] | null )[];
	line: number;
	/** What the code says to translators about it. */
	comment: string | null;
};

/** A text that people see. */
export type Message = { text: string; plural: string | null; context: string | null; comment: string | null; reference: string };

type Places = { text: number; plural?: number; context?: number; domain: number };

const SINGULAR: Places = { text: 0, domain: 1 };
const IN_CONTEXT: Places = { text: 0, context: 1, domain: 2 };

/** WordPress's functions and where each has what. */
const FUNCTIONS: Record< string, Places > = {
	__: SINGULAR,
	_e: SINGULAR,
	esc_html__: SINGULAR,
	esc_html_e: SINGULAR,
	esc_attr__: SINGULAR,
	esc_attr_e: SINGULAR,
	_x: IN_CONTEXT,
	_ex: IN_CONTEXT,
	esc_html_x: IN_CONTEXT,
	esc_attr_x: IN_CONTEXT,
	_n: { text: 0, plural: 1, domain: 3 },
	_nx: { text: 0, plural: 1, context: 3, domain: 4 },
	_n_noop: { text: 0, plural: 1, domain: 2 },
	_nx_noop: { text: 0, plural: 1, context: 2, domain: 3 },
};

export const DOMAIN = 'rollcall';

/** Whether a function takes a text for people. */
export const translates = ( name: string ): boolean => Object.hasOwn( FUNCTIONS, name );

export type Found = { messages: Message[]; faults: string[] };

/** The messages of some calls, and what is wrong with others: a text that is no literal, or one of another domain.
 *  `foreign` passes over texts of other domains, for bundles with libraries in them. */
export function messagesOf( calls: readonly Call[], file: string, foreign = false ): Found {
	const found: Found = { messages: [], faults: [] };
	for ( const call of calls ) {
		const places = FUNCTIONS[ call.name ];
		if ( places === undefined ) {
			continue;
		}
		const given = ( place: number | undefined ): readonly string[] | null =>
			place === undefined ? null : ( call.args[ place ] ?? null );
		const where = `${ file }:${ call.line }`;
		if ( ! given( places.domain )?.every( ( domain ) => domain === DOMAIN ) ) {
			if ( ! foreign ) {
				found.faults.push( `${ where } has a text that is not of the domain ${ DOMAIN }` );
			}
			continue;
		}
		const texts = given( places.text );
		if ( texts === null || ( places.plural !== undefined && given( places.plural ) === null ) ) {
			found.faults.push( `${ where } has a text that is no literal` );
			continue;
		}
		texts.forEach( ( text, index ) =>
			found.messages.push( {
				text,
				plural: given( places.plural )?.[ index ] ?? null,
				context: given( places.context )?.[ 0 ] ?? null,
				comment: call.comment,
				reference: where,
			} )
		);
	}
	return found;
}

/** The part of a comment that is meant for translators, or null. */
export function forTranslators( comment: string ): string | null {
	const text = comment
		.replace( /^\/\*+|\*\/$|^\/\/|^#/g, '' )
		.replace( /^\s*\*\s?/gm, '' )
		.trim();
	return /^translators:/i.test( text ) ? text.replace( /\s+/g, ' ' ) : null;
}
