import { afterEach, describe, expect, it, vi } from 'vitest';
import { fill, matchList, MOST_DOMAINS, type Context, type Texts } from '../../../../admin-ts/src/blocks/matcher/match-list.ts';

const texts: Texts = {
	reading: 'Reading %s %%',
	asking: 'Asked %1$s of %2$s',
	found: 'Found %1$s in %2$s',
	none: 'None in %s',
	empty: 'Empty',
	cancelled: 'Cancelled',
	too_many: 'First %s',
	limited: 'Wait %s',
	failed: 'Failed',
	no_text: 'No text',
	former: 'former',
	statuses: { active: 'Active', inactive: 'Inactive' },
};
const config = { url: 'http://site.test/wp-json/rollcall/v1/visitor-match', texts };

const makeContext = (): Context => ( {
	is_waiting: false,
	is_busy: false,
	has_matches: false,
	progress: 0,
	message: '',
	error: '',
	rows: [],
} );

const makeMatch = ( domain: string, over: object = {} ) => ( {
	domain,
	name: `Company ${ domain }`,
	batch: 'Winter 2020',
	status: 'active',
	industry: 'B2B',
	one_liner: 'Makes things.',
	website_origin: `https://${ domain }`,
	kind: 'current',
	...over,
} );

type Answer = { status?: number; headers?: Record< string, string >; body?: unknown };

/** Answers the calls one after the other; gives what was sent. */
function answerWith( ...answers: ( Answer | Error )[] ): { sent: unknown[]; inits: RequestInit[] } {
	const seen: { sent: unknown[]; inits: RequestInit[] } = { sent: [], inits: [] };
	vi.stubGlobal(
		'fetch',
		vi.fn( async ( _url: string, init: RequestInit ) => {
			seen.inits.push( init );
			seen.sent.push( JSON.parse( String( init.body ) ) );
			const answer = answers[ Math.min( seen.sent.length, answers.length ) - 1 ];
			if ( answer instanceof Error || answer === undefined ) {
				throw answer;
			}
			return new Response( JSON.stringify( answer.body ?? { matches: [] } ), {
				status: answer.status ?? 200,
				headers: answer.headers,
			} );
		} )
	);
	return seen;
}

async function run( source: Blob | string, controller = new AbortController() ): Promise< Context > {
	const context = makeContext();
	await matchList( source, context, config, controller.signal );
	return context;
}

const addresses = ( count: number ): string => Array.from( { length: count }, ( _, index ) => `u@d${ index }.example` ).join( '\n' );

afterEach( () => {
	vi.unstubAllGlobals();
} );

describe( 'matching a list', () => {
	it( 'sends each domain once, in order, and nothing else', async () => {
		const seen = answerWith( {} );
		await run( 'zoe.secret@b.example\nann.secret@a.example\nbob.secret@b.example\n"Roe, Ann",x' );
		expect( seen.sent ).toEqual( [ { match: { domains: [ 'a.example', 'b.example' ] } } ] );
		expect( Object.keys( seen.inits[ 0 ]?.headers ?? {} ) ).toEqual( [ 'content-type' ] );
	} );

	it( 'shows the companies with most people first', async () => {
		answerWith( { body: { matches: [ makeMatch( 'a.example' ), makeMatch( 'b.example', { kind: 'former', status: 'inactive' } ) ] } } );
		const context = await run( 'x@a.example\ny@b.example\nz@b.example\nq@c.example' );
		expect( context.rows.map( ( row ) => [ row.domain, row.count, row.standing, row.website ] ) ).toEqual( [
			[ 'b.example (former)', '2', 'Winter 2020 \u00b7 Inactive', 'https://b.example' ],
			[ 'a.example', '1', 'Winter 2020 \u00b7 Active', 'https://a.example' ],
		] );
		expect( context ).toMatchObject( { is_busy: false, has_matches: true, progress: 100, message: 'Found 2 in 3', error: '' } );
	} );

	it( 'links to http(s) only', async () => {
		answerWith( { body: { matches: [ makeMatch( 'a.example', { website_origin: 'javascript:alert(1)' } ) ] } } );
		expect( ( await run( 'x@a.example' ) ).rows[ 0 ]?.website ).toBeNull();
	} );

	it( 'asks in pages of 500 and tells how far it is', async () => {
		const seen = answerWith( {} );
		const context = await run( addresses( 1100 ) );
		expect( seen.sent.map( ( body ) => ( body as { match: { domains: string[] } } ).match.domains.length ) ).toEqual( [
			500, 500, 100,
		] );
		expect( context ).toMatchObject( { message: 'None in 1,100', has_matches: false, error: '' } );
	} );

	it( 'looks up no more domains than a visitor may', async () => {
		const seen = answerWith( {} );
		const context = await run( addresses( MOST_DOMAINS + 7 ) );
		expect( seen.sent ).toHaveLength( MOST_DOMAINS / 500 );
		expect( context.message ).toContain( 'First 40,000' );
	} );

	it( 'keeps what it has when the limit is reached, and says how long to wait', async () => {
		answerWith( { body: { matches: [ makeMatch( 'd1.example' ) ] } }, { status: 429, headers: { 'retry-after': '61' } } );
		const context = await run( addresses( 700 ) );
		expect( context ).toMatchObject( { error: 'Wait 2', message: 'Found 1 in 500', has_matches: true, is_busy: false } );
	} );

	const failures: [ string, Answer | Error ][] = [
		[ 'the site fails', { status: 503 } ],
		[ 'there is no network', new TypeError( 'Failed to fetch' ) ],
		[ 'a firewall answers', { body: 'please wait' } ],
	];
	it.each( failures )( 'says so when %s', async ( _name, answer ) => {
		answerWith( answer );
		expect( await run( 'x@a.example' ) ).toMatchObject( { error: 'Failed', message: '', is_busy: false } );
	} );

	it( 'says so when there is nothing in it', async () => {
		const seen = answerWith( {} );
		expect( await run( 'nobody here' ) ).toMatchObject( { error: 'Empty', message: '' } );
		expect( await run( new Blob( [ new Uint8Array( [ 0, 1, 2 ] ) ] ) ) ).toMatchObject( { error: 'No text' } );
		expect( seen.sent ).toEqual( [] );
	} );

	it( 'can be cancelled while it asks', async () => {
		const controller = new AbortController();
		vi.stubGlobal(
			'fetch',
			vi.fn( ( _url: string, init: RequestInit ) => {
				const answer = Promise.withResolvers< Response >();
				init.signal?.addEventListener( 'abort', () => answer.reject( new DOMException( '', 'AbortError' ) ) );
				controller.abort();
				return answer.promise;
			} )
		);
		expect( await run( 'x@a.example', controller ) ).toMatchObject( { message: 'Cancelled', error: '', is_busy: false } );
	} );

	it( 'puts values into texts of any order', () => {
		expect( fill( '%2$s von %1$s, 100 %%', 'a', 'b' ) ).toBe( 'b von a, 100 %' );
		expect( fill( '%s und %s', 'a', 'b' ) ).toBe( 'a und b' );
	} );
} );
