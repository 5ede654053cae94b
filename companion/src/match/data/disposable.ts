import list from './disposable.json' with { type: 'json' };

/** Throw-away mail: the CC0 list of disposable-email-domains at the commit that the file names. */
export const DISPOSABLE: ReadonlySet< string > = new Set( list.domains );
