import { http } from './http.ts';

/** The probes by the type of check. */
export const probes = { http };
