import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE, buildCompanion } from '../../companion/src/dev/build.ts';
import { BLACKBOX, blackbox } from './check-blackbox.ts';
import { isInstalled, machine, measure, median } from './measure.ts';

export type CheckBenchOptions = { rows: number; runs: number; print: ( line: string ) => void };

type Ports = { http: number; https: number; slow: number; hole: number };
type Program = { name: string; args: string[]; upIn: ( stdout: string ) => number };

const TLS = join( import.meta.dirname, '../fixtures/tls' );
const CA = join( TLS, 'ca.pem' );
const MONITORS = join( import.meta.dirname, 'check-monitors.ts' );
const NODE_HTTP = join( import.meta.dirname, 'check-node-http.mjs' );

const HOLES_URLS = 1000;

/** The built companion's `check` beside node:http with agent:false, on the same local servers in the same run; then URLs of which one in twenty
 *  never answers. CPU is that of the whole program less that of a run with one URL. */
export async function benchCheck( { rows, runs, print }: CheckBenchOptions ): Promise< void > {
	await buildCompanion();
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-bench-' ) );
	const server = fork( join( import.meta.dirname, 'check-server.mjs' ), [ TLS ] );
	try {
		// The server's only message.
		const [ ports ] = ( await once( server, 'message' ) ) as [ Ports ];
		print( `${ rows } URLs on loopback, a new connection each, 1.4 kB, 50 in flight; ${ machine() }; ${ runs } runs each` );
		print( 'program                  ms CPU a check: min   median   peak MiB   up' );
		for ( const scheme of [ 'http', 'https' ] as const ) {
			const urls = ( count: number ): string =>
				writeUrls( folder, `${ scheme }-${ count }`, count, () => `${ scheme }://127.0.0.1:${ ports[ scheme ] }/` );
			compare( scheme, programsFor( ports ), { many: urls( rows ), one: urls( 1 ), rows, runs, print } );
			await besideBlackbox( folder, scheme, ports, { rows, runs, print } );
		}
		exactness( folder, ports, print );
		holes( folder, ports, print );
	} finally {
		server.disconnect();
		rmSync( folder, { recursive: true } );
	}
}

function programsFor( ports: Ports ): Program[] {
	const allow = `127.0.0.1:${ Object.values( ports ).join( '+' ) }`;
	return [
		{
			name: 'rollcall check',
			args: [ BUNDLE, 'check', '--json', '--allow', allow, '--ca', CA, '--urls' ],
			upIn: ( stdout ) => stdout.match( /"state":"up"/g )?.length ?? 0,
		},
		// Over https all but the first few handshakes go on with a session.
		{ name: 'rollcall monitors', args: [ MONITORS, allow, CA ], upIn: Number },
		{ name: 'node:http agent:false', args: [ NODE_HTTP ], upIn: Number },
	];
}

type Sizes = { many: string; one: string; rows: number; runs: number; print: ( line: string ) => void };

function compare( scheme: string, programs: readonly Program[], { many, one, rows, runs, print }: Sizes ): void {
	const argsOf = ( { name, args }: Program, file: string ): string[] =>
		name.startsWith( 'rollcall' ) ? [ ...args, file ] : [ ...args, file, CA ];
	const results = programs.map( ( program ) => ( { program, ms: [] as number[], peak_mib: 0, up: 0 } ) );
	// In turns, so that a busy minute of the machine is nobody's alone.
	for ( let run = 0; run < runs; run++ ) {
		for ( const result of results ) {
			const start = measure( process.execPath, argsOf( result.program, one ) );
			const whole = measure( process.execPath, argsOf( result.program, many ) );
			result.ms.push( ( ( whole.cpu_seconds - start.cpu_seconds ) * 1000 ) / ( rows - 1 ) );
			result.peak_mib = Math.max( result.peak_mib, whole.peak_mib );
			result.up = result.program.upIn( whole.stdout );
		}
	}
	for ( const { program, ms, peak_mib, up } of results ) {
		print( row( `${ scheme } ${ program.name }`, ms, peak_mib.toFixed( 0 ), up ) );
	}
}

function row( name: string, ms: readonly number[], peak_mib: string, up: number ): string {
	const least = Math.min( ...ms ).toFixed( 3 );
	const middle = median( ms ).toFixed( 3 );
	return `${ name.padEnd( 28 ) }${ least.padStart( 17 ) }${ middle.padStart( 8 ) }${ peak_mib.padStart( 10 ) }${ String( up ).padStart( 6 ) }`;
}

async function besideBlackbox(
	folder: string,
	scheme: 'http' | 'https',
	ports: Ports,
	{ rows, runs, print }: CheckBenchOptions
): Promise< void > {
	if ( ! isInstalled( BLACKBOX ) ) {
		print( `${ scheme } ${ BLACKBOX }: not installed, so not measured` );
		return;
	}
	const { ms, up } = await blackbox( folder, CA, `${ scheme }://127.0.0.1:${ ports[ scheme ] }/`, rows, runs );
	print( row( `${ scheme } blackbox_exporter`, ms, '-', up ) );
}

const SLOW_URLS = 500;
const SLOW_MS = 100;

/** How far the told response time is from that of a server that waits 100 ms. */
function exactness( folder: string, ports: Ports, print: ( line: string ) => void ): void {
	const [ ours ] = programsFor( ports );
	const file = writeUrls( folder, 'slow', SLOW_URLS, () => `http://127.0.0.1:${ ports.slow }/` );
	const { stdout } = measure( process.execPath, [ ...( ours?.args ?? [] ), file ] );
	const errors = stdout.match( /(?<="response_time_ms":)[\d.]+/g )?.map( ( told ) => Math.abs( Number( told ) - SLOW_MS ) ) ?? [];
	print(
		`${ SLOW_URLS } URLs that take ${ SLOW_MS } ms, 50 in flight: told times are ${ median( errors ).toFixed( 1 ) } ms off (median)`
	);
}

function holes( folder: string, ports: Ports, print: ( line: string ) => void ): void {
	const file = writeUrls( folder, 'holes', HOLES_URLS, ( place ) => `http://127.0.0.1:${ place % 20 === 0 ? ports.hole : ports.http }/` );
	const [ ours ] = programsFor( ports );
	if ( ours === undefined ) {
		return;
	}
	// `check` ends with 1, since black holes are down.
	const script = `"$0" "$@" || [ $? -eq 1 ]`;
	const began = performance.now();
	const { stdout } = measure( 'sh', [ '-c', script, process.execPath, ...ours.args, file ] );
	const seconds = ( performance.now() - began ) / 1000;
	print(
		`${ HOLES_URLS } URLs, 5 % black holes, 10 s each: ${ seconds.toFixed( 1 ) } s, ${ ours.upIn( stdout ) } up, start of Node included`
	);
}

function writeUrls( folder: string, name: string, count: number, urlOf: ( place: number ) => string ): string {
	const file = join( folder, `${ name }.txt` );
	writeFileSync( file, `${ Array.from( { length: count }, ( _, place ) => urlOf( place ) ).join( '\n' ) }\n` );
	return file;
}
