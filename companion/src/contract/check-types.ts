import type { CheckType } from './vocabulary.ts';

/** Fields of a monitor that only some types of check have. */
export type CheckField = 'method' | 'headers' | 'body' | 'assertions' | 'timeout_ms' | 'grace_seconds';

/** What the form of a type asks for. */
export type CheckForm = {
	/** How its target may begin; none when the type has no target. */
	schemes: readonly string[];
	/** A target as people write it. */
	example: string;
	/** The interval that it begins with. */
	interval_seconds: number;
	fields: readonly CheckField[];
	/** Assertions that hold as long as none looks at the same place. */
	usual: readonly string[];
};

/** A site of a company of the report is asked no more often. */
export const POLITE_INTERVAL_SECONDS = 3600;

/** Forms and rules by the type of check. Imports no code, so that the admin page may take it as it is. */
export const CHECK_FORMS: Readonly< Record< CheckType, CheckForm > > = {
	http: {
		schemes: [ 'https:', 'http:' ],
		example: 'https://www.example.com/',
		interval_seconds: 60,
		fields: [ 'method', 'headers', 'body', 'assertions', 'timeout_ms' ],
		usual: [ '[STATUS] < 400' ],
	},
	tcp: {
		schemes: [ 'tcp:' ],
		example: 'tcp://mail.example.com:25',
		interval_seconds: 60,
		fields: [ 'assertions', 'timeout_ms' ],
		usual: [],
	},
	tls: {
		schemes: [ 'tls:' ],
		example: 'tls://www.example.com:443',
		interval_seconds: 3600,
		fields: [ 'assertions', 'timeout_ms' ],
		usual: [],
	},
	dns: {
		schemes: [ 'dns:' ],
		example: 'dns://example.com?type=MX',
		interval_seconds: 300,
		fields: [ 'assertions', 'timeout_ms' ],
		usual: [],
	},
	push: {
		schemes: [],
		example: '',
		interval_seconds: 3600,
		fields: [ 'grace_seconds' ],
		usual: [],
	},
	rdap: {
		schemes: [ 'rdap:' ],
		example: 'rdap://example.com',
		interval_seconds: 86_400,
		fields: [ 'assertions', 'timeout_ms' ],
		usual: [ '[DOMAIN_DAYS] > 30' ],
	},
};
