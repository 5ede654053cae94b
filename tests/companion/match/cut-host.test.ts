import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { cutAnyHost, cutHost } from '../../../companion/src/match/cut-host.ts';

type Vector = { id: string; host: string | null; reason: string | null } & ( { input: string } | { input_hex: string } );

const vectors: Vector[] = JSON.parse( readFileSync( new URL( '../../fixtures/email-hosts.json', import.meta.url ), 'utf8' ) );

function inputOf( vector: Vector ): string {
	return 'input' in vector
		? vector.input
		: new TextDecoder( 'utf-8', { ignoreBOM: true } ).decode( Buffer.from( vector.input_hex, 'hex' ) );
}

describe( 'cutHost', () => {
	it( 'has at least 60 shared vectors, each with its own id', () => {
		assert.ok( vectors.length >= 60 );
		assert.equal( new Set( vectors.map( ( { id } ) => id ) ).size, vectors.length );
	} );

	for ( const vector of vectors ) {
		it( `cuts as WordPress does: ${ vector.id }`, () => {
			assert.deepEqual(
				cutHost( inputOf( vector ) ),
				vector.reason === null ? { ok: true, host: vector.host } : { ok: false, reason: vector.reason }
			);
		} );
	}

	it( 'refuses a text of one megabyte in less than a millisecond', () => {
		const text = `${ 'a'.repeat( 1 << 20 ) }@example.com`;
		const durations = Array.from( { length: 20 }, () => {
			const started_ms = performance.now();
			cutHost( text );
			return performance.now() - started_ms;
		} );
		assert.ok( Math.min( ...durations ) < 1, `${ Math.min( ...durations ) } ms` );
	} );

	it( 'gives the same on its fast path as on the full one, for 200,000 random texts', () => {
		// A miss would send a host to the companion that WordPress does not have, or none at all.
		const alphabet = [
			'a',
			'B',
			'7',
			'.',
			'-',
			'_',
			'+',
			'@',
			' ',
			'"',
			'(',
			'<',
			'>',
			'[',
			'%',
			'/',
			'\u00fc',
			'\u200b',
			'\n',
			'com',
		];
		let state = 20260101;
		const random = ( below: number ): number => {
			state = ( state * 1103515245 + 12345 ) % 2147483648;
			return Math.floor( ( state / 2147483648 ) * below );
		};
		for ( let round = 0; round < 200_000; round++ ) {
			const text = Array.from( { length: 1 + random( 8 ) }, () => alphabet[ random( alphabet.length ) ] ).join( '' );
			assert.deepEqual( cutHost( text ), cutAnyHost( text ), JSON.stringify( text ) );
		}
	} );

	it( 'refuses a text with a lone surrogate instead of throwing', () => {
		assert.deepEqual( cutHost( 'a@exam\uD800ple.com' ), { ok: false, reason: 'bad_char' } );
	} );
} );
