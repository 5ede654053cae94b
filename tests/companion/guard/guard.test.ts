import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { judgeAnswers, judgeUrl, refusalError, type GuardPolicy, type Refusal } from '../../../companion/src/guard/guard.ts';

const PUBLIC_ONLY: GuardPolicy = { allow: [], nat64: false };

type Verdict = 'allowed' | 'target_refused' | 'bad_url';

/** `answers` are what the name resolves to; literals need none. `open` is the widest allow list that the row is tried with. */
type Case = { row: string; urls: string[]; answers?: string[]; by_default: Verdict; open?: string; with_list?: Verdict; nat64?: boolean };

const CASES = readCases( '../../fixtures/guard-cases.json' );

/** The fixture is part of this test; a wrong field would fail it. */
function readCases( path: string ): Case[] {
	return JSON.parse( readFileSync( new URL( path, import.meta.url ), 'utf8' ) ) as Case[];
}

/** The public address that this machine is supposed to have. */
const OWN = [ '127.0.0.1', '93.184.215.99' ];

function verdictOn( url: string, answers: string[], policy: GuardPolicy ): Verdict {
	const target = judgeUrl( url, policy, OWN );
	if ( ! target.ok ) {
		return target.code;
	}
	const judgement = target.address === null ? judgeAnswers( target, answers, policy, OWN ) : target;
	return judgement.ok ? 'allowed' : judgement.code;
}

describe( 'the guard on public addresses only', () => {
	for ( const { row, urls, answers = [], by_default } of CASES ) {
		for ( const url of urls ) {
			test( `${ row }: ${ JSON.stringify( url ) } is ${ by_default }`, () => {
				assert.equal( verdictOn( url, answers, PUBLIC_ONLY ), by_default );
			} );
		}
	}
} );

describe( 'the guard with what the operator listed', () => {
	for ( const { row, urls, answers = [], by_default, open = '', with_list = by_default, nat64 = false } of CASES ) {
		for ( const url of urls ) {
			test( `${ row }: ${ JSON.stringify( url ) } is ${ with_list } with "${ open }"${ nat64 ? ' behind NAT64' : '' }`, () => {
				assert.equal( verdictOn( url, answers, { allow: parseAllow( open ), nat64 } ), with_list );
			} );
		}
	}
} );

test( 'tells the same text for every private target', () => {
	const refused = [
		'http://127.0.0.1/',
		'http://10.1.2.3:8080/x?y',
		'http://169.254.169.254/latest/',
		'https://db/',
		'http://x.internal/',
		'http://[::1]/',
		'http://example.com:22/',
	];
	const messages = refused.map( ( url ) => {
		const judged = judgeUrl( url, PUBLIC_ONLY );
		assert.equal( judged.ok, false, url );
		return refusalError( judged as Refusal ).message;
	} );
	assert.equal( new Set( messages ).size, 1 );
} );

test( 'refuses a name without an address', () => {
	assert.equal( verdictOn( 'http://www.acme.com/', [], PUBLIC_ONLY ), 'target_refused' );
} );

test( 'refuses an answer that is no address', () => {
	for ( const answer of [ '', 'localhost', '127.1', '0177.0.0.1', 'fe80::1%eth0', '8.8.8.8 ' ] ) {
		assert.equal( verdictOn( 'http://www.acme.com/', [ answer ], PUBLIC_ONLY ), 'target_refused', answer );
	}
} );

test( 'refuses a URL of more than 2,048 characters', () => {
	assert.equal( verdictOn( `http://example.com/${ 'a'.repeat( 2048 ) }`, [ '93.184.215.14' ], PUBLIC_ONLY ), 'bad_url' );
} );
