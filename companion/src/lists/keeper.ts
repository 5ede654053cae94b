import type { ListCache, StoredList } from './cache.ts';

/** A list that a site names, and where it is fetched from. */
export type NamedList = { list_uid: string; url: string; active_sha256: string | null };

/** Forgets the contents of lists that no site names any more. It waits until each site has named its own, and again until
 *  one names others. What `default_list` is never goes, nor does any content of it while nobody names it.
 *  Error: what removing files throws. */
export function makeKeeper(
	cache: ListCache,
	site_ids: readonly string[],
	default_list: { list_uid: string; url: string }
): ( site_id: string, lists: readonly NamedList[] ) => Promise< void > {
	const named = new Map< string, readonly NamedList[] >();
	return async ( site_id, lists ) => {
		const is_known = JSON.stringify( named.get( site_id ) ) === JSON.stringify( lists );
		named.set( site_id, lists );
		if ( is_known || ! site_ids.every( ( id ) => named.has( id ) ) ) {
			return;
		}
		const all = [ ...named.values() ].flat();
		await cache.keepOnly( ( stored ) => isDefault( stored, default_list, all ) || all.some( ( list ) => isOf( list, stored ) ) );
	};
}

function isOf( { list_uid, url, active_sha256 }: NamedList, { content, url: from }: StoredList ): boolean {
	return list_uid === content.list_uid && ( url === from || active_sha256 === content.sha256 );
}

function isDefault( { content, url }: StoredList, list: { list_uid: string; url: string }, all: readonly NamedList[] ): boolean {
	const is_named = all.some( ( { list_uid } ) => list_uid === list.list_uid );
	return content.list_uid === list.list_uid && ( url === list.url || ! is_named );
}
