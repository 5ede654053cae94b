const path = require( 'node:path' );
// With --experimental-modules there are two: classic scripts, and the view modules of blocks.
const [ scripts, modules ] = require( '@wordpress/scripts/config/webpack.config.js' );
const DependencyExtraction = require( '@wordpress/dependency-extraction-webpack-plugin' );

// WordPress 6.8 has no script `wp-theme`, and its `wp-private-apis` does not know the theme package:
// the pair is bundled, so that one build loads on 6.8 and on 7.1.
const BUNDLED = [ '@wordpress/theme', '@wordpress/private-apis' ];

const classic = {
	...scripts,
	// What the two make lies in one folder: each leaves the other's files alone.
	output: { ...scripts.output, clean: { keep: /^blocks\/[^/]+\/view\./ } },
	entry: async () => ( {
		...( typeof scripts.entry === 'function' ? await scripts.entry() : scripts.entry ),
		admin: path.resolve( __dirname, 'src/index.tsx' ),
	} ),
	resolve: {
		...scripts.resolve,
		alias: {
			...scripts.resolve.alias,
			// admin-ui asks for the release before; one copy serves both.
			'@wordpress/ui': path.dirname( require.resolve( '@wordpress/ui/package.json' ) ),
		},
	},
	optimization: {
		...scripts.optimization,
		splitChunks: {
			...scripts.optimization.splitChunks,
			// DataViews stays in the one file that its import names.
			cacheGroups: { ...scripts.optimization.splitChunks.cacheGroups, defaultVendors: false },
		},
	},
	// DataViews alone is above webpack's limit; it is loaded only where a table is shown.
	performance: { hints: false },
	plugins: [
		...scripts.plugins.filter( ( plugin ) => plugin.constructor.name !== 'DependencyExtractionWebpackPlugin' ),
		new DependencyExtraction( { requestToExternal: ( request ) => ( BUNDLED.includes( request ) ? false : undefined ) } ),
	],
};

module.exports = [ classic, modules ];
