import { join } from 'node:path';

/** The repository. */
export const ROOT = join( import.meta.dirname, '../../..' );

/** State of `npm start`, caches and logs; not in git. */
export const STATE = join( ROOT, '.rollcall' );

export const BIN = join( ROOT, 'node_modules/.bin' );
