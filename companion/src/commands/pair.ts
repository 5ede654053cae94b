import { OPTIONS_HELP, UsageError } from '../config.ts';
import { realNetwork, systemClock } from '../exchange/network.ts';
import { pairSite } from '../exchange/pairing.ts';
import { openState, runCompanion } from './companion.ts';
import type { Command } from './serve.ts';

export const PAIR_HELP = `Usage: rollcall-companion pair URL CODE [options]

Pairs with the site at URL by the code of its Connect screen, then goes on as
"serve". A later start is "serve" alone.

  --once                   only pairs

${ OPTIONS_HELP }`;

/** Pairs, then serves unless --once was given. Gives the exit code; errors are thrown. */
export const pairCommand: Command = async ( config, { io, log, version } ) => {
	const [ site_url, code, ...more ] = config.operands;
	if ( site_url === undefined || code === undefined || more.length > 0 ) {
		throw new UsageError( 'pair takes the address of the site and the code of its Connect screen.' );
	}
	const state = openState( config, log );
	const network = realNetwork();
	try {
		const site = await pairSite( {
			site_url,
			code,
			companion_url: config.public_url,
			companion_version: version,
			basic_auth: config.basic_auth,
			network,
			clock: systemClock,
			log,
			signal: io.signal,
		} );
		state.keyring.save( site );
		io.stdout.write( `Paired with ${ site.site_name || 'the site' } at ${ site.site_url }.\n` );
		if ( ! config.once ) {
			io.stdout.write(
				'Working now; stop it with Ctrl-C. To start it again, put "serve" in place of "pair", the address and the code.\n'
			);
			const onListening = ( origin: string ) =>
				log( 'info', 'serving', { version, listen: origin, sites: state.keyring.sites().length } );
			await runCompanion( { config, state, log, version, signal: io.signal, onListening } );
			log( 'info', 'stopped' );
		}
		return 0;
	} finally {
		await network.close();
		state.close();
	}
};
