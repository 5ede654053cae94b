import { describe, expect, it } from 'vitest';
import { pairCommand, serveCommand } from '../../../../admin-ts/src/screens/connect/commands.ts';

const SITE = 'https://site.test';
const CODE = 'abcd.efgh';

describe( 'the command that pairs', () => {
	it.each( [
		[ 'server', '', 'npx -y -p node@24 node rollcall-companion.mjs pair https://site.test abcd.efgh' ],
		[
			'server',
			'/srv/w/rollcall-companion.mjs',
			'npx -y -p node@24 node /srv/w/rollcall-companion.mjs pair https://site.test abcd.efgh',
		],
		[ 'server', "/srv/it's here/c.mjs", String.raw`npx -y -p node@24 node '/srv/it'\''s here/c.mjs' pair https://site.test abcd.efgh` ],
		[ 'computer', '/srv/w/rollcall-companion.mjs', 'npx -y -p node@24 node rollcall-companion.mjs pair https://site.test abcd.efgh' ],
		[
			'docker',
			'',
			'docker run -it --rm -v "$PWD:/rollcall" -w /rollcall node:24 node rollcall-companion.mjs pair https://site.test abcd.efgh --state /rollcall/state',
		],
	] as const )( 'on %s with the program at "%s"', ( way, path, command ) => {
		expect( pairCommand( way, path, SITE, CODE ) ).toBe( command );
	} );

	it( 'quotes an address that a shell would take apart', () => {
		expect( pairCommand( 'computer', '', 'https://site.test/?a=1&b=2', CODE ) ).toContain( "'https://site.test/?a=1&b=2'" );
	} );

	it( 'has a shorter form for every later start', () => {
		expect( serveCommand( 'computer', '' ) ).toBe( 'npx -y -p node@24 node rollcall-companion.mjs serve' );
	} );
} );
