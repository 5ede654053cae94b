import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = resolve( dirname( fileURLToPath( import.meta.url ) ), '..' );

export default defineConfig( {
	root,
	// `classic` would need React in scope; WordPress builds with the automatic runtime too.
	oxc: { jsx: { runtime: 'automatic' } },
	test: {
		environment: 'jsdom',
		environmentOptions: { jsdom: { url: 'http://site.test/' } },
		// Loading DataViews and the components is most of the time; the files share one copy.
		isolate: false,
		include: [ 'tests/admin/**/*.test.{ts,tsx}' ],
		setupFiles: [ 'tests/admin/setup.ts' ],
		testTimeout: 20_000,
		css: false,
	},
} );
