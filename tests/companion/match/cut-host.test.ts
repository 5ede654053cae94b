import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { cutHost } from '../../../companion/src/match/cut-host.ts';

type Vector = { id: string; host: string | null; reason: string | null } & ( { input: string } | { input_hex: string } );

const vectors: Vector[] = JSON.parse(
	readFileSync( new URL( '../../fixtures/email-hosts.json', import.meta.url ), 'utf8' )
);

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

	it( 'refuses a text with a lone surrogate instead of throwing', () => {
		assert.deepEqual( cutHost( 'a@exam\uD800ple.com' ), { ok: false, reason: 'bad_char' } );
	} );
} );
