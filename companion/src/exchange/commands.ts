import type { Command } from '../contract/exchange.ts';
import { rotated, type Keyring, type PairedSite } from './keyring.ts';
import type { JobWorker } from './job-work.ts';
import type { ListWorker } from './list-work.ts';
import type { MonitoringWork } from './monitoring.ts';
import type { Log } from './ports.ts';
import { newNonce } from './signature.ts';
import type { SiteState } from './site-state.ts';

export type CommandContext = {
	site: PairedSite;
	keyring: Keyring;
	state: SiteState;
	lists: ListWorker;
	jobs: JobWorker;
	monitoring: MonitoringWork;
	log: Log;
};

/** Carries out one command of WordPress. Each may come again and then changes nothing more.
 *  True when WordPress waits for our next call to go on. */
export function carryOut( command: Command, { site, keyring, state, lists, jobs, monitoring, log }: CommandContext ): boolean {
	switch ( command.kind ) {
		case 'rotate_keys':
			return beginRotation( command, site, keyring, log );
		case 'keys_rotated':
			if ( site.rotation !== null && site.rotation.kid === command.kid ) {
				keyring.save( rotated( site ) );
				log( 'info', 'keys_rotated', { kid: command.kid } );
				return true;
			}
			return false;
		case 'cancel_job':
			if ( command.job_uid !== null ) {
				state.setNote( `job/${ command.job_uid }`, 'cancelled' );
				lists.cancel( command.job_uid );
				jobs.cancel( command.job_uid );
				monitoring.forget( command.job_uid );
			}
			return false;
		case 'forget_cursors':
			state.forgetProgress();
			monitoring.restore();
			log( 'info', 'cursors_forgotten' );
			return false;
	}
}

/** Keeps our nonce until the rotation is done: WordPress may have derived its keys from it already. */
function beginRotation( { kid, nonce }: Command, site: PairedSite, keyring: Keyring, log: Log ): boolean {
	const is_known = site.kid === kid || ( site.rotation?.kid === kid && site.rotation?.wordpress_nonce === nonce );
	if ( kid === null || nonce === null || is_known ) {
		return false;
	}
	keyring.save( { ...site, rotation: { kid, wordpress_nonce: nonce, companion_nonce: newNonce() } } );
	log( 'info', 'key_rotation_began', { kid } );
	return true;
}

/** WordPress answered under the present keys, so the ones before them have ended. */
export function confirmRotation( site: PairedSite, keyring: Keyring ): void {
	if ( site.previous !== null ) {
		keyring.save( { ...site, previous: null } );
	}
}
