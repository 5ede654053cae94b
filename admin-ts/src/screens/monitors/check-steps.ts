import { __, _n, sprintf } from '@wordpress/i18n';
import type { CheckJob } from '../../../../companion/src/contract/monitor.ts';
import { formatNumber } from '../../format.ts';
import { checkCodeText, formatSeconds, wasAsked } from './words.ts';

type Result = CheckJob[ 'results' ][ number ];

function activeText( count: number ): string {
	return sprintf(
		/* translators: %s: number of addresses. */
		_n( 'Querying active URLs: %s found.', 'Querying active URLs: %s found.', count, 'rollcall' ),
		formatNumber( count )
	);
}

/** A push monitor is called and asks nothing; undefined for what says nothing about its calls. */
function callText( { name, error_code, error_message }: Result ): string | undefined {
	switch ( error_code ) {
		case 'ok':
			/* translators: %s: name of a monitor. */
			return sprintf( __( 'The last call of %s came in time', 'rollcall' ), name );
		case 'not_checked_yet':
			/* translators: %s: name of a monitor. */
			return sprintf( __( 'No call of %s came yet', 'rollcall' ), name );
		case 'push_missed':
			/* translators: 1: name of a monitor, 2: details. */
			return sprintf( __( 'No call of %1$s came in time. %2$s', 'rollcall' ), name, error_message ).trim();
		default:
			return undefined;
	}
}

function answerText( result: Result ): string {
	return ( result.url === '' ? callText( result ) : undefined ) ?? targetText( result );
}

function targetText( { url, name, status_code, error_code, error_message }: Result ): string {
	const target = url || name;
	if ( status_code !== null ) {
		return sprintf(
			/* translators: 1: status code such as 200, 2: address. */
			__( 'Received status code %1$s from %2$s', 'rollcall' ),
			String( status_code ),
			target
		);
	}
	return error_code === 'ok'
		? /* translators: %s: address. */
			sprintf( __( 'Received an answer from %s', 'rollcall' ), target )
		: /* translators: 1: what went wrong, 2: address, 3: details. */
			sprintf( __( '%1$s: %2$s. %3$s', 'rollcall' ), checkCodeText( error_code, url ), target, error_message ).trim();
}

/** What does not hold although an answer with a status came, such as a missing text. */
function verdictText( { url, status_code, error_code, error_message }: Result ): string[] {
	return status_code === null || error_code === 'ok'
		? []
		: [
				/* translators: 1: what went wrong, 2: details. */
				sprintf( __( '%1$s: %2$s', 'rollcall' ), checkCodeText( error_code, url ), error_message ),
			];
}

/** What was done for one monitor, in its order. */
export function stepsOf( result: Result ): string[] {
	return [
		answerText( result ),
		...verdictText( result ),
		...( result.response_time_ms === null || ! wasAsked( result.url, result.error_code )
			? []
			: [
					/* translators: %s: such as "0.412 s". */
					sprintf( __( 'Response time %s', 'rollcall' ), formatSeconds( result.response_time_ms ) ),
				] ),
		__( 'Stored', 'rollcall' ),
	];
}

/** The first step: what the query found, once it is known. */
export function firstStep( job: CheckJob | undefined ): string {
	return job === undefined ? __( 'Querying active URLs', 'rollcall' ) : activeText( job.active_count );
}

/** What came of all of them, in one line. */
export function summaryOf( { results, done }: CheckJob ): string {
	const countOf = ( state: Result[ 'state' ] ) => formatNumber( results.filter( ( result ) => result.state === state ).length );
	return sprintf(
		/* translators: 1: number of monitors, 2: how many are up, 3: slow or degraded, 4: down, 5: without a reading. */
		__( '%1$s checked: %2$s up, %3$s slow or degraded, %4$s down, %5$s without a reading.', 'rollcall' ),
		formatNumber( done ),
		countOf( 'up' ),
		countOf( 'degraded' ),
		countOf( 'down' ),
		countOf( 'unknown' )
	);
}
