import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';
import { ROOT } from '../../../../companion/src/dev/paths.ts';
import { untranslated } from '../../../../companion/src/dev/translations/untranslated.ts';

const SHOWN_BY_PHP: Record< string, string > = {
	'a text outside of PHP': '?><p>Hello there</p>',
	'a text around a value': '?><p>Hello <?php echo $name; ?></p>',
	'an attribute that is read out': '?><img alt="A picture">',
	'an echo': "echo '<p>Hello</p>';",
	'an echo with a value': "echo '<p>Hello ' . $name . '</p>';",
	'a literal that is only escaped': "$x = esc_html( 'Hello there' );",
	'the end of a request': "wp_die( 'Not allowed here' );",
	'a title in an array': "$x = array( 'title' => 'Hello there' );",
	'an entry of the menu': "add_menu_page( 'Hello there', __( 'Hello', 'rollcall' ) );",
};

const FINE_IN_PHP: Record< string, string > = {
	'tags, entities and values': '?><p class="some words">&nbsp;<?php echo esc_html( $name ); ?></p><style>.a b { color: red }</style>',
	'a translated text': "echo '<p class=\"a b\">' . esc_html__( 'Hello', 'rollcall' ) . '</p>';",
	'a tag with a value inside': "echo '<a href=\"' . esc_url( $url ) . '\">' . esc_html( $name ) . '</a>';",
	'a name': "$x = array( 'title' => 'Rollcall', 'label' => 'public' );",
};

const SHOWN_BY_SCRIPT: Record< string, string > = {
	'a text between tags': 'export const a = <p>Hello there</p>;',
	'a literal between tags': "export const a = <p>{ 'Hello there' }</p>;",
	'a template between tags': 'export const a = ( n ) => <p>{ `Hello ${ n }` }</p>;',
	'an attribute': 'export const a = <Button label="Hello" />;',
	'an attribute in braces': "export const a = <Button aria-label={ 'Hello' } />;",
	'a template in an attribute': 'export const a = ( n ) => <Button label={ `Hello ${ n }` } />;',
	'a label of a column': "export const a = { id: 'name', label: 'Name' };",
	'another domain': "import { __ } from '@wordpress/i18n';\nexport const a = __( 'Hello', 'default' );",
	'a variable': "import { __ } from '@wordpress/i18n';\nexport const a = ( text ) => __( text, 'rollcall' );",
};

describe( 'untranslated texts in PHP', () => {
	for ( const [ title, code ] of Object.entries( SHOWN_BY_PHP ) ) {
		it( `are found: ${ title }`, () => {
			assert.equal( untranslated( `<?php ${ code }`, 'a.php' ).length, 1 );
		} );
	}
	for ( const [ title, code ] of Object.entries( FINE_IN_PHP ) ) {
		it( `are not seen in ${ title }`, () => {
			assert.deepEqual( untranslated( `<?php ${ code }`, 'a.php' ), [] );
		} );
	}

	it( 'are not in the plugin', () => {
		const files = globSync( 'plugin/{*.php,{src,contract,templates}/**/*.php}', { cwd: ROOT } );
		assert.ok( files.length > 100 );
		assert.deepEqual(
			files.flatMap( ( file ) => untranslated( readFileSync( join( ROOT, file ), 'utf8' ), file ) ),
			[]
		);
	} );
} );

describe( 'untranslated texts in the admin page', () => {
	const eslint = new ESLint( { cwd: ROOT } );
	for ( const [ title, code ] of Object.entries( SHOWN_BY_SCRIPT ) ) {
		it( `turn the lint red: ${ title }`, async () => {
			const [ result ] = await eslint.lintText( `${ code }\n`, { filePath: 'admin-ts/src/screens/example.tsx' } );
			const rules = result?.messages.map( ( message ) => message.ruleId ) ?? [];
			assert.ok(
				rules.includes( 'no-restricted-syntax' ) || rules.some( ( rule ) => rule?.startsWith( '@wordpress/i18n-' ) ),
				String( rules )
			);
		} );
	}

	it( 'are not seen in translated texts, keys and classes', async () => {
		const code = `import { __ } from '@wordpress/i18n';
export const a = <p className="some words" id={ 'a b' }>{ __( 'Hello', 'rollcall' ) } · <Age at="now" label={ __( 'Age', 'rollcall' ) } /></p>;
`;
		const [ result ] = await eslint.lintText( code, { filePath: 'admin-ts/src/screens/example.tsx' } );
		assert.deepEqual(
			result?.messages.filter( ( { ruleId } ) => ruleId === 'no-restricted-syntax' || ruleId?.includes( 'i18n' ) ),
			[]
		);
	} );
} );
