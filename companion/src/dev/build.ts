import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { BANNER } from '../bundle-banner.ts';
import { BIN, ROOT } from './paths.ts';
import { DevError, must } from './run.ts';
import { writePot } from './translations/pot.ts';

export const BUNDLE = join( ROOT, 'companion/dist/rollcall-companion.mjs' );

/** Where the plugin offers the bundle for download. */
const IN_PLUGIN = join( ROOT, 'plugin/companion/rollcall-companion.mjs' );

/** The version in the plugin's header; the one place where it is written. */
export function pluginVersion(): string {
	const version = /^\s*\*?\s*Version:\s*(\S+)/m.exec( readFileSync( join( ROOT, 'plugin/rollcall.php' ), 'utf8' ) )?.[ 1 ];
	if ( version === undefined ) {
		throw new DevError( 'plugin/rollcall.php has no Version header.' );
	}
	return version;
}

/** Modules of Node are loaded when the first room that needs them is, by `require`. Imported they would all be there for every
 *  command, and every name of theirs would be read, which in node:http loads a second HTTP client: 10 MiB of `serve`. */
const REQUIRED: Plugin = {
	name: 'required',
	setup( { onResolve, onLoad } ) {
		onResolve( { filter: /^node:/ }, ( { path, kind, namespace } ) =>
			kind === 'import-statement' && namespace !== 'required' ? { path, namespace: 'required' } : { path, external: true }
		);
		onLoad( { filter: /^/, namespace: 'required' }, ( { path } ) => ( { contents: `module.exports = require( '${ path }' );` } ) );
	},
};

/** What fastify has for options that the companion never turns on: HTTP/2, its log, schemas of routes, and calls
 *  without a network. Left out, the bundle is a third smaller, all of which Node reads before any command. */
const UNUSED: { [ path: string ]: string | undefined } = {
	'node:http2': '{}',
	pino: '{ symbols: {}, stdSerializers: {} }',
	'@fastify/ajv-compiler': '{}',
	'@fastify/fast-json-stringify-compiler': '{}',
	'light-my-request': '{}',
};

const WITHOUT_UNUSED: Plugin = {
	name: 'without-unused',
	setup( { onResolve, onLoad } ) {
		const filter = new RegExp( `^(?:${ Object.keys( UNUSED ).join( '|' ) })$` );
		onResolve( { filter }, ( { path } ) => ( { path, namespace: 'unused' } ) );
		onLoad( { filter: /^/, namespace: 'unused' }, ( { path } ) => ( { contents: `module.exports = ${ UNUSED[ path ] };` } ) );
	},
};

/** One file that any Node runs: fastify and others are CommonJS and need a `require`. Syntax is that of Node 20, so that an
 *  older Node gets as far as the line that says which one is needed. */
export const COMPANION: BuildOptions = {
	entryPoints: [ join( ROOT, 'companion/src/main.ts' ) ],
	outfile: BUNDLE,
	bundle: true,
	platform: 'node',
	target: 'node18',
	format: 'esm',
	legalComments: 'linked',
	// Without comments, of which a few would make Node keep all of the text in two octets a letter: 78 MB to 60 to say the version.
	minifyWhitespace: true,
	plugins: [ WITHOUT_UNUSED, REQUIRED ],
	banner: { js: BANNER },
	logLevel: 'silent',
};

/** Bundles the companion and puts a copy into the plugin. */
export async function buildCompanion(): Promise< void > {
	await build( COMPANION );
	chmodSync( BUNDLE, 0o755 );
	mkdirSync( dirname( IN_PLUGIN ), { recursive: true } );
	copyFileSync( BUNDLE, IN_PLUGIN );
}

/** Builds the admin page and the blocks into plugin/build. */
export async function buildAdmin(): Promise< void > {
	await must(
		'Building the admin page',
		'npm',
		[ 'run', '--silent', 'build', '--workspace', 'admin-ts' ],
		'Run it alone to see more: npm run build --workspace admin-ts',
		{
			env: { PATH: `${ BIN }:${ process.env.PATH }` },
		}
	);
}

/** Builds all that the zip has, with the template of the translations; how many texts that has. */
export async function buildAll(): Promise< number > {
	await Promise.all( [ buildCompanion(), buildAdmin() ] );
	return writePot( pluginVersion() );
}

if ( import.meta.main ) {
	const started = performance.now();
	try {
		const texts = await buildAll();
		process.stdout.write(
			`Built plugin/build, plugin/languages (${ texts } texts) and companion/dist in ${ ( ( performance.now() - started ) / 1000 ).toFixed( 1 ) } s.\n`
		);
	} catch ( error ) {
		process.stderr.write( `${ error instanceof Error ? error.message : String( error ) }\n` );
		process.exitCode = 1;
	}
}
