import { defineConfig } from '@playwright/test';
import { commandPath } from '../../companion/src/dev/system.ts';

export default defineConfig( {
	testDir: '.',
	outputDir: '../../test-results',
	globalSetup: './support/make-zip.ts',
	timeout: 120_000,
	expect: { timeout: 30_000 },
	// Two sites at a time, each with servers, database and companion of its own: one often waits for a slot or a call.
	workers: 2,
	retries: 0,
	forbidOnly: true,
	reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [ [ 'list' ], [ 'json' ] ] : 'list',
	use: {
		viewport: { width: 1360, height: 900 },
		reducedMotion: 'reduce',
		trace: 'off',
		launchOptions: {
			executablePath: commandPath( 'chromium' ) ?? undefined,
			args: [ '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage' ],
		},
	},
	// Those that mostly wait for a minute to pass stand between those that mostly work.
	projects: [
		{ name: 'companions', testMatch: 'companions.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'WordPress 7.1', testMatch: 'journey.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'monitors', testMatch: 'monitors.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'German', testMatch: 'german.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'database', testMatch: 'database.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'clock', testMatch: 'clock.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'visitors', testMatch: 'visitors.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'lists and rules', testMatch: 'lists.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'WordPress 6.8', testMatch: 'journey.spec.ts', metadata: { wordpress: '6.8' } },
		{ name: 'faults', testMatch: 'faults.spec.ts', metadata: { wordpress: '7.1' } },
		{ name: 'browser', testMatch: 'browser.spec.ts', metadata: { wordpress: '7.1' } },
		// What may differ there: the scripts of the page, and the hooks of the Users screen.
		{
			name: 'visitors on WordPress 6.8',
			testMatch: 'visitors.spec.ts',
			grep: /1280 pixels|is dropped|Users screen/,
			metadata: { wordpress: '6.8' },
		},
	],
} );
