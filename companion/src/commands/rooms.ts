import { createReadStream, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { ListWork } from '../contract/exchange.ts';
import type { Content, LabelRequest, Rooms } from '../exchange/rooms.ts';
import { guardedFetcher, type Fetcher } from '../guard/fetcher.ts';
import type { AllowRule } from '../guard/guard.ts';
import { guardedPoster } from '../guard/post.ts';
import { whereSitesLead } from '../guard/site-lead.ts';
import { openListCache } from '../lists/cache.ts';
import { pagesOf, type ListContent } from '../lists/content.ts';
import { makeKeeper } from '../lists/keeper.ts';
import { DEFAULT_LIST, DEFAULT_WORK } from '../lists/load.ts';
import { sampleContent, SAMPLE_URL } from '../lists/sample.ts';
import { sha256 } from '../lists/sha256.ts';
import { findContent, updateList, type ListTools } from '../lists/update.ts';
import { buildCompanyIndex, type CompanyIndex } from '../match/company-index.ts';
import { labelHost, labelRules } from '../match/label.ts';
import { readRows } from '../match/table-rows.ts';
import { domainsOfWebsite } from '../match/website.ts';
import type { ServedList } from '../server.ts';

export type RoomOptions = {
	state_folder: string;
	allow: readonly AllowRule[];
	companies: string | null;
	/** Sites that the lists are kept for. */
	site_ids: readonly string[];
	now: () => number;
};

/** The rooms joined: lists parse websites as the matcher says, and the matcher judges on their contents. */
export type JoinedRooms = Rooms & { served: () => Promise< ServedList >; fetcher: Fetcher };

export function joinRooms( { state_folder, allow, companies, site_ids, now }: RoomOptions ): JoinedRooms {
	const source = companies === null ? null : sourceUrl( companies );
	const network = { policy: { allow, nat64: false } };
	const guarded = guardedFetcher( network );
	const fetcher: Fetcher = ( request ) =>
		request.url === source && source.startsWith( 'file:' ) ? fileAnswer( request.url ) : guarded( request );
	const tools: ListTools = {
		cache: openListCache( join( state_folder, 'lists' ), sha256 ),
		fetcher,
		parse: { domainsOfWebsite, hash: sha256, readRows },
	};
	const isReplaced = ( { list_uid }: { list_uid: string } ): boolean => list_uid === DEFAULT_LIST.list_uid && source !== null;
	const sourceOf = ( list: ListWork ): string => ( source !== null && isReplaced( list ) ? source : list.url );
	const default_url = source ?? DEFAULT_LIST.url;
	const keep = makeKeeper( tools.cache, site_ids, { ...DEFAULT_LIST, url: default_url } );
	const pages = new Map< string, ReturnType< typeof pagesOf > >();
	const indexes = new Map< string, CompanyIndex >();

	const asContent = ( content: ListContent ): Content => ( {
		sha256: content.sha256,
		fetched_at_ms: content.fetched_at_ms,
		pages: () => remembered( pages, 6, `${ content.sha256 } ${ content.fetched_at_ms }`, () => pagesOf( content ) ),
	} );

	async function contentsOf( { versions, lists }: Pick< LabelRequest, 'versions' | 'lists' > ): Promise< ListContent[] | null > {
		const found: ListContent[] = [];
		for ( const version of versions ) {
			const list = lists.find( ( { active_sha256 } ) => active_sha256 === version );
			const content = list === undefined ? await searched( version, tools, now() ) : await findContent( list, version, tools, now() );
			if ( content === null ) {
				return null;
			}
			found.push( content );
		}
		return found;
	}

	return {
		fetcher,
		post: guardedPoster( network ),
		async ping( request ) {
			const answer = await guarded( request );
			await answer.close();
			return answer.status;
		},
		whereSitesLead: ( hosts, { onProgress, ...options } ) => whereSitesLead( hosts, { ...options, fetcher: guarded }, onProgress ),
		sourceOf,
		async updateList( list, signal ) {
			const is_of_any_kind = isReplaced( list );
			const update = { list: { ...list, url: sourceOf( list ) }, tools, now_ms: now(), signal, is_of_any_kind };
			const { content, status } = await updateList( update );
			return { content: content && asContent( content ), status };
		},
		async findContent( list, version ) {
			const content = await findContent( list, version, tools, now() );
			return content && asContent( content );
		},
		keepLists: ( site_id, lists ) =>
			keep(
				site_id,
				lists.map( ( list ) => ( { list_uid: list.list_uid, url: sourceOf( list ), active_sha256: list.active_sha256 } ) )
			),
		async label( request ) {
			const contents = await contentsOf( request );
			if ( contents === null ) {
				return null;
			}
			const index = remembered( indexes, 2, request.versions.join(), () => buildCompanyIndex( contents ) );
			const rules = labelRules( { index, own_hosts: request.own_hosts, exclusions: [] } );
			return request.hosts.map( ( host ) => labelHost( host, rules ) );
		},
		async served() {
			const kept = await tools.cache.load( DEFAULT_LIST.list_uid );
			const newest = kept.find( ( { url } ) => url === default_url ) ?? kept[ 0 ];
			const content = newest?.content ?? ( await sampleContent( DEFAULT_LIST.list_uid, now(), tools.parse ) );
			return { ...content, updated_at_ms: content.source_updated_at_ms ?? content.fetched_at_ms };
		},
	};
}

/** A content of which nobody says to which list it belongs. */
async function searched( version: string, tools: ListTools, now_ms: number ): Promise< ListContent | null > {
	for ( const list_uid of new Set( [ DEFAULT_LIST.list_uid, ...( await tools.cache.list_uids() ) ] ) ) {
		const content = await findContent( { ...DEFAULT_WORK, list_uid }, version, tools, now_ms );
		if ( content !== null ) {
			return content;
		}
	}
	return null;
}

/** Keeps the newest few only, because they take megabytes: a site judges on one set of lists and moves to the next, and a
 *  few lists may be sent at once. */
function remembered< Value >( values: Map< string, Value >, most: number, key: string, make: () => Value ): Value {
	const value = values.get( key ) ?? make();
	values.delete( key );
	values.set( key, value );
	for ( const old of [ ...values.keys() ].slice( 0, -most ) ) {
		values.delete( old );
	}
	return value;
}

/** A file of the operator as a file: URL; anything with a scheme as it is. */
function sourceUrl( companies: string ): string {
	return companies === SAMPLE_URL || /^[a-z][a-z0-9+.-]+:/i.test( companies ) ? companies : pathToFileURL( resolve( companies ) ).href;
}

/** A file that the operator named, as if it had been fetched. */
async function fileAnswer( url: string ): ReturnType< Fetcher > {
	const path = new URL( url );
	const { size, mtime } = statSync( path );
	const body: Readable = createReadStream( path );
	return {
		url,
		status: 200,
		headers: { 'content-length': String( size ), 'last-modified': mtime.toUTCString() },
		body,
		close: async () => void body.destroy(),
	};
}
