import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { RollcallError } from '../../../companion/src/errors.ts';
import { openDatabase } from '../../../companion/src/store/database.ts';
import { kvStore, type Json, type KvStore } from '../../../companion/src/store/kv-store.ts';

type Step =
	| { op: 'init' }
	| { op: 'set'; name: string; value: Json; expires_at_ms: number | null; now_ms: number; expected_error?: string }
	| { op: 'get'; name: string; now_ms: number; expected: Json }
	| { op: 'delete'; name: string }
	| { op: 'list'; prefix: string; now_ms: number; expected: { name: string; value: Json }[] };

/** The file is ours; the Kv class of the plugin runs it too. */
const scenarios = JSON.parse( readFileSync( new URL( '../../fixtures/kv-scenarios.json', import.meta.url ), 'utf8' ) ) as {
	name: string;
	steps: Step[];
}[];

function newFolder( context: TestContext ): string {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-kv-' ) );
	context.after( () => rmSync( folder, { recursive: true } ) );
	return folder;
}

function take( store: KvStore, step: Step ): void {
	switch ( step.op ) {
		case 'init':
			return store.init();
		case 'delete':
			return store.delete( step.name );
		case 'get':
			return assert.deepEqual( store.get( step.name, step.now_ms ), step.expected );
		case 'list':
			return assert.deepEqual( store.list( step.prefix, step.now_ms ), step.expected );
		case 'set': {
			const set = () => store.set( step.name, step.value, step.expires_at_ms, step.now_ms );
			if ( step.expected_error === undefined ) {
				return set();
			}
			return void assert.throws( set, ( thrown ) => thrown instanceof RollcallError && thrown.code === step.expected_error );
		}
	}
}

for ( const scenario of scenarios ) {
	test( scenario.name, ( context ) => {
		const database = openDatabase( newFolder( context ), 0 );
		context.after( () => database.close() );
		const store = kvStore( database );
		store.init();
		for ( const step of scenario.steps ) {
			take( store, step );
		}
	} );
}

test( 'values are there after the database was closed and opened again', ( context ) => {
	const folder = newFolder( context );
	const first = openDatabase( folder, 0 );
	kvStore( first ).init();
	kvStore( first ).set( 'cursor', { after: 7 }, null, 1 );
	first.close();
	const second = openDatabase( folder, 0 );
	context.after( () => second.close() );
	assert.deepEqual( kvStore( second ).get( 'cursor', 2 ), { after: 7 } );
} );
