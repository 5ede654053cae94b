import { ERROR_CODES, type ErrorCode } from './contract/error-codes.ts';

/** Our own failure. A site that is down is data, never this.
 *  `message` says what was tried, on what, and what came back; `hint` says what the user can do. */
export class RollcallError extends Error {
	readonly code: ErrorCode;
	readonly permanent: boolean;
	readonly hint: string;

	constructor( code: ErrorCode, message: string, options: { cause?: unknown; hint?: string } = {} ) {
		super( message, { cause: options.cause } );
		this.name = 'RollcallError';
		this.code = code;
		this.permanent = ERROR_CODES[ code ].permanent;
		this.hint = options.hint ?? ERROR_CODES[ code ].hint;
	}
}

/** The message of anything that was thrown, also of what is not an Error. */
export function messageOf( thrown: unknown ): string {
	return thrown instanceof Error ? thrown.message : String( thrown );
}

/** A text as one line that ends like a sentence, so that another one may follow. */
export function asSentence( text: string ): string {
	return text
		.replace( /\s+/gu, ' ' )
		.trim()
		.replace( /[^.!?]$/u, '$&.' );
}
