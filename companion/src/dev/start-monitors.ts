import { createServer } from 'node:http';
import { until } from './start-run.ts';
import type { WpClient } from './wp-client.ts';

/** Where the demo's sites listen: beside WordPress, and there again at the next start, as the monitors are. */
export const demoPort = ( wordpress_port: number ): number => ( wordpress_port < 65_535 ? wordpress_port + 1 : wordpress_port - 1 );

const SLOW_MS = 1200;

/** By path: how the site behaves, and what its monitor expects beside the usual. */
const SITES = [
	{ path: '/shop', name: 'Demo shop', status: 200, delay_ms: 40, assertions: [] },
	{ path: '/blog', name: 'Demo blog, slow', status: 200, delay_ms: SLOW_MS, assertions: [ '[STATUS] < 400', '[RESPONSE_TIME] < 1000' ] },
	{ path: '/api', name: 'Demo API, broken', status: 503, delay_ms: 20, assertions: [] },
];

/** Sites of this machine to be monitored: one is up, one slow, one down. Null when the port is taken. */
export async function startDemoSites( port: number ): Promise< { stop: () => void } | null > {
	const server = createServer( ( { url }, response ) => {
		const site = SITES.find( ( { path } ) => path === url );
		setTimeout( () => response.writeHead( site?.status ?? 404, { Connection: 'close' } ).end( 'Demo' ), site?.delay_ms ?? 0 );
	} );
	const listens = await new Promise< boolean >( ( resolve ) => {
		server.once( 'error', () => resolve( false ) );
		server.listen( port, '127.0.0.1', () => resolve( true ) );
	} );
	if ( ! listens ) {
		return null;
	}
	return {
		stop: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** Adds the demo's monitors to a site that has none, and waits until each was checked; what to say of them. */
export async function watchDemoSites( site: WpClient, port: number ): Promise< string[] > {
	if ( ( await monitorsOf( site ) ).length === 0 ) {
		const options = { method: 'GET', headers: [], body: '', timeout_ms: 10_000, grace_seconds: 0 };
		const monitors = SITES.map( ( { path, name, assertions } ) => ( {
			...{ name, type: 'http', url: `http://127.0.0.1:${ port }${ path }`, active: true, is_public: true, interval_seconds: 10 },
			options: { ...options, assertions },
		} ) );
		await site.must( 'POST', '/rollcall/v1/monitors/many', { monitors: { monitors } } );
		await site.must( 'POST', '/rollcall/v1/monitors/check', { check: { monitor_uids: [] } } );
	}
	const checked = await until(
		'The first check',
		120,
		async () => {
			const monitors = await monitorsOf( site );
			return monitors.every( ( { last_checked_at } ) => last_checked_at !== null ) ? monitors : null;
		},
		'The companion writes to .rollcall/logs/companion.log.'
	);
	return checked.map( told );
}

type Row = Record< string, unknown >;

async function monitorsOf( site: WpClient ): Promise< Row[] > {
	const { body } = await site.rest( 'GET', '/rollcall/v1/monitors?per_page=100' );
	return Array.isArray( body ) ? body : [];
}

function told( { name, last_state, last_status_code, last_response_time_ms }: Row ): string {
	const time = typeof last_response_time_ms === 'number' ? ` in ${ ( last_response_time_ms / 1000 ).toFixed( 3 ) } s` : '';
	return `  ${ String( last_state ).padEnd( 9 ) } ${ String( name ) }${ last_status_code === null ? '' : `: status ${ String( last_status_code ) }${ time }` }`;
}
