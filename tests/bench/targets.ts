import { fork } from 'node:child_process';

/** When each target was asked, by its number; ms since 1970 with fractions. */
export type Targets = { urlOf: ( number: number ) => string; origin: string; asked: [ number: number, at_ms: number ][]; stop: () => void };

type Message = { port: number } | { asked: [ number, number ][] };

/** Starts local targets in a process of their own. */
export async function startTargets(): Promise< Targets > {
	const server = fork( new URL( './soak-targets.mjs', import.meta.url ) );
	const asked: Targets[ 'asked' ] = [];
	const port = await new Promise< number >( ( resolve ) =>
		server.on( 'message', ( message: Message ) => {
			if ( 'port' in message ) {
				resolve( message.port );
			} else {
				message.asked.forEach( ( one ) => asked.push( one ) );
			}
		} )
	);
	const origin = `http://127.0.0.1:${ port }`;
	return { urlOf: ( number ) => `${ origin }/m/${ number }`, origin, asked, stop: () => server.disconnect() };
}
