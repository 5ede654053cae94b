import type { ListPage, ListStatus, ListWork, Redirect, Verdict } from '../contract/exchange.ts';

/** One version of a list, ready to be sent. */
export type Content = { sha256: string; fetched_at_ms: number; pages: () => ListPage[] };

/** What the exchange asks of the rooms that do the work. The composition root joins them. */
export type Rooms = {
	/** Where a list is fetched from: its URL, unless the operator named another place. */
	sourceOf: ( list: ListWork ) => string;
	/** Fetches a list. `content` is the newest one to use, null when there is none; a failure is told in `status`.
	 *  Rejects with `cancelled` when the signal is aborted. */
	updateList: ( list: ListWork, signal: AbortSignal ) => Promise< { content: Content | null; status: ListStatus } >;
	/** A content by its sha256, without the network; null when it is not at hand. */
	findContent: ( list: ListWork, sha256: string ) => Promise< Content | null >;
	/** Forgets the contents of lists that no site names any more, once each site has named its own. The default list stays. */
	keepLists: ( site_id: string, lists: readonly ListWork[] ) => Promise< void >;
	/** Verdicts in the order asked; null when one of the versions to judge on is not at hand. */
	label: ( request: LabelRequest ) => Promise< Verdict[] | null >;
	/** Where the sites of some hosts lead, in their order. Rejects with `cancelled` when the signal is aborted. */
	whereSitesLead: ( hosts: readonly string[], options: AskOptions ) => Promise< Redirect[] >;
	/** Status of a POST to an address that the guard judges. Rejects with bad_url, target_refused, or what the network throws. */
	post: ( request: PostRequest ) => Promise< number >;
};

export type AskOptions = { user_agent: string; signal: AbortSignal; onProgress: ( done: readonly Redirect[] ) => void };

export type PostRequest = { url: string; headers: { [ name: string ]: string }; body: string; signal: AbortSignal };

export type LabelRequest = {
	hosts: readonly string[];
	own_hosts: readonly string[];
	/** The versions in use, of all lists that have one. */
	versions: readonly string[];
	/** The lists that they are of; empty when it is not known. */
	lists: readonly ListWork[];
};
