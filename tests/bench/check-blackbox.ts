import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

export const BLACKBOX = 'prometheus-blackbox-exporter';

/** CPU of the exporter for checks of one URL, 50 in flight, in milliseconds a check of each run; and how many were up at last. */
export async function blackbox(
	folder: string,
	ca: string,
	url: string,
	rows: number,
	runs: number
): Promise< { ms: number[]; up: number } > {
	const config = join( folder, 'blackbox.yml' );
	const http = `{ preferred_ip_protocol: ip4, tls_config: { ca_file: ${ ca } } }`;
	writeFileSync( config, `modules:\n  page: { prober: http, timeout: 10s, http: ${ http } }\n` );
	const port = await freePort();
	const exporter = spawn( BLACKBOX, [ `--config.file=${ config }`, `--web.listen-address=127.0.0.1:${ port }`, '--log.level=error' ], {
		stdio: 'ignore',
	} );
	const agent = new Agent( { keepAlive: true, maxSockets: 50 } );
	const probe = `http://127.0.0.1:${ port }/probe?module=page&target=${ encodeURIComponent( url ) }`;
	try {
		for ( let tries = 0; tries < 50 && ! ( await asks( probe, agent ) ); tries++ ) {
			await new Promise( ( resolve ) => setTimeout( resolve, 100 ) );
		}
		const ms: number[] = [];
		let up = 0;
		for ( let run = 0; run < runs; run++ ) {
			const before = cpuSeconds( exporter.pid ?? 0 );
			const left = Array.from( { length: rows } ).values();
			up = 0;
			const work = async (): Promise< void > => {
				while ( ! left.next().done ) {
					const is_up = await asks( probe, agent );
					up += is_up ? 1 : 0;
				}
			};
			await Promise.all( Array.from( { length: 50 }, work ) );
			ms.push( ( ( cpuSeconds( exporter.pid ?? 0 ) - before ) * 1000 ) / rows );
		}
		return { ms, up };
	} finally {
		agent.destroy();
		exporter.kill();
		await once( exporter, 'exit' );
	}
}

function asks( probe: string, agent: Agent ): Promise< boolean > {
	return new Promise( ( resolve ) => {
		const asked = get( probe, { agent }, ( response ) => {
			let text = '';
			response.on( 'data', ( chunk ) => ( text += String( chunk ) ) );
			response.on( 'end', () => resolve( /^probe_success 1$/m.test( text ) ) );
		} );
		asked.on( 'error', () => resolve( false ) );
	} );
}

/** User and system time in ticks of 10 ms, fields 14 and 15 of proc_pid_stat(5). */
function cpuSeconds( pid: number ): number {
	const fields = readFileSync( `/proc/${ pid }/stat`, 'utf8' )
		.replace( /^.*\) /, '' )
		.split( ' ' );
	return ( Number( fields[ 11 ] ) + Number( fields[ 12 ] ) ) / 100;
}

async function freePort(): Promise< number > {
	const server = createServer().listen( 0, '127.0.0.1' );
	await once( server, 'listening' );
	const address = server.address();
	await new Promise( ( resolve ) => server.close( resolve ) );
	return typeof address === 'object' && address !== null ? address.port : 0;
}
