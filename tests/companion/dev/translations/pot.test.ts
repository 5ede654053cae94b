import assert from 'node:assert/strict';
import { it } from 'node:test';
import { po } from 'gettext-parser';
import { potOf } from '../../../../companion/src/dev/translations/pot.ts';

const message = { plural: null, context: null, comment: null };

it( 'makes one entry of a text with all its places, comments and its plural', () => {
	const text = potOf(
		[
			{ ...message, text: 'One "quoted"\nline', comment: 'translators: first.', reference: 'a.php:1' },
			{ ...message, text: 'One "quoted"\nline', reference: 'b.php:2' },
			{ ...message, text: '%d day', plural: '%d days', reference: 'a.php:3' },
			{ ...message, text: 'Post', context: 'verb', reference: 'build/admin.js:1' },
		],
		'1.2.3'
	);
	const read = po.parse( text );
	assert.equal( read.headers[ 'Project-Id-Version' ], 'Rollcall 1.2.3' );
	const one = read.translations[ '' ]?.[ 'One "quoted"\nline' ];
	assert.deepEqual( [ one?.comments?.reference, one?.comments?.extracted ], [ 'a.php:1\nb.php:2', 'translators: first.' ] );
	assert.deepEqual( read.translations[ '' ]?.[ '%d day' ]?.msgstr, [ '', '' ] );
	assert.equal( read.translations[ '' ]?.[ '%d day' ]?.msgid_plural, '%d days' );
	assert.equal( read.translations.verb?.Post?.comments?.reference, 'build/admin.js:1' );
} );
