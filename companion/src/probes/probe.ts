import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { CheckCode, CheckWarning, MonitorState } from '../contract/vocabulary.ts';
import type { AddressJudgement, Refusal, Target } from '../guard/guard.ts';
import type { Limits } from './limits.ts';
import type { TlsSessions } from './tls-sessions.ts';

/** Asks a target once. What is wrong with the target is in the observation; a probe throws only when it was aborted. */
export type Probe< Request > = ( request: Request, context: ProbeContext ) => Promise< Observation >;

/** A type of check whose target can be written as a URL, as in the command `check`. */
export type UrlCheck = {
	/** Such as `https:`. */
	schemes: readonly string[];
	/** Assertions that hold as long as none looks at the same place. */
	usual: readonly string[];
	/** Why a text is no target of this type, as a part of a sentence; null when it is one. */
	fault: ( url: string, guard: ProbeGuard ) => string | null;
	/** The target for messages, without what may be secret. */
	tried: ( url: string ) => string;
	/** `asked` has the names of the places that assertions look at. */
	ask: ( url: string, asked: ReadonlySet< string >, context: ProbeContext ) => Promise< Observation >;
};

/** What a probe may use of the world. */
export type ProbeContext = {
	guard: ProbeGuard;
	resolve: Resolve;
	query: Query;
	connect: Connect;
	/** Milliseconds that never go back, with fractions. */
	now: () => number;
	/** Milliseconds since 1970; only to compare with dates that a target names. */
	wallClock: () => number;
	/** The certificate authorities and settings that all checks share. */
	secure_context: SecureContext;
	/** Sessions that checks over https go on with; null makes each handshake a full one. */
	sessions: TlsSessions | null;
	limits: Limits;
	user_agent: string;
	signal: AbortSignal;
};

/** The guard with its policy. A name may be connected to only after `judgeAnswers` took all its addresses. */
export type ProbeGuard = {
	judgeUrl: ( text: string ) => Target | Refusal;
	/** For `host:port` of a check that sends nothing of its own. */
	judgeEndpoint: ( host_and_port: string ) => Target | Refusal;
	/** Whether --allow lists a port with all of these addresses; such ports are not counted. */
	isOpened: ( addresses: readonly string[], port: number ) => boolean;
	/** Whether a port of a name and its addresses may be asked now: at most 3 new ones within a minute. */
	admitsPort: ( hosts: readonly string[], port: number ) => boolean;
	judgeAnswers: ( target: Target, addresses: readonly string[] ) => AddressJudgement;
	/** The entry of --allow that opens a port of a host; null when none does. */
	allowEntry: ( host: string, port: number ) => string | null;
	/** Whether a socket went to one of the judged addresses, however either side writes it. */
	isChecked: ( remote_address: string | undefined, addresses: readonly string[] ) => boolean;
};

/** All A and AAAA addresses of a name. What it throws has a `code` as node:dns gives it. */
export type Resolve = ( name: string, signal: AbortSignal ) => Promise< readonly string[] >;

/** Types of records that a check may ask for. */
export const RECORD_TYPES = [ 'A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT' ] as const;
export type RecordType = ( typeof RECORD_TYPES )[ number ];

/** Records of a name as text, from the servers with these judged addresses and this port, or from the usual ones.
 *  What it throws has a `code` as node:dns gives it. */
export type Query = (
	name: string,
	type: RecordType,
	servers: { addresses: readonly string[]; port: number } | null,
	signal: AbortSignal
) => Promise< readonly string[] >;

/** Begins a connection to the first of some judged addresses that answers. It never resolves names. */
export type Connect = ( addresses: readonly string[], port: number ) => Socket;

/** Milliseconds; null when the phase was not reached or not needed. With redirects the hops are added up. */
export type Phases = {
	dns_ms: number | null;
	connect_ms: number | null;
	tls_ms: number | null;
	first_byte_ms: number | null;
	transfer_ms: number | null;
	total_ms: number;
};

/** Why there is nothing to judge. */
export type Fault = { state: MonitorState; error_code: CheckCode; error_message: string };

/** What a probe learnt. Without a fault the target answered, and assertions on the facts decide. */
export type Observation = {
	fault: Fault | null;
	status_code: number | null;
	phases: Phases;
	warnings: readonly CheckWarning[];
	facts: Facts;
};

/** What assertions read; a fact that the probe does not give is absent. */
export type Facts = {
	status?: number;
	/** Lower-case names; values of a field that came several times are joined by a comma. */
	headers?: Readonly< Record< string, string > >;
	body?: Body;
	/** Whole days until the certificate ends; negative when it has ended. */
	tls_days?: number;
	domain_days?: number;
	/** Word of the DNS answer's RCODE, such as NOERROR. */
	rcode?: string;
	/** Records that DNS answered, each as text. */
	answers?: readonly string[];
	connected?: boolean;
	/** Address that was connected to. */
	ip?: string;
};

/** A body as keyword.ts reads it: no content-encoding left, its charset decoded, in NFC.
 *  Not `whole` when reading stopped before its end. */
export type Body = { text: string; charset: string; whole: boolean };
