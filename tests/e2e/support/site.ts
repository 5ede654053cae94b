import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN, startStack, type Stack } from '../../../companion/src/dev/stack.ts';
import type { WordpressVersion } from '../../../companion/src/dev/wordpress.ts';
import { WpClient } from '../../../companion/src/dev/wp-client.ts';
import { addressOf, CANARIES } from './canaries.ts';
import { Companion } from './companion.ts';
import { ListServer } from './list-server.ts';
import { Recorder } from './recorder.ts';

export type Mail = { subject: string; message: string };

/** A site with planted users, the list's host, and a companion that is not paired yet. */
export type Site = {
	stack: Stack;
	list: ListServer;
	recorder: Recorder;
	companion: Companion;
	/** All that WordPress has sent by itself. */
	outgoing: () => Buffer;
	/** Mails of WordPress, oldest first; none of them leaves this machine. */
	mails: () => Mail[];
	stop: () => Promise< void >;
};

export async function startSite( version: WordpressVersion ): Promise< Site > {
	const list = new ListServer();
	await list.start();
	const stack = await startStack( version );
	const recorder = new Recorder();
	await recorder.start( stack.url );
	const companion = new Companion( list.url );
	const users = join( stack.folder, 'users.json' );
	writeFileSync( users, JSON.stringify( CANARIES.map( addressOf ) ) );
	await stack.php( join( import.meta.dirname, 'seed.php' ), users );
	mkdirSync( join( stack.site, 'wp-content/mu-plugins' ), { recursive: true } );
	cpSync( join( import.meta.dirname, 'outgoing.php' ), join( stack.site, 'wp-content/mu-plugins/outgoing.php' ) );
	const written = ( name: string ): Buffer => {
		const file = join( stack.folder, name );
		return existsSync( file ) ? readFileSync( file ) : Buffer.alloc( 0 );
	};
	return {
		stack,
		list,
		recorder,
		companion,
		outgoing: () => written( 'outgoing.log' ),
		mails: () =>
			written( 'mails.log' )
				.toString()
				.trim()
				.split( '\n' )
				.filter( Boolean )
				.map( ( line ): Mail => JSON.parse( line ) ),
		stop: async () => {
			await companion.remove();
			await recorder.stop();
			await stack.stop();
			await list.stop();
		},
	};
}

/** REST as the administrator. */
export async function adminOf( site: Site ): Promise< WpClient > {
	const client = new WpClient( site.stack.url );
	await client.logIn( ADMIN.user, ADMIN.password );
	return client;
}

/** Installs the plugin without the form of wp-admin and switches it on. */
export async function installZip( site: Site ): Promise< void > {
	await site.stack.php( join( import.meta.dirname, 'install-zip.php' ), process.env.ROLLCALL_ZIP ?? '' );
}

/** Points the default list at this machine: nothing outside of it is reached. */
export async function setList( site: Site ): Promise< void > {
	const client = await adminOf( site );
	const { body } = await client.rest( 'GET', '/rollcall/v1/lists' );
	const [ list ] = Array.isArray( body ) ? body : [];
	const { title, enabled, visible_to_visitors, schedule_hours } = list;
	await client.must( 'PUT', '/rollcall/v1/lists/yc', {
		list: { title, url: site.list.url, enabled, visible_to_visitors, schedule_hours },
	} );
}
