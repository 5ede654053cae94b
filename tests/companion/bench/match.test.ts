import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { matchCommand } from '../../../companion/src/commands/match.ts';
import { makeMatchData } from '../../bench/match/data.ts';
import { judgeReport } from '../../bench/match/programs.ts';

it( 'misses no user of the bench and takes nobody for another', async ( context ) => {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-bench-test-' ) );
	context.after( () => rmSync( folder, { recursive: true } ) );
	const data = makeMatchData( folder, { rows: 20_000, domains: 4000, companies: 300 } );
	const stdout = new PassThrough();
	const written = text( stdout );
	const code = await matchCommand( [ data.users, '--companies', data.companies, '--format', 'json' ], {
		stdin: new PassThrough(),
		stdout,
		stderr: new PassThrough(),
		signal: new AbortController().signal,
		state_folder: null,
	} );
	stdout.end();
	assert.equal( code, 0 );
	assert.deepEqual( judgeReport( await written, data ), { found: data.matches, missed: 0, wrong: 0 } );
	// Otherwise the bench would prove nothing about what exact joins miss.
	assert.ok( data.unusual_matches / data.matches > 0.14, `${ data.unusual_matches } of ${ data.matches }` );
} );
