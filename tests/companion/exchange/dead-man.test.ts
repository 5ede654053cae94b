import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RollcallError } from '../../../companion/src/errors.ts';
import { DeadMan } from '../../../companion/src/exchange/dead-man.ts';

const URL_WITH_SECRET = 'https://alive.example/ping/0b3cc9d2';

test( 'tells nothing of the path of the address, whatever fails', async () => {
	const told: string[] = [];
	const dead_man = new DeadMan( {
		rooms: {
			ping: () =>
				Promise.reject( new RollcallError( 'list_unreachable', `GET ${ URL_WITH_SECRET } was redirected more than 5 times.` ) ),
		},
		clock: { now: () => 100_000, sleep: () => Promise.resolve() },
		log: ( _level, _event, fields ) => void told.push( JSON.stringify( fields ) ),
		userAgent: () => 'test',
		signal: new AbortController().signal,
	} );
	dead_man.call( URL_WITH_SECRET );
	await dead_man.settled();
	told.push( dead_man.vitals().dead_man_error ?? '' );
	assert.match( told[ 1 ] ?? '', /^GET https:\/\/alive\.example failed: GET https:\/\/alive\.example was redirected/ );
	assert.doesNotMatch( told.join(), /0b3cc9d2/ );
} );
