import { __, sprintf } from '@wordpress/i18n';
import { CHECK_FORMS, POLITE_INTERVAL_SECONDS } from '../../../../companion/src/contract/check-types.ts';
import type { Monitor, MonitorOptions, MonitorRequest } from '../../../../companion/src/contract/monitor.ts';
import type { CheckType } from '../../../../companion/src/contract/vocabulary.ts';
import { parseAssertion } from '../../../../companion/src/monitor/assertion.ts';
import { formatNumber } from '../../format.ts';
import { requestOf } from './actions.tsx';
import { targetProblem, wholeTarget } from './targets.ts';

/** A monitor while it is typed: assertions are one text, one a line. Whether it is polite is not for the form to say. */
export type Draft = Omit< MonitorRequest, 'options' > & Omit< MonitorOptions, 'assertions' > & { assertions: string; is_polite: boolean };

const MAX_ASSERTIONS = 20;
const MAX_ASSERTION = 1000;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

/** Options of a new monitor, and of pasted ones. */
export const NEW_OPTIONS: MonitorOptions = { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 300 };

export function newDraft( type: CheckType = 'http' ): Draft {
	const { interval_seconds } = CHECK_FORMS[ type ];
	return { name: '', type, url: '', active: true, is_public: false, interval_seconds, ...NEW_OPTIONS, assertions: '', is_polite: false };
}

export function draftOf( monitor: Monitor ): Draft {
	const { options, ...request } = requestOf( monitor );
	return { ...request, ...options, assertions: options.assertions.join( '\n' ), is_polite: monitor.is_polite };
}

/** A draft of another type: the interval follows unless it was chosen. */
export function withType( draft: Draft, type: CheckType ): Draft {
	const is_usual = draft.interval_seconds === CHECK_FORMS[ draft.type ].interval_seconds;
	const interval_seconds = Math.max( leastInterval( draft ), CHECK_FORMS[ type ].interval_seconds );
	return { ...draft, type, interval_seconds: is_usual ? interval_seconds : draft.interval_seconds };
}

/** The shortest interval that may be chosen, in seconds. */
export function leastInterval( { is_polite }: Pick< Draft, 'is_polite' > ): number {
	return is_polite ? POLITE_INTERVAL_SECONDS : 0;
}

const linesOf = ( text: string ): string[] =>
	text
		.split( '\n' )
		.map( ( line ) => line.trim() )
		.filter( Boolean );

/** What is wrong with the lines of assertions, one sentence each, with what was expected and what was found. */
export function assertionProblems( type: CheckType, text: string ): string[] {
	const problems = text.split( '\n' ).flatMap( ( line, index ) => {
		const assertion = line.trim();
		const parsed = assertion === '' ? undefined : parseAssertion( assertion, type );
		if ( parsed && ! parsed.ok ) {
			const { at, expected, found } = parsed;
			return sprintf(
				/* translators: 1: number of a line, 2: number of a character, 3: what should stand there, 4: what stands there. */
				__( 'Line %1$s, character %2$s: expected %3$s, found %4$s.', 'rollcall' ),
				formatNumber( index + 1 ),
				formatNumber( at ),
				expected,
				found
			);
		}
		return assertion.length > MAX_ASSERTION
			? sprintf(
					/* translators: %s: number of a line. */
					__( 'Line %s is longer than 1,000 characters.', 'rollcall' ),
					formatNumber( index + 1 )
				)
			: [];
	} );
	return linesOf( text ).length > MAX_ASSERTIONS ? [ ...problems, __( 'A monitor has at most 20 assertions.', 'rollcall' ) ] : problems;
}

/** Assertions that hold anyway: the usual ones of the type whose place no line looks at. */
export function usualAssertions( type: CheckType, text: string ): string[] {
	const placeOf = ( line: string ) => {
		const parsed = parseAssertion( line, type );
		return parsed.ok ? parsed.assertion.place : undefined;
	};
	const places = linesOf( text ).map( placeOf );
	return CHECK_FORMS[ type ].usual.filter( ( usual ) => ! places.includes( placeOf( usual ) ) );
}

export type Problems = { url?: string; name?: string; headers?: string; assertions?: string };

/** What cannot be saved, in words, by field; empty when everything can. */
export function problemsOf( draft: Draft ): Problems {
	const { fields } = CHECK_FORMS[ draft.type ];
	const problems: Problems = {};
	const url = targetProblem( draft.type, draft.url );
	if ( url ) {
		problems.url = url;
	}
	if ( draft.type === 'push' && draft.name.trim() === '' ) {
		problems.name = __( 'Give it a name; it has no target to be known by.', 'rollcall' );
	}
	const wrong = draft.headers.find( ( { name, value } ) => ! HEADER_NAME.test( name ) || /[\r\n\0]/.test( value ) );
	if ( fields.includes( 'headers' ) && wrong ) {
		/* translators: %s: name of an HTTP header. */
		problems.headers = sprintf( __( '“%s” is no name of a header, or its value has a line break.', 'rollcall' ), wrong.name );
	}
	const [ assertion ] = fields.includes( 'assertions' ) ? assertionProblems( draft.type, draft.assertions ) : [];
	if ( assertion ) {
		problems.assertions = assertion;
	}
	return problems;
}

/** The monitor that a draft without problems stands for; what its type does not have is as in a new one. */
export function monitorRequestOf( draft: Draft ): MonitorRequest {
	const { name, type, url, active, is_public, interval_seconds, assertions, ...options } = draft;
	const { fields } = CHECK_FORMS[ type ];
	const has_body = fields.includes( 'body' ) && takesBody( draft );
	return {
		name: name.trim(),
		type,
		url: type === 'push' ? '' : wholeTarget( type, url ),
		active,
		is_public,
		interval_seconds,
		options: {
			method: fields.includes( 'method' ) ? options.method : NEW_OPTIONS.method,
			headers: fields.includes( 'headers' ) ? options.headers : [],
			body: has_body ? options.body : '',
			assertions: fields.includes( 'assertions' ) ? linesOf( assertions ) : [],
			timeout_ms: options.timeout_ms,
			grace_seconds: options.grace_seconds,
		},
	};
}

/** Whether a request of this method is sent with a body. */
export function takesBody( { method }: Pick< Draft, 'method' > ): boolean {
	return [ 'POST', 'PUT', 'PATCH', 'DELETE' ].includes( method );
}
