import { hex, pattern } from './schema.ts';

export const uid = hex( 16, 'Random identity of 128 bits.' );
export const errorCode = pattern( '^[a-z][a-z0-9_]{0,63}$', 'Code of the error table.' );
