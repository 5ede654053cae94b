import type { Static } from 'typebox';
import { count, flag, listOf, nullable, number, oneOf, record, text } from './schema.ts';
import { CHECK_CODES, MONITOR_STATES, wordsOf } from './vocabulary.ts';

const milliseconds = ( description: string ) => number( description, { minimum: 0 } );
const phase = ( description: string ) => nullable( milliseconds( `${ description }, in milliseconds; null when not reached.` ) );

export const checkPhases = record( 'How long each part of a check took. With redirects the parts of all requests are added up.', {
	dns_ms: phase( 'Looking the name up' ),
	connect_ms: phase( 'Connecting' ),
	tls_ms: phase( 'TLS handshake' ),
	first_byte_ms: phase( 'From the request to the header of the answer' ),
	transfer_ms: phase( 'Body of the answer' ),
	total_ms: milliseconds( 'All of it, in milliseconds.' ),
} );

export const checkAssertion = record( 'One assertion and how it came out.', {
	assertion: text( 20_000, 'The assertion in its canonical form.' ),
	passed: flag( 'Whether it holds.' ),
	expected: text( 1000, 'Operator and value.' ),
	got: text( 1000, 'What was there instead, or the same.' ),
} );

/** One line of `rollcall-companion check --json`. */
export const checkLine = record( 'What one check of a URL found.', {
	url: text( 20_000, 'The URL as it was given.' ),
	state: oneOf( wordsOf( MONITOR_STATES ), 'Unknown says that nothing was learnt of the site.' ),
	error_code: oneOf( wordsOf( CHECK_CODES ), 'Why it has this state; ok when it is up.' ),
	error_message: text( 500, 'What was tried and what came back; empty when it is up.' ),
	status_code: nullable( count( 'Status of the last answer; null without one.' ) ),
	response_time_ms: milliseconds( 'The same as total_ms of the phases.' ),
	phases: checkPhases,
	assertions: listOf( checkAssertion, 100, 'In the order in which they were given; empty when there was nothing to judge.' ),
} );
export type CheckLine = Static< typeof checkLine >;
