import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sheetCsvUrl } from '../../../companion/src/lists/sheet-url.ts';

const ID = '1AbC_d-EfGhIjKlMnOpQrStUvWxYz0123456789';
const DOC = `https://docs.google.com/spreadsheets/d/${ ID }`;
const PUBLISHED = 'https://docs.google.com/spreadsheets/d/e/2PACX-1vTQrStUvWxYz';

describe( 'the CSV of a Google Sheet', () => {
	const cases: [ string, string | null ][] = [
		[ `${ DOC }/edit?gid=7#gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `${ DOC }/edit?gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `${ DOC }/edit#gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `${ DOC }/edit?gid=0#gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `${ DOC }/edit?usp=sharing`, `${ DOC }/export?format=csv` ],
		[ `${ DOC }/edit?usp=sharing#gid=7&range=A1:B9`, `${ DOC }/export?format=csv&gid=7` ],
		[ `${ DOC }/edit#range=A1&gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `${ DOC }/view#gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ DOC, `${ DOC }/export?format=csv` ],
		[ `${ DOC }/`, `${ DOC }/export?format=csv` ],
		[ ` ${ DOC }/edit#gid=7 `, `${ DOC }/export?format=csv&gid=7` ],
		[ `${ DOC }/export?format=csv&gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `${ DOC }/export?format=xlsx&gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `https://docs.google.com/spreadsheets/u/1/d/${ ID }/edit#gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `https://docs.google.com/a/tidewren.com/spreadsheets/d/${ ID }/edit#gid=7`, `${ DOC }/export?format=csv&gid=7` ],
		[ `http://docs.google.com/spreadsheets/d/${ ID }/edit`, `${ DOC }/export?format=csv` ],
		[ `${ PUBLISHED }/pubhtml`, `${ PUBLISHED }/pub?output=csv` ],
		[ `${ PUBLISHED }/pubhtml?gid=7&single=true`, `${ PUBLISHED }/pub?output=csv&gid=7&single=true` ],
		[ `${ PUBLISHED }/pub?output=csv`, `${ PUBLISHED }/pub?output=csv` ],
		[ `${ DOC }/edit?gid=7%26x=1#gid=../../x`, `${ DOC }/export?format=csv` ],
		[ `${ DOC }/edit#gid=7x`, `${ DOC }/export?format=csv` ],
		[ 'https://docs.google.com/document/d/1AbC_d-EfGhIjKlMnOp/edit', null ],
		[ 'https://docs.google.com/spreadsheets/d/../../x', null ],
		[ `https://docs.google.com.evil.com/spreadsheets/d/${ ID }/edit`, null ],
		[ `https://user@docs.google.com/spreadsheets/d/${ ID }/edit`, null ],
		[ `ftp://docs.google.com/spreadsheets/d/${ ID }/edit`, null ],
		[ 'https://list.example/a.csv', null ],
		[ 'list', null ],
	];
	for ( const [ link, csv ] of cases ) {
		test( `of ${ link } is ${ csv }`, () => assert.equal( sheetCsvUrl( link ), csv ) );
	}
} );
