import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
	pairedKeys,
	pairingAnswerSignature,
	pairingMac,
	pairingRoot,
	rotatedKeys,
	type PairingFacts,
	type PairingRequest,
	type RotationFacts,
} from '../../../companion/src/exchange/keys.ts';
import {
	mediaType,
	newNonce,
	sameSignature,
	signAnswer,
	signRequest,
	sortedQuery,
	stringToSign,
	verifyAnswer,
	verifyRequest,
	type AnswerToSign,
	type SignedRequest,
} from '../../../companion/src/exchange/signature.ts';
import type { Transport } from '../../../companion/src/contract/vocabulary.ts';
import { RollcallError } from '../../../companion/src/errors.ts';

type Keyed = { key: string };
type Signed = { signature: string };
type Vector = { id: string; expected: unknown } & (
	| { kind: 'sorted_query'; query: string; transport: Transport }
	| { kind: 'content_type'; header: string }
	| ( { kind: 'request' } & SignedRequest & Keyed )
	| ( { kind: 'verify_request' } & SignedRequest & Keyed & Signed )
	| ( { kind: 'answer' } & AnswerToSign & Keyed )
	| ( { kind: 'verify_answer' } & AnswerToSign & Keyed & Signed )
	| { kind: 'pair_root'; secret: string }
	| ( { kind: 'pair_mac'; root: string } & PairingRequest )
	| { kind: 'pair_answer'; root: string; companion_nonce: string; payload: string }
	| ( { kind: 'pair_keys'; root: string } & PairingFacts )
	| ( { kind: 'rotated_keys'; c2w: string; w2c: string } & RotationFacts )
);

/** The file is written by us and read by both languages; a vector of another form fails its own test. */
const vectors = JSON.parse( readFileSync( new URL( '../../fixtures/signature-vectors.json', import.meta.url ), 'utf8' ) ) as Vector[];

const bytes = ( hex: string ) => Buffer.from( hex, 'hex' );

function answerOf( vector: Vector ): unknown {
	switch ( vector.kind ) {
		case 'sorted_query':
			return sortedQuery( vector.query, vector.transport );
		case 'content_type':
			return mediaType( vector.header );
		case 'request':
			return { string_to_sign: stringToSign( vector ), signature: signRequest( bytes( vector.key ), vector ) };
		case 'verify_request':
			return verifyRequest( bytes( vector.key ), vector, vector.signature );
		case 'answer':
			return signAnswer( bytes( vector.key ), vector );
		case 'verify_answer':
			return verifyAnswer( bytes( vector.key ), vector, vector.signature );
		case 'pair_root':
			return pairingRoot( vector.secret );
		case 'pair_mac':
			return pairingMac( vector.root, vector );
		case 'pair_answer':
			return pairingAnswerSignature( vector.root, vector.companion_nonce, vector.payload );
		case 'pair_keys':
			return pairedKeys( vector.root, vector );
		case 'rotated_keys':
			return rotatedKeys( vector, vector );
	}
}

for ( const vector of vectors ) {
	test( `vector ${ vector.id }`, () => {
		if ( vector.expected === null ) {
			assert.throws(
				() => answerOf( vector ),
				( thrown ) => thrown instanceof RollcallError && thrown.code === 'bad_request'
			);
		} else {
			assert.deepEqual( answerOf( vector ), vector.expected );
		}
	} );
}

test( 'the vector file holds at least forty vectors with ids of their own', () => {
	assert.ok( vectors.length >= 40 );
	assert.equal( new Set( vectors.map( ( vector ) => vector.id ) ).size, vectors.length );
} );

test( 'every single flipped bit of a signature is refused', () => {
	const known = `v1=${ 'a5'.repeat( 32 ) }`;
	for ( let bit = 0; bit < 256; bit++ ) {
		const given = bytes( known.slice( 3 ) );
		given[ bit >> 3 ] = ( given[ bit >> 3 ] ?? 0 ) ^ ( 1 << ( bit & 7 ) );
		assert.equal( sameSignature( known, `v1=${ given.toString( 'hex' ) }` ), false );
	}
	assert.equal( sameSignature( known, known ), true );
} );

test( 'bodies are signed as bytes, so text and its UTF-8 give the same signature', () => {
	const request: SignedRequest = {
		direction: 'c2w',
		method: 'POST',
		site_id: 'a'.repeat( 32 ),
		route: '/rollcall/v1/exchange',
		sorted_query: '',
		content_type: 'application/json',
		body: '{"name":"Zürich"}',
		timestamp: 1,
		nonce: newNonce(),
		kid: `${ 'a'.repeat( 16 ) }-1`,
	};
	const key = Buffer.alloc( 32, 7 );
	assert.equal( signRequest( key, request ), signRequest( key, { ...request, body: Buffer.from( '{"name":"Zürich"}' ) } ) );
} );

test( 'a nonce is 128 bits in hexadecimal and never the same twice', () => {
	const nonces = Array.from( { length: 100 }, newNonce );
	assert.ok( nonces.every( ( nonce ) => /^[0-9a-f]{32}$/.test( nonce ) ) );
	assert.equal( new Set( nonces ).size, 100 );
} );
