/** What the exchange takes from outside, so that tests can give their own clock and real servers. */

/** One event and its fields. Fields never hold keys, bodies or addresses. */
export type Log = ( level: 'debug' | 'info' | 'warn' | 'error', event: string, fields?: LogFields ) => void;
export type LogFields = { [ name: string ]: string | number | boolean | null | undefined };

export type Clock = {
	/** Wall clock, ms since 1970. */
	now: () => number;
	/** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
	sleep: ( ms: number, signal: AbortSignal ) => Promise< void >;
};

export type NetworkRequest = {
	method: 'GET' | 'POST';
	url: string;
	headers: { [ name: string ]: string };
	body: string;
	signal: AbortSignal;
};

/** The whole answer. `header` takes a lower-case name and gives null when there is none. */
export type NetworkAnswer = { status: number; header: ( name: string ) => string | null; body: string };

/** Sends one request and never follows a redirect. Rejects when no complete answer of at most 5 MiB came. */
export type Network = ( request: NetworkRequest ) => Promise< NetworkAnswer >;

/** A number from 0 up to 1. */
export type Random = () => number;
