import { createServer, type Server } from 'node:http';

/** A company as the public list has it; what a test does not care about has plain values. */
export function listed( id: number, name: string, website: string, more: Record< string, unknown > = {} ): Record< string, unknown > {
	return {
		id,
		name,
		slug: name.toLowerCase().replaceAll( ' ', '-' ),
		former_names: [],
		small_logo_thumb_url: '',
		website,
		all_locations: 'San Francisco, CA, USA',
		long_description: `${ name } is made up.`,
		one_liner: `${ name } does one thing.`,
		team_size: 10,
		industry: 'B2B',
		subindustry: 'B2B -> Infrastructure',
		launched_at: 1600000000,
		tags: [ 'SaaS' ],
		tags_highlighted: [],
		top_company: false,
		isHiring: false,
		nonprofit: false,
		batch: 'Winter 2021',
		status: 'Active',
		industries: [ 'B2B', 'Infrastructure' ],
		regions: [ 'United States of America', 'America / Canada' ],
		stage: 'Early',
		app_video_public: false,
		demo_day_video_public: false,
		app_answers: null,
		question_answers: false,
		url: `https://www.ycombinator.com/companies/${ id }`,
		api: `https://yc-oss.github.io/api/companies/${ id }.json`,
		...more,
	};
}

/** Hand-made companies, among them a tie and one without website. */
export const COMPANIES = [
	listed( 1, 'Acme Rockets', 'https://www.acme-rockets.com' ),
	listed( 2, 'Birch Bank', 'https://birchbank.io', { status: 'Public', batch: 'Summer 2012', industry: 'Fintech' } ),
	listed( 3, 'Cobalt', 'https://cobalt-robots.dev', { status: 'Acquired' } ),
	listed( 4, 'Twin One', 'https://twins-share.com' ),
	listed( 5, 'Twin Two', 'https://twins-share.com', { batch: 'Summer 2023' } ),
	listed( 6, 'Ghost', '', { status: 'Inactive' } ),
	...Array.from( { length: 60 }, ( _, index ) => listed( 100 + index, `Filler ${ index }`, `https://filler-${ index }.com` ) ),
];

/** Serves a list on the loopback interface; what it answers can be changed, and it can go down and come back. */
export class ListServer {
	body = JSON.stringify( COMPANIES );
	content_type = 'application/json';
	/** Further lists as CSV, by path. */
	readonly tables = new Map< string, string >();
	/** Sites that moved: by host, where they lead. */
	readonly moved = new Map< string, string >();
	requests = 0;
	#server: Server | null = null;
	#port = 0;

	async start(): Promise< void > {
		const server = createServer( ( { url = '/', headers }, response ) => {
			this.requests++;
			const location = this.moved.get( headers.host ?? '' );
			if ( location !== undefined ) {
				response.writeHead( 301, { location } ).end();
				return;
			}
			const table = this.tables.get( url );
			response.setHeader( 'Content-Type', table === undefined ? this.content_type : 'text/csv' );
			response.end( table ?? this.body );
		} );
		await new Promise< void >( ( resolve ) => server.listen( this.#port, '127.0.0.1', resolve ) );
		const address = server.address();
		this.#port = typeof address === 'object' && address !== null ? address.port : 0;
		this.#server = server;
	}

	get url(): string {
		return this.at( '/companies.json' );
	}

	/** The address of one of its paths. */
	at( path: string ): string {
		return `http://127.0.0.1:${ this.#port }${ path }`;
	}

	async stop(): Promise< void > {
		const server = this.#server;
		this.#server = null;
		server?.closeAllConnections();
		await new Promise< void >( ( resolve ) => ( server === null ? resolve() : server.close( () => resolve() ) ) );
	}
}
