import type { CheckCode, CheckType } from '../contract/vocabulary.ts';

/** What stands at a place; it decides which operators and values an assertion may have. */
export type PlaceKind = 'number' | 'boolean' | 'word' | 'address' | 'list' | 'text' | 'header' | 'json';

type Place = {
	kind: PlaceKind;
	/** A failed one makes the monitor degraded, not down. */
	soft: boolean;
	/** Code of a check that fails by it. */
	error_code: CheckCode;
	types: readonly CheckType[];
	description: string;
};

/** Everything that an assertion may look at. */
export const PLACES = {
	STATUS: {
		kind: 'number',
		soft: false,
		error_code: 'http_status',
		types: [ 'http' ],
		description: 'Status code of the last answer.',
	},
	RESPONSE_TIME: {
		kind: 'number',
		soft: true,
		error_code: 'too_slow',
		types: [ 'http', 'tcp', 'tls', 'dns', 'rdap' ],
		description: 'Milliseconds from the look-up of the name to the end of the answer.',
	},
	BODY: {
		kind: 'text',
		soft: false,
		error_code: 'assertion_failed',
		types: [ 'http' ],
		description: 'The answer as text, decoded and in Unicode form NFC; with a path, the JSON value there.',
	},
	HEADER: {
		kind: 'header',
		soft: false,
		error_code: 'assertion_failed',
		types: [ 'http' ],
		description: 'A header of the last answer, by its name in any case; several of one name are joined by a comma.',
	},
	CERT_DAYS: {
		kind: 'number',
		soft: true,
		error_code: 'tls_expiring',
		types: [ 'http', 'tls' ],
		description: 'Whole days until the certificate expires.',
	},
	DOMAIN_DAYS: {
		kind: 'number',
		soft: true,
		error_code: 'domain_expiring',
		types: [ 'rdap' ],
		description: 'Whole days until the registration of the domain ends.',
	},
	DNS_RCODE: {
		kind: 'word',
		soft: false,
		error_code: 'dns_mismatch',
		types: [ 'dns' ],
		description: 'What the name server said of the question, such as NOERROR or NXDOMAIN.',
	},
	DNS_ANSWER: {
		kind: 'list',
		soft: false,
		error_code: 'dns_mismatch',
		types: [ 'dns' ],
		description: 'The records of the answer, each as text.',
	},
	CONNECTED: {
		kind: 'boolean',
		soft: false,
		error_code: 'assertion_failed',
		types: [ 'tcp' ],
		description: 'Whether the connection was made.',
	},
	IP: {
		kind: 'address',
		soft: false,
		error_code: 'assertion_failed',
		types: [ 'http', 'tcp', 'tls' ],
		description: 'Address that was connected to.',
	},
} as const satisfies Record< string, Place >;

export type PlaceName = keyof typeof PLACES;

/** RCODEs by number (RFC 1035, 2136). */
export const DNS_RCODES = [
	'NOERROR',
	'FORMERR',
	'SERVFAIL',
	'NXDOMAIN',
	'NOTIMP',
	'REFUSED',
	'YXDOMAIN',
	'YXRRSET',
	'NXRRSET',
	'NOTAUTH',
	'NOTZONE',
] as const;

/** What an operator may be asked of. The order is that in which the parser tries them. */
export const OPERATORS = {
	'==': [ 'number', 'boolean', 'word', 'address', 'list', 'text', 'header', 'json' ],
	'!=': [ 'number', 'boolean', 'word', 'address', 'list', 'text', 'header', 'json' ],
	'<=': [ 'number', 'header', 'json' ],
	'>=': [ 'number', 'header', 'json' ],
	'<': [ 'number', 'header', 'json' ],
	'>': [ 'number', 'header', 'json' ],
	contains: [ 'list', 'text', 'header', 'json' ],
	'!contains': [ 'list', 'text', 'header', 'json' ],
} as const satisfies Record< string, readonly PlaceKind[] >;

export type Operator = keyof typeof OPERATORS;

/** What stands before the place: its value, its length, or whether it is there. */
export const READINGS = [ 'value', 'len', 'has' ] as const;
export type Reading = ( typeof READINGS )[ number ];

/** A key of an object or an index of an array. */
export type PathStep = string | number;

export type Literal = string | number | boolean | null;

/** One assertion, parsed. `path` is the name of a header in lower case, or the steps into a JSON body;
 *  empty for a place as a whole. Several values were written in any(...). */
export type Assertion = {
	reading: Reading;
	place: PlaceName;
	path: readonly PathStep[];
	operator: Operator;
	values: readonly Literal[];
};

/** The kind of what an assertion compares. */
export function kindOf( { reading, place, path }: Pick< Assertion, 'reading' | 'place' | 'path' > ): PlaceKind {
	if ( reading !== 'value' ) {
		return reading === 'len' ? 'number' : 'boolean';
	}
	return place === 'BODY' && path.length > 0 ? 'json' : PLACES[ place ].kind;
}

/** Whether an operator orders numbers. */
export function isOrder( operator: Operator ): boolean {
	return operator.startsWith( '<' ) || operator.startsWith( '>' );
}
