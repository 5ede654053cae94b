import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { inSlots } from '../../../companion/src/commands/slots.ts';

const PATIENT = { width: 3, most: 30, patience_ms: 60_000 };

test( 'no more than the width is under way, and the order is kept', async () => {
	const begun: number[] = [];
	let under_way = 0;
	let highest = 0;
	const work = async ( item: number ): Promise< void > => {
		begun.push( item );
		highest = Math.max( highest, ++under_way );
		await sleep( item % 3 );
		under_way -= 1;
	};
	const items = Array.from( { length: 20 }, ( _, place ) => place );
	await inSlots( items, work, PATIENT );
	assert.deepEqual( begun, items );
	assert.equal( highest, 3 );
} );

test( 'each begins in a turn of its own, so that answers are heard in between', async () => {
	let turn = 0;
	let goes_on = true;
	const count = (): void => {
		turn += 1;
		if ( goes_on ) {
			setImmediate( count );
		}
	};
	setImmediate( count );
	const turns: number[] = [];
	await inSlots( [ 1, 2, 3 ], async () => void turns.push( turn ), PATIENT );
	goes_on = false;
	assert.equal( new Set( turns ).size, 3, `began in turns ${ turns.join( ', ' ) }` );
} );

test( 'what is slow gives its place back, until the most are under way', { timeout: 10_000 }, async () => {
	const stop = new AbortController();
	let under_way = 0;
	let highest = 0;
	const work = async (): Promise< void > => {
		highest = Math.max( highest, ++under_way );
		if ( highest === 5 ) {
			setTimeout( () => stop.abort(), 100 );
		}
		await new Promise< void >( ( resolve ) => stop.signal.addEventListener( 'abort', () => resolve() ) );
		under_way -= 1;
	};
	await inSlots( [ 1, 2, 3, 4, 5 ], work, { width: 2, most: 5, patience_ms: 10 } );
	assert.equal( highest, 5 );
} );

test( 'the first failure ends it, once what is under way has ended', async () => {
	const ended: number[] = [];
	const work = async ( item: number ): Promise< void > => {
		await sleep( item === 2 ? 1 : 20 );
		if ( item === 2 ) {
			throw new Error( 'the second one' );
		}
		ended.push( item );
	};
	await assert.rejects( inSlots( [ 1, 2, 3, 4, 5, 6 ], work, PATIENT ), /the second one/ );
	assert.deepEqual( ended, [ 1, 3 ] );
} );
