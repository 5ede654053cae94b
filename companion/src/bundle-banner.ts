import { ERROR_CODES } from './contract/error-codes.ts';

/** The first Node that has everything the companion uses. */
export const LEAST_NODE = 24;

/** What the bundle begins with. The Node check comes before anything else of the bundle runs and is written so that any
 *  Node with modules reads it; what only a new Node has (node:sqlite) is asked for later, never imported.
 *  CommonJS dependencies call `require`. */
export const BANNER = `#!/usr/bin/env node
import { createRequire as rollcallCreateRequire } from 'node:module';
if ( Number( process.versions.node.split( '.' )[ 0 ] ) < ${ LEAST_NODE } ) {
	console.error( 'rollcall-companion: This is Node ' + process.versions.node + ', which is too old. ' + ${ JSON.stringify( ERROR_CODES.node_too_old.hint ) } );
	process.exit( 3 );
}
const require = rollcallCreateRequire( import.meta.url );`;
