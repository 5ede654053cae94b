import type { Log, LogFields } from './exchange/ports.ts';

export const LOG_LEVELS = [ 'debug', 'info', 'warn', 'error' ] as const;
export type LogLevel = ( typeof LOG_LEVELS )[ number ];

/** Writes one line an event: time, level, event, then `name=value`. Values are cut at 500 characters and hold no
 *  control characters, because some of them come from other machines. */
export function makeLog( level: LogLevel, write: ( line: string ) => void, now: () => number = Date.now ): Log {
	const least = LOG_LEVELS.indexOf( level );
	return ( of, event, fields = {} ) => {
		if ( LOG_LEVELS.indexOf( of ) >= least ) {
			write( `${ new Date( now() ).toISOString() } ${ of } ${ event }${ shown( fields ) }\n` );
		}
	};
}

function shown( fields: LogFields ): string {
	return Object.entries( fields )
		.filter( ( [ , value ] ) => value !== undefined && value !== null )
		.map( ( [ name, value ] ) => ` ${ name }=${ typeof value === 'string' ? quoted( value ) : value }` )
		.join( '' );
}

function quoted( text: string ): string {
	const clean = text.slice( 0, 500 ).replace( /[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ' );
	return /^[\w.:/@+-]+$/.test( clean ) ? clean : JSON.stringify( clean );
}
