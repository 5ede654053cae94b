import { join } from 'node:path';
import { expect } from '@playwright/test';
import { run } from '../../../companion/src/dev/run.ts';
import type { Stack } from '../../../companion/src/dev/stack.ts';
import { commandPath } from '../../../companion/src/dev/system.ts';
import { TEST_SITE } from '../../../companion/src/dev/wp-config.ts';
import { monitorRequest, type SoakFigures } from '../../bench/soak.ts';
import type { WpClient } from '../../../companion/src/dev/wp-client.ts';
import type { Companion } from './companion.ts';
import type { ListServer } from './list-server.ts';
import { adminOf, installZip, startSite, setList, type Site } from './site.ts';
import { WatchedServer } from './watched-server.ts';

const MONITORS = 20;
const INTERVAL_MS = 10_000;
const FIGURES = join( import.meta.dirname, '../../bench/soak.php' );

/** The name of a table of the plugin. */
export const tableOf = ( name: string ): string => `${ TEST_SITE.prefix }rollcall_${ name }`;

/** A site with a companion that checks local targets, of which each slot is to be stored once whatever happens to either. */
export class WatchedSite {
	readonly monitors = MONITORS;
	readonly interval_ms = INTERVAL_MS;
	readonly watched = new WatchedServer();
	#site: Site | null = null;

	get companion(): Companion {
		return this.#started().companion;
	}

	get stack(): Stack {
		return this.#started().stack;
	}

	get list(): ListServer {
		return this.#started().list;
	}

	admin(): Promise< WpClient > {
		return adminOf( this.#started() );
	}

	async start( env: Record< string, string > = {} ): Promise< void > {
		const { watched } = this;
		await watched.start();
		const site = await startSite( '7.1' );
		this.#site = site;
		await installZip( site );
		await setList( site );
		site.companion.allow += `+${ watched.port }`;
		const client = await adminOf( site );
		const monitors = Array.from( { length: MONITORS }, ( _, number ) =>
			monitorRequest( watched.at( `/m/${ number }x` ), INTERVAL_MS / 1000 )
		);
		await client.must( 'POST', '/rollcall/v1/monitors/many', { monitors: { monitors } } );
		await this.#callOften();
		const { code } = await client.must( 'POST', '/rollcall/v1/connection/code', {} );
		site.companion.start( [ 'pair', site.stack.url, String( code ), '--no-anchors' ], env );
		await expect.poll( async () => ( await this.figures() ).silent, { message: site.companion.output, timeout: 70_000 } ).toBe( 0 );
	}

	async stop(): Promise< void > {
		await this.#site?.stop();
		await this.watched.stop();
	}

	/** What one connection of its own answers to the statements. */
	async sql( statements: string ): Promise< string > {
		const options = [
			'--no-defaults',
			`--socket=${ this.stack.socket }`,
			'-uroot',
			'-N',
			'--force',
			'-D',
			TEST_SITE.database,
			'-e',
			statements,
		];
		return ( await run( commandPath( 'mariadb' ) ?? 'mariadb', options ) ).output;
	}

	/** Exchanges that came to nothing, as far as they are told. */
	exchangeWaits(): number {
		return this.companion.output.split( 'exchange_waits' ).length - 1;
	}

	async figures( end_ms = Date.now() ): Promise< SoakFigures > {
		return JSON.parse( await this.stack.php( FIGURES, 'figures', String( INTERVAL_MS ), String( end_ms ) ) );
	}

	/** Checks that the companion has made, by its own count. */
	async checked(): Promise< number > {
		const [ , origin = '' ] = /listen\W+(http:\/\/127\.0\.0\.1:\d+)/.exec( this.companion.output ) ?? [];
		const text = await ( await fetch( `${ origin }/metrics` ) ).text();
		const counts = [ ...text.matchAll( /^rollcall_checks_total\{.*\} (\d+)$/gm ) ];
		return counts.reduce( ( sum, [ , count ] ) => sum + Number( count ), 0 );
	}

	/** Checks went on while no exchange came through. */
	async expectChecksSince( checked_before: number ): Promise< void > {
		await expect.poll( () => this.checked(), { intervals: [ 100 ] } ).toBeGreaterThan( checked_before + MONITORS / 4 );
	}

	/** Each slot up to now is there once, and none is down or only half counted. */
	async expectAllOnce( expected: Partial< SoakFigures > = { missed: 0 } ): Promise< SoakFigures > {
		const end_ms = Date.now();
		const made = await this.checked();
		// A monitor that was asked once has no plan yet that could lack a slot: what was checked has to be there in number, too.
		const left = async (): Promise< number > => {
			const { lost, in_checks } = await this.figures( end_ms );
			return lost + Math.max( 0, made - in_checks );
		};
		await expect.poll( left, { message: this.companion.output, timeout: 40_000, intervals: [ 500 ] } ).toBe( 0 );
		const found = await this.figures( end_ms );
		// The incident that makes it call often is the one that is counted as a false one.
		expect( found ).toMatchObject( { lost: 0, doubled: 0, false_downs: 1, silent: 0, down_ms: 0, ...expected } );
		expect( found.in_caches ).toBe( found.in_checks );
		return found;
	}

	#started(): Site {
		if ( this.#site === null ) {
			throw new Error( 'The site was not started.' );
		}
		return this.#site;
	}

	/** An incident that stays open makes the companion call every five seconds instead of each minute. Its monitor waits for a call. */
	async #callOften(): Promise< void > {
		const client = await this.admin();
		const options = { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 3600 };
		const monitor = {
			name: 'Backup',
			type: 'push',
			url: '',
			active: true,
			is_public: false,
			interval_seconds: INTERVAL_MS / 1000,
			options,
		};
		await client.must( 'POST', '/rollcall/v1/monitors', { monitor } );
		await this.sql(
			`INSERT INTO ${ tableOf( 'incidents' ) } (incident_uid, monitor_id, judge_epoch, opened_at_ms, error_code, message, is_flapping, judged_at_ms)
				SELECT REPEAT('0', 32), monitor_id, 1, 1, 0, '', 0, 1 FROM ${ tableOf( 'monitors' ) } WHERE name = 'Backup'`
		);
	}
}
