import { lookUp, type LookedUp, type Match } from './look-up.ts';
import type { DomainCounts } from './read-list.ts';
import { NoTextError, readSource } from './read-source.ts';

/** Texts that WordPress translated. */
export type Texts = Record<
	'reading' | 'asking' | 'found' | 'none' | 'empty' | 'cancelled' | 'too_many' | 'limited' | 'failed' | 'no_text' | 'former',
	string
> & { statuses: Record< string, string > };

export type Config = { url: string; texts: Texts };

export type Row = {
	name: string;
	about: string;
	website: string | null;
	/** Batch and status. */
	standing: string;
	domain: string;
	count: string;
};

/** What the page shows; the template binds to it. */
export type Context = {
	is_waiting: boolean;
	is_busy: boolean;
	has_matches: boolean;
	/** 0 to 100. */
	progress: number;
	message: string;
	error: string;
	rows: Row[];
};

/** Domains of one list; 80 calls of the 100 that a visitor has in an hour. */
export const MOST_DOMAINS = 40_000;
/** Part of the progress bar that reading takes. */
const READING = 40;

/** Reads a list, looks its domains up and shows the companies. Never throws: what fails is shown. */
export async function matchList( source: Blob | string, context: Context, { url, texts }: Config, signal: AbortSignal ): Promise< void > {
	Object.assign( context, { is_busy: true, has_matches: false, progress: 0, message: '', error: '', rows: [] } );
	try {
		const counts = await readSource( source, {
			signal,
			onProgress: ( share ) => {
				context.progress = Math.round( share * READING );
				context.message = fill( texts.reading, number( Math.round( share * 100 ) ) );
			},
		} );
		if ( counts.size === 0 ) {
			context.message = '';
			context.error = texts.empty;
			return;
		}
		const domains = [ ...counts.keys() ].slice( 0, MOST_DOMAINS );
		const found = await lookUp( domains, {
			url,
			signal,
			onProgress: ( asked ) => {
				context.progress = READING + Math.round( ( asked / domains.length ) * ( 100 - READING ) );
				context.message = fill( texts.asking, number( asked ), number( domains.length ) );
			},
		} );
		show( found, counts, context, texts );
	} catch ( thrown ) {
		context.message = signal.aborted ? texts.cancelled : '';
		context.error = signal.aborted ? '' : thrown instanceof NoTextError ? texts.no_text : texts.failed;
	} finally {
		context.is_busy = false;
	}
}

function show( found: LookedUp, counts: DomainCounts, context: Context, texts: Texts ): void {
	context.rows = found.matches
		.map( ( match ) => ( { match, people: counts.get( match.domain ) ?? 0 } ) )
		.toSorted( ( a, b ) => b.people - a.people || a.match.name.localeCompare( b.match.name ) )
		.map( ( { match, people } ) => rowOf( match, people, texts ) );
	context.has_matches = context.rows.length > 0;
	const companies = new Set( found.matches.map( ( { name, batch, website_origin } ) => `${ name }\n${ batch }\n${ website_origin }` ) )
		.size;
	const summary =
		companies > 0 ? fill( texts.found, number( companies ), number( found.asked ) ) : fill( texts.none, number( found.asked ) );
	const cut = counts.size > MOST_DOMAINS ? ` ${ fill( texts.too_many, number( MOST_DOMAINS ) ) }` : '';
	context.message = found.asked > 0 ? summary + cut : '';
	context.error =
		found.problem === 'limited' ? fill( texts.limited, number( found.wait_minutes ) ) : found.problem === 'failed' ? texts.failed : '';
}

function rowOf( match: Match, people: number, texts: Texts ): Row {
	const former = match.kind === 'former' ? `(${ texts.former })` : '';
	return {
		name: match.name,
		about: match.one_liner,
		website: /^https?:\/\//iu.test( match.website_origin ?? '' ) ? match.website_origin : null,
		standing: [ match.batch, texts.statuses[ match.status ] ?? '' ].filter( ( text ) => text !== '' ).join( ' \u00b7 ' ),
		domain: `${ match.domain } ${ former }`.trim(),
		count: number( people ),
	};
}

/** Puts values into a text of gettext: %s, %1$s and %%. */
export function fill( text: string, ...values: string[] ): string {
	let next = 0;
	return text.replace( /%(?:(\d)\$)?([s%])/gu, ( _all, place: string | undefined, kind: string ) =>
		kind === '%' ? '%' : ( values[ place === undefined ? next++ : Number( place ) - 1 ] ?? '' )
	);
}

function number( value: number ): string {
	return value.toLocaleString( document.documentElement.lang || undefined );
}
