// Checks a page that is small, then one that inflates to 1,000 times as much. Prints how much the most memory grew, in MiB.
import { http } from '../../../companion/src/probes/http.ts';
import { makeContext, makeRequest } from './make-context.ts';

const [ port ] = process.argv.slice( 2 );
const context = makeContext( { allow: `127.0.0.1:${ port }` } );
const peakMib = (): number => process.resourceUsage().maxRSS / 1024;

async function ask( path: string, times: number ): Promise< string > {
	let warnings = '';
	for ( let index = 0; index < times; index++ ) {
		const answer = await http( makeRequest( `http://127.0.0.1:${ port }${ path }`, { needs_body: true } ), context );
		warnings = `${ answer.fault?.error_code ?? 'ok' } ${ answer.warnings.join( ' ' ) }`;
	}
	return warnings;
}

await ask( '/page', 30 );
const before = peakMib();
const found = await ask( '/bomb', 3 );
process.stdout.write( JSON.stringify( { found, grew_mib: peakMib() - before } ) );
