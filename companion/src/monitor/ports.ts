import type { Incident, MonitorWork, Reading, StateChange } from '../contract/monitor.ts';
import type { MailState } from '../contract/vocabulary.ts';
import type { CheckResult } from './run-check.ts';

/** All that one monitor stores at once: a slot, or slots in which nothing was asked. */
export type SlotOutcome = {
	monitor_uid: string;
	/** Rows of checks as the contract writes them, oldest first. */
	rows: readonly string[];
	/** Null when nothing was learnt that is newer than what is stored. */
	reading: Reading | null;
	/** In the order of their `seq`. */
	changes: readonly StateChange[];
	/** Rows that are new, or newer than one with the same incident_uid. */
	incidents: readonly Incident[];
	/** JSON that `progressOf` gives back after a restart; only the engine reads it. */
	progress: string;
	/** The highest slot in it. */
	last_slot_ms: number;
};

/** Where the monitors of one site and their outcomes are kept. */
export type MonitorStore = {
	/** The named query of active URLs: `SELECT ... FROM monitors WHERE active = 1`. */
	activeMonitors: () => MonitorWork[];
	/** Progress that was committed with the monitor's newest outcome; null when it never had one. */
	progressOf: ( monitor_uid: string ) => string | null;
	/** Stores all of it in one transaction, in the order given. A full disk is no error: then it is kept in memory. */
	commit: ( outcomes: readonly SlotOutcome[] ) => void;
	/** The highest slot that was ever stored; 0 when there is none. */
	lastLineMs: () => number;
	/** The clock that slots followed is right: what is stored from here on can be trusted until it is found otherwise. */
	trustTime: () => void;
	/** Slots since the clock was last known to be right were planned by a wrong one: what waits of them is moved by so much, and
	 *  with it the progress of each monitor, by `moveProgress`. What would fall on a time that is stored already is dropped. */
	shift: ( by_ms: number, to_ms: number, moveProgress: MoveProgress ) => Shifted;
};

/** Progress with its times moved. */
export type MoveProgress = ( progress: string, at: ( slot_ms: number ) => number ) => string;

/** `at` tells where a slot is now; up to `trusted_ms` nothing was moved. */
export type Shifted = {
	trusted_ms: number;
	at: ( slot_ms: number ) => number;
	/** Of each monitor that had checks or decisions since: the first check, Infinity without one. */
	moved: ReadonlyMap< string, { first_slot_ms: number; has_changes: boolean } >;
};

/** What is known of the beats of a push monitor. `heard_until_ms` is until when WordPress told us of all. */
export type HeardBeats = { last_beat_at_ms: number | null; heard_until_ms: number };

export type CheckMonitorOptions = {
	site_id: string;
	/** When the try must have ended, in monotonic time. */
	deadline_mono_ms: number;
	/** Null when the type of check has no beats, and when WordPress was silent for so long that nobody knows of them. */
	beat: HeardBeats | null;
	/** Named in the User-Agent, so that owners of a site can ask who calls. */
	contact_url: string;
	signal: AbortSignal;
};

export type MonitorResult = CheckResult & {
	/** Null when it was not asked for. */
	mail_state: MailState | null;
};

/** Asks a monitor's target once. What is wrong with the target is in the result; throws only when it was aborted. */
export type CheckMonitor = ( work: MonitorWork, options: CheckMonitorOptions ) => Promise< MonitorResult >;

/** The time, as the engine takes it. */
export type EngineClock = {
	/** Milliseconds that never go back, with fractions. */
	mono: () => number;
	/** Whole milliseconds since 1970. */
	wall: () => number;
	/** Milliseconds that the machine slept since it was started and `mono` did not count. */
	asleep: () => number;
	/** Calls once after a while; what it gives takes that back. */
	after: ( ms: number, call: () => void ) => () => void;
};

/** One event and its fields, none of which names a target. */
export type EngineLog = ( level: 'info' | 'warn' | 'error', event: string, fields?: { [ name: string ]: string | number } ) => void;
