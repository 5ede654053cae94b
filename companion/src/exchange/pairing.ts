import { randomBytes } from 'node:crypto';
import { isShape } from '../contract/is-shape.ts';
import { errorPayload, pairPayload, pairingCode, type PairPayload } from '../contract/pairing.ts';
import { ERROR_CODES, type ErrorCode } from '../contract/error-codes.ts';
import { CONTRACT_VERSION, type Transport } from '../contract/vocabulary.ts';
import { RollcallError } from '../errors.ts';
import { parseJson, type Answered, type Unsigned } from './answer.ts';
import type { PairedSite } from './keyring.ts';
import { pairedKeys, pairingAnswerSignature, pairingMac, pairingRoot } from './keys.ts';
import type { Clock, Log, Network } from './ports.ts';
import { newNonce, sameSignature } from './signature.ts';
import { callSite, DEADLINE_MS, siteUrl, TRANSPORT_ORDER, urlOf } from './transport.ts';

export type PairingOptions = {
	site_url: string;
	code: string;
	companion_url: string | null;
	companion_version: string;
	basic_auth: string | null;
	network: Network;
	clock: Clock;
	log: Log;
	signal: AbortSignal;
	deadline_ms?: number;
};

/** An answer that got lost is asked for again with the same nonce: WordPress repeats it byte for byte. */
const TRIES = 3;
const PAUSE_MS = 2000;

/** Pairs with a site by the code of its Connect screen; tries the transports in order and remembers the one
 *  that got through. Throws pairing_code_invalid, bad_url, pairing_refused, contract_unsupported, site_unreachable,
 *  rest_blocked or answer_invalid. */
export async function pairSite( options: PairingOptions ): Promise< PairedSite > {
	const site_url = siteUrl( options.site_url );
	const code = options.code.trim().toLowerCase();
	const [ pairing_id = '', secret = '' ] = code.split( '.' );
	if ( ! isShape( pairingCode, code ) ) {
		throw new RollcallError( 'pairing_code_invalid', 'The pairing code must be 10 and 40 digits with a dot between them.' );
	}
	const root = pairingRoot( secret );
	const request = {
		pairing_id,
		companion_id: randomBytes( 8 ).toString( 'hex' ),
		companion_nonce: newNonce(),
		companion_version: options.companion_version,
		companion_url: options.companion_url,
		contract_version: CONTRACT_VERSION,
	};
	const body = JSON.stringify( { pair: { ...request, mac: pairingMac( root, request ) } } );
	const { transport, payload } = await askByEveryTransport( options, site_url, body, root, request.companion_nonce );
	if ( ! payload.kid.startsWith( `${ request.companion_id }-` ) ) {
		throw new RollcallError( 'answer_invalid', `${ site_url } answered with a key of another companion.` );
	}
	return {
		site_url,
		site_id: payload.site_id,
		site_name: payload.site_name,
		companion_id: request.companion_id,
		kid: payload.kid,
		keys: pairedKeys( root, { ...request, ...payload } ),
		rotation: null,
		previous: null,
		transport,
		basic_auth: options.basic_auth,
		paired_at_ms: options.clock.now(),
	};
}

type Paired = { transport: Transport; payload: PairPayload };

async function askByEveryTransport(
	options: PairingOptions,
	site_url: string,
	body: string,
	root: string,
	companion_nonce: string
): Promise< Paired > {
	const outcomes: Exclude< Answered, { kind: 'answer' } >[] = [];
	for ( const transport of TRANSPORT_ORDER ) {
		const outcome = await askUntilAnswered( options, urlOf( site_url, 'pair', transport ), body );
		if ( outcome.kind === 'answer' ) {
			return { transport, payload: readPairing( site_url, outcome, root, companion_nonce ) };
		}
		options.log( 'debug', 'pair_transport_failed', { transport, reason: outcome.reason } );
		outcomes.push( outcome );
		if ( outcome.kind === 'failed' || isFinal( outcome ) ) {
			break;
		}
	}
	throw pairingFailure( site_url, outcomes, options.basic_auth !== null );
}

async function askUntilAnswered( options: PairingOptions, url: string, body: string ): Promise< Answered > {
	for ( let tried = 1; ; tried++ ) {
		const outcome = await callSite( {
			...options,
			url,
			body,
			headers: {},
			deadline_ms: options.deadline_ms ?? DEADLINE_MS,
		} );
		if ( outcome.kind !== 'failed' || tried === TRIES ) {
			return outcome;
		}
		options.log( 'info', 'pair_repeated', { reason: outcome.reason } );
		await options.clock.sleep( PAUSE_MS, options.signal );
	}
}

/** WordPress itself refused, so another way in leads to the same. */
function isFinal( outcome: Unsigned ): boolean {
	return outcome.error_code !== null && Object.hasOwn( ERROR_CODES, outcome.error_code ) && outcome.status !== 404;
}

function readPairing(
	site_url: string,
	{ status, answer }: Extract< Answered, { kind: 'answer' } >,
	root: string,
	companion_nonce: string
): PairPayload {
	if ( ! sameSignature( pairingAnswerSignature( root, companion_nonce, answer.payload ), answer.sig ) ) {
		throw new RollcallError( 'answer_invalid', `The answer of ${ site_url } was not signed with the pairing code.` );
	}
	const payload = parseJson( answer.payload );
	if ( status === 200 && isShape( pairPayload, payload ) ) {
		if ( payload.contract_version < CONTRACT_VERSION - 1 ) {
			throw new RollcallError(
				'contract_unsupported',
				`The plugin speaks version ${ payload.contract_version }, this companion ${ CONTRACT_VERSION }.`
			);
		}
		return payload;
	}
	if ( isShape( errorPayload, payload ) ) {
		throw new RollcallError( knownCode( payload.error_code ), payload.error_message );
	}
	throw new RollcallError( 'answer_invalid', `${ site_url } answered ${ status } with something that is no pairing.` );
}

function knownCode( code: string ): ErrorCode {
	// hasOwn makes sure that it is a key of the table.
	return Object.hasOwn( ERROR_CODES, code ) ? ( code as ErrorCode ) : 'internal';
}

/** The outcome that says most to a person, as an error. */
function pairingFailure( site_url: string, outcomes: Exclude< Answered, { kind: 'answer' } >[], has_basic_auth: boolean ): RollcallError {
	const unsigned = outcomes.filter( ( outcome ) => outcome.kind === 'unsigned' );
	const refused = unsigned.find( isFinal );
	if ( refused !== undefined ) {
		return new RollcallError(
			knownCode( refused.error_code ?? '' ),
			`${ site_url } refused the pairing with status ${ refused.status }.`
		);
	}
	const failed = outcomes.find( ( outcome ) => outcome.kind === 'failed' );
	if ( failed !== undefined ) {
		return new RollcallError( 'site_unreachable', `POST ${ site_url } got no answer: ${ failed.message }.` );
	}
	if ( unsigned.some( ( outcome ) => outcome.status === 401 ) ) {
		return new RollcallError( 'rest_blocked', `${ site_url } answered 401 before WordPress did.`, {
			hint: has_basic_auth
				? 'Check the user name and password of --basic-auth.'
				: 'The web server asks for a password of its own: give it with --basic-auth user:password.',
		} );
	}
	const redirect = unsigned.find(
		( outcome ) => outcome.redirect_origin !== null && outcome.redirect_origin !== new URL( site_url ).origin
	);
	if ( redirect !== undefined ) {
		return new RollcallError(
			'answer_invalid',
			`${ site_url } redirects to ${ redirect.redirect_origin }; signed calls follow no redirect.`,
			{
				hint: `Pair with the address ${ redirect.redirect_origin }.`,
			}
		);
	}
	const statuses = unsigned.map( ( outcome ) => outcome.status ).join( ', ' );
	return unsigned.every( ( outcome ) => outcome.status >= 300 )
		? new RollcallError( 'rest_blocked', `${ site_url } answered ${ statuses } to all three ways in; is the plugin active?` )
		: new RollcallError( 'answer_invalid', `${ site_url } answered ${ statuses }, but nothing that the plugin signed.` );
}
