/** A way to run the companion. */
export type Way = 'server' | 'computer' | 'docker';

const FILE = 'rollcall-companion.mjs';

/** A word of a shell command, quoted when it holds anything but plain characters. */
function quoted( word: string ): string {
	return /^[\w./:@-]+$/.test( word ) ? word : `'${ word.replaceAll( "'", String.raw`'\''` ) }'`;
}

function start( way: Way, companion_path: string ): string {
	if ( way === 'docker' ) {
		return `docker run -it --rm -v "$PWD:/rollcall" -w /rollcall node:24 node ${ FILE }`;
	}
	return `npx -y -p node@24 node ${ way === 'server' && companion_path ? quoted( companion_path ) : FILE }`;
}

const STATE = { server: '', computer: '', docker: ' --state /rollcall/state' } as const;

/** The command that pairs with this site and then goes on serving it. */
export function pairCommand( way: Way, companion_path: string, site_url: string, code: string ): string {
	return `${ start( way, companion_path ) } pair ${ quoted( site_url ) } ${ code }${ STATE[ way ] }`;
}

/** The command of every later start. */
export function serveCommand( way: Way, companion_path: string ): string {
	return `${ start( way, companion_path ) } serve${ STATE[ way ] }`;
}
