import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllow } from '../../../companion/src/guard/allow.ts';

const plain = ( text: string ): unknown[] =>
	parseAllow( text ).map( ( { base, bits, ports, metadata } ) => [ base.toString(), bits, ports, metadata ] );

describe( 'the allow list', () => {
	const cases: [ string, unknown[] ][] = [
		[ '', [] ],
		[ '10.0.0.0/8', [ [ '10.0.0.0', 8, null, false ] ] ],
		[ '10.1.2.3/8', [ [ '10.0.0.0', 8, null, false ] ] ],
		[ '127.0.0.1', [ [ '127.0.0.1', 32, null, false ] ] ],
		[ '127.0.0.1:8888', [ [ '127.0.0.1', 32, [ 8888 ], false ] ] ],
		[ '192.168.1.0/24:80+9090', [ [ '192.168.1.0', 24, [ 80, 9090 ], false ] ] ],
		[ '::1', [ [ '::1', 128, null, false ] ] ],
		[ 'FD12::/16', [ [ 'fd12::', 16, null, false ] ] ],
		[ '[fd12::]/16:8080', [ [ 'fd12::', 16, [ 8080 ], false ] ] ],
		[ '[::1]:8080', [ [ '::1', 128, [ 8080 ], false ] ] ],
		[ '169.254.169.254/32!metadata', [ [ '169.254.169.254', 32, null, true ] ] ],
		[
			'10.0.0.1, 10.0.0.2\n10.0.0.3',
			[
				[ '10.0.0.1', 32, null, false ],
				[ '10.0.0.2', 32, null, false ],
				[ '10.0.0.3', 32, null, false ],
			],
		],
	];
	for ( const [ text, rules ] of cases ) {
		test( `reads ${ JSON.stringify( text ) }`, () => {
			assert.deepEqual( plain( text ), rules );
		} );
	}
	for ( const text of [
		'localhost',
		'10.0.0.0/33',
		'::/129',
		'10.0.0.1:0',
		'10.0.0.1:70000',
		'10.0.0',
		'010.0.0.1',
		'10.0.0.1:',
		'10.0.0.1:80+',
		'[::1',
		'fe80::1%eth0',
		'*',
		'10.0.0.1!meta',
	] ) {
		test( `names the entry ${ JSON.stringify( text ) } that it cannot read`, () => {
			assert.throws(
				() => parseAllow( `10.9.9.9 ${ text }` ),
				( error: Error & { code?: string } ) => error.code === 'bad_request' && error.message.includes( `"${ text }"` )
			);
		} );
	}
} );
