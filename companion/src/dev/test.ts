import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ensureComposer } from './composer.ts';
import { add, NOTHING, sentence, type Counts } from './counts.ts';
import { DevError } from './run.ts';
import { ensureTools, type Tool } from './system.ts';
import { PARTS, type Outcome, type Part } from './test-parts.ts';

const say = ( line: string ): void => void process.stdout.write( `${ line }\n` );

const LANES = 2;

/** The last lines of what a runner printed; failures stand at the end of every report. */
const tail = ( output: string ): string => output.trimEnd().split( '\n' ).slice( -120 ).join( '\n' );

/** The outcome of a part that could not begin: what it needs could not be had. */
function failedBefore( error: unknown ): Outcome {
	if ( ! ( error instanceof DevError ) ) {
		throw error;
	}
	return { ...NOTHING, failed: 1, output: error.message };
}

/** Runs one part and prints its line; its output only when it failed. */
async function runPart( part: Part, absent: ReadonlyMap< Tool, string > ): Promise< Counts > {
	const reasons = part.needs.flatMap( ( need ) => absent.get( need ) ?? [] );
	if ( reasons.length > 0 ) {
		say( `SKIPPED ${ part.name }: ${ reasons.join( '; ' ) }` );
		return { ...NOTHING, skipped: 1 };
	}
	const started = performance.now();
	const outcome = await part.run().catch( failedBefore );
	if ( outcome.failed > 0 ) {
		say( tail( outcome.output ) );
	}
	const seconds = ( ( performance.now() - started ) / 1000 ).toFixed( 1 );
	say( `${ outcome.failed > 0 ? 'FAILED' : 'ok' } ${ part.name }: ${ sentence( outcome ) } (${ seconds } s)` );
	return { passed: outcome.passed, failed: outcome.failed, skipped: outcome.skipped };
}

/** Most runners are one process at work: two go on at once, each taking the next one that waits. */
async function runParts( parts: readonly Part[], absent: ReadonlyMap< Tool, string > ): Promise< Counts > {
	const waiting = parts.values();
	let sum = NOTHING;
	const lane = async (): Promise< void > => {
		for ( const part of waiting ) {
			const counts = await runPart( part, absent );
			sum = add( sum, counts );
		}
	};
	await Promise.all( Array.from( { length: Math.min( LANES, availableParallelism() ) }, lane ) );
	return sum;
}

async function main(): Promise< number > {
	const { values } = parseArgs( { options: { verify: { type: 'boolean' }, only: { type: 'string' } } } );
	const parts = PARTS.filter( ( part ) => ! ( values.verify && part.slow ) && part.name.includes( values.only ?? '' ) );
	const needs = [ ...new Set( parts.flatMap( ( part ) => part.needs ) ) ];
	const absent = await ensureTools( needs, say );
	if ( needs.includes( 'php' ) && ! absent.has( 'php' ) ) {
		await ensureComposer( say );
	}
	const runs = parts.filter( ( part ) => ! part.needs.some( ( need ) => absent.has( need ) ) );
	for ( const prepare of new Set( runs.flatMap( ( part ) => part.prepare ?? [] ) ) ) {
		// What cannot be had fails the parts that need it, which ask for it again.
		await prepare().catch( failedBefore );
	}
	const sum = await runParts( parts, absent );
	say( sentence( sum ) );
	return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

try {
	process.exitCode = await main();
} catch ( error ) {
	if ( ! ( error instanceof DevError ) ) {
		throw error;
	}
	say( error.message );
	say( sentence( { ...NOTHING, failed: 1 } ) );
	process.exitCode = 1;
}
