import wordpress from '@wordpress/eslint-plugin';

const UNTRANSLATED = 'People would see this in English whatever their language: wrap it in __().';

/** What people read or hear: literals and templates with words in these places are not translated. */
const SHOWN = '/^(label|title|help|placeholder|alt|description|aria-label|confirmButtonText|cancelButtonText|heading|hint)$/';
const untranslated = [
	'JSXText[value=/\\p{L}{2,}/u]',
	'JSXElement > JSXExpressionContainer > Literal[value=/\\p{L}{2,}/u]',
	'JSXElement > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=/\\p{L}{2,}/u]',
	`JSXAttribute[name.name=${ SHOWN }] > Literal[value=/\\p{L}{2,}/u]`,
	`JSXAttribute[name.name=${ SHOWN }] > JSXExpressionContainer > Literal[value=/\\p{L}{2,}/u]`,
	`JSXAttribute[name.name=${ SHOWN }] > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=/\\p{L}{2,}/u]`,
	`Property[key.name=${ SHOWN }] > Literal.value[value=/^\\p{Lu}|\\s/u]`,
].map( ( selector ) => ( { selector, message: UNTRANSLATED } ) );

export default [
	{
		ignores: [ 'node_modules/**', 'vendor/**', 'plugin/**', 'dist/**', '**/dist/**', '.rollcall/**', 'test-results/**' ],
	},
	...wordpress.configs.recommended,
	{
		rules: {
			// One spelling from column to screen: data fields are snake_case.
			camelcase: 'off',
			// Types stand in the signature; a comment says only what they do not.
			'jsdoc/require-param': 'off',
			'jsdoc/require-returns': 'off',
			'jsdoc/multiline-blocks': 'off',
			// Flags are bits, and scanning and hashing work on bytes.
			'no-bitwise': 'off',
			// A chain of cases reads well as Prettier lays it out.
			'no-nested-ternary': 'off',
			// Early returns with values computed before them are common in pure functions.
			'@wordpress/no-unused-vars-before-return': 'off',
		},
	},
	{
		files: [ 'admin-ts/src/**' ],
		rules: {
			'@wordpress/i18n-text-domain': [ 'error', { allowedTextDomain: 'rollcall' } ],
			'no-restricted-syntax': [ 'error', ...untranslated ],
		},
	},
	{
		files: [ 'companion/src/dev/**', 'companion/src/commands/**', 'companion/src/main.ts' ],
		rules: {
			// Programs of the command line print.
			'no-console': 'off',
		},
	},
	{
		files: [ 'tests/**', 'companion/src/dev/**', '*.{mjs,cjs}', '.*.cjs', 'admin-ts/**' ],
		rules: {
			// Tools are development dependencies of the root package; React comes with WordPress.
			'import/no-extraneous-dependencies': 'off',
		},
	},
];
