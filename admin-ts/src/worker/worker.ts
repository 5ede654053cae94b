import type { ToWorker } from './protocol.ts';
import { makeTaskRunner } from './run-task.ts';

const runTask = makeTaskRunner( ( answer ) => self.postMessage( answer ) );

self.addEventListener( 'message', ( event: MessageEvent< ToWorker > ) => void runTask( event.data ) );
