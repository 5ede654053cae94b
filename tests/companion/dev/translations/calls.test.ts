import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf, type Call } from '../../../../companion/src/dev/translations/messages.ts';
import { phpCalls } from '../../../../companion/src/dev/translations/php-calls.ts';
import { scriptCalls } from '../../../../companion/src/dev/translations/script-calls.ts';

const php = ( code: string ): Call[] => phpCalls( `<?php\n${ code }`, 'a.php' );
const script = ( code: string ): Call[] => scriptCalls( code, 'a.tsx' );

type Expected = [ text: string, plural: string | null, context: string | null, comment: string | null ];

const CASES: [ title: string, calls: Call[], expected: Expected[] ][] = [
	[ 'a text in PHP', php( "echo esc_html__( 'One', 'rollcall' );" ), [ [ 'One', null, null, null ] ] ],
	[ 'a text with a namespace before', php( "\\__( 'One', 'rollcall' );" ), [ [ 'One', null, null, null ] ] ],
	[ 'texts joined by dots', php( "__( 'One ' . \"two\\n\", 'rollcall' );" ), [ [ 'One two\n', null, null, null ] ] ],
	[ 'a plural in PHP', php( "_n( '%d day', '%d days', $n, 'rollcall' );" ), [ [ '%d day', '%d days', null, null ] ] ],
	[ 'a plural with a context', php( "_nx( '%d day', '%d days', $n, 'age', 'rollcall' );" ), [ [ '%d day', '%d days', 'age', null ] ] ],
	[ 'a plural for later', php( "_n_noop( 'day', 'days', 'rollcall' );" ), [ [ 'day', 'days', null, null ] ] ],
	[ 'a context', php( "_x( 'Post', 'verb', 'rollcall' );" ), [ [ 'Post', null, 'verb', null ] ] ],
	[
		'a comment for translators in PHP',
		php( "sprintf(\n/* translators: %s: a name. */\n__( 'Hello %s', 'rollcall' ), $x );\n__( 'Bye', 'rollcall' );" ),
		[
			[ 'Hello %s', null, null, 'translators: %s: a name.' ],
			[ 'Bye', null, null, null ],
		],
	],
	[ 'a method of the same name is another thing', php( "$this->__( 'One', 'rollcall' );" ), [] ],
	[
		'a text in TSX',
		script( "<b title={ __( 'One', 'rollcall' ) }>{ __( 'Two', 'rollcall' ) }</b>" ),
		[
			[ 'One', null, null, null ],
			[ 'Two', null, null, null ],
		],
	],
	[
		'a comment for translators in a script',
		script( "sprintf(\n/* translators: %s: a\n * name. */\n__( 'Hello %s', 'rollcall' ), x );" ),
		[ [ 'Hello %s', null, null, 'translators: %s: a name.' ] ],
	],
	[ 'a call that a bundler wrote', script( '(0,i.__)("One","rollcall")' ), [ [ 'One', null, null, null ] ] ],
	[
		'two calls that a minifier joined',
		script( '(0,i.__)(t?"One":"Two","rollcall")' ),
		[
			[ 'One', null, null, null ],
			[ 'Two', null, null, null ],
		],
	],
	[
		'two plurals that a minifier joined',
		script( '(0,i._n)(t?"a":"b",t?"as":"bs",n,"rollcall")' ),
		[
			[ 'a', 'as', null, null ],
			[ 'b', 'bs', null, null ],
		],
	],
];

describe( 'texts to translate', () => {
	for ( const [ title, calls, expected ] of CASES ) {
		it( `are found: ${ title }`, () => {
			const { messages, faults } = messagesOf( calls, 'a' );
			assert.deepEqual(
				messages.map( ( { text, plural, context, comment } ) => [ text, plural, context, comment ] ),
				expected
			);
			assert.deepEqual( faults, [] );
		} );
	}

	it( 'carry file and line', () => {
		assert.equal( messagesOf( php( "\n\n__( 'One', 'rollcall' );" ), 'a.php' ).messages[ 0 ]?.reference, 'a.php:4' );
		assert.equal( messagesOf( script( "\n\n__( 'One', 'rollcall' );" ), 'a.tsx' ).messages[ 0 ]?.reference, 'a.tsx:3' );
	} );

	const FAULTY: [ title: string, calls: Call[] ][] = [
		[ 'a variable in PHP', php( "__( $text, 'rollcall' );" ) ],
		[ 'a variable in a script', script( "__( text, 'rollcall' );" ) ],
		[ 'a template with a value', script( "__( `One ${ two }`, 'rollcall' );" ) ],
		[ 'no domain', php( "__( 'One' );" ) ],
		[ 'another domain', script( "__( 'One', 'default' );" ) ],
		[ 'a plural that is no literal', php( "_n( 'day', $days, $n, 'rollcall' );" ) ],
	];
	for ( const [ title, calls ] of FAULTY ) {
		it( `are refused: ${ title }`, () => {
			const { messages, faults } = messagesOf( calls, 'a' );
			assert.deepEqual( [ messages.length, faults.length ], [ 0, 1 ] );
		} );
	}

	it( 'of other domains are passed over in bundles, which hold libraries', () => {
		assert.deepEqual( messagesOf( script( "__( 'One' ); __( 'Two', 'default' );" ), 'a.js', true ), { messages: [], faults: [] } );
	} );
} );
