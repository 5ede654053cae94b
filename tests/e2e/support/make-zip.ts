import { join } from 'node:path';
import { buildAll } from '../../../companion/src/dev/build.ts';
import { ROOT } from '../../../companion/src/dev/paths.ts';
import { makeZip } from '../../../companion/src/dev/zip.ts';

/** Builds all and makes the zip that the tests upload, as `npm run zip` does after its tests of the migrations. */
export default async function makeTestZip(): Promise< void > {
	if ( process.env.ROLLCALL_ZIP === undefined ) {
		await buildAll();
		process.env.ROLLCALL_ZIP = await makeZip( join( ROOT, '.rollcall/zip' ) );
	}
}
