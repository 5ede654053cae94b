import { vi } from 'vitest';
import type { FromWorker, ToWorker } from '../../admin-ts/src/worker/protocol.ts';
import { makeTaskRunner } from '../../admin-ts/src/worker/run-task.ts';

/** Workers that were started. */
export const started: FakeWorker[] = [];

/** jsdom has no workers: the same tasks run in the page, behind the same messages, a turn later. */
export class FakeWorker extends EventTarget {
	readonly messages: ToWorker[] = [];
	readonly #run = makeTaskRunner( ( answer ) => this.#post( answer ) );

	constructor() {
		super();
		started.push( this );
	}

	#post( answer: FromWorker ): void {
		this.dispatchEvent( new MessageEvent( 'message', { data: structuredClone( answer ) } ) );
	}

	postMessage( message: ToWorker ): void {
		this.messages.push( message );
		void this.#run( message );
	}
}

/** Gives the page workers of this kind. */
export function stubWorker(): void {
	vi.stubGlobal( 'Worker', FakeWorker );
}
