import type { ListPage, ListStatus, ListWork, Redirect, Verdict } from '../contract/exchange.ts';
import type { Beat, EngineVitals } from '../contract/monitor.ts';

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
	/** Status of a GET, after redirects, of an address that the guard judges. Rejects as `post`. */
	ping: ( request: PingRequest ) => Promise< number >;
};

export type AskOptions = { user_agent: string; signal: AbortSignal; onProgress: ( done: readonly Redirect[] ) => void };

export type PostRequest = { url: string; headers: { [ name: string ]: string }; body: string; signal: AbortSignal };

export type PingRequest = Omit< PostRequest, 'body' >;

export type LabelRequest = {
	hosts: readonly string[];
	own_hosts: readonly string[];
	/** The versions in use, of all lists that have one. */
	versions: readonly string[];
	/** The lists that they are of; empty when it is not known. */
	lists: readonly ListWork[];
};

/** What the exchange asks of the engine that checks the monitors of one site. The work list itself is in the store. */
export type Monitoring = {
	/** The work list in the store changed. */
	changed: () => void;
	/** Beats that came in, and until when WordPress told us of all of them, by its clock. */
	heard: ( beats: readonly Beat[], heard_until_ms: number ) => void;
	/** A signed answer told the time of WordPress, to half of what the call took. Slots follow it. */
	heardTime: ( now_ms: number, uncertain_ms: number ) => void;
	/** WordPress told the time since the start. Until then slots may carry times of a wrong clock, and none is sent. */
	knowsTime: () => boolean;
	/** The address that polite checks name. */
	setContact: ( contact_url: string ) => void;
	/** Decisions carry this epoch from now on. Where it is another one than before, each monitor's present state follows as a
	 *  change of kind reading. */
	setEpoch: ( judge_epoch: number ) => void;
	/** Checks monitors now, beside their schedule; none means all that are active. A job that is known already goes on. */
	checkNow: ( job_uid: string, monitor_uids: readonly string[] ) => void;
	/** How many of them are checked and committed; null when the job is not known. */
	jobProgress: ( job_uid: string ) => { done: number; total: number } | null;
	forgetJob: ( job_uid: string ) => void;
	/** WordPress was restored from a backup: of these monitors it knows nothing after the instant, although it had signed for more. */
	restored: ( known_until_ms: ReadonlyMap< string, number > ) => void;
	vitals: () => EngineVitals;
	/** What is called after a state change, an incident or the end of a job was committed. */
	onUrgent: ( callback: () => void ) => void;
};
