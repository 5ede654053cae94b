import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judged, NOTHING, ofJunit, ofPlaywright, ofTap, ofVitest, sentence } from '../../../companion/src/dev/counts.ts';

describe( 'counts of the runners', () => {
	it( 'reads the end of a TAP report, cancelled as failed and todo as skipped', () => {
		const report =
			'not ok 1 - x\n1..9\n# tests 9\n# suites 2\n# pass 3\n# fail 2\n# cancelled 1\n# skipped 1\n# todo 2\n# duration_ms 4\n';
		assert.deepEqual( ofTap( report ), { passed: 3, failed: 3, skipped: 3 } );
	} );

	it( 'counts each testcase of a JUnit log once', () => {
		const report = `<testsuites><testsuite tests="4"><testcase name="a" time="0"/>
			<testcase name="b"><failure type="x">message &lt;testcase</failure></testcase>
			<testcase name="c"><skipped/></testcase><testcase name="d"><error>boom</error></testcase></testsuite></testsuites>`;
		assert.deepEqual( ofJunit( report ), { passed: 1, failed: 2, skipped: 1 } );
	} );

	it( 'counts a Vitest file that does not load as a failure', () => {
		const report = {
			success: false,
			numPassedTests: 4,
			numFailedTests: 0,
			numFailedTestSuites: 1,
			numPendingTests: 0,
			numTodoTests: 0,
		};
		assert.deepEqual( ofVitest( JSON.stringify( report ) ), { passed: 4, failed: 1, skipped: 0 } );
	} );

	it( 'counts an error outside of the Playwright tests as a failure', () => {
		const report = { stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 1 }, errors: [ { message: 'no browser' } ] };
		assert.deepEqual( ofPlaywright( JSON.stringify( report ) ), { passed: 2, failed: 1, skipped: 1 } );
	} );

	it( 'calls a runner that ran nothing failed', () => {
		assert.equal( judged( NOTHING, 0 ).failed, 1 );
		assert.equal( judged( { passed: 0, failed: 0, skipped: 3 }, 0 ).failed, 1 );
	} );

	it( 'calls a runner failed that ended badly after its last passed test', () => {
		assert.equal( judged( { passed: 5, failed: 0, skipped: 0 }, 1 ).failed, 1 );
		assert.equal( judged( { passed: 5, failed: 0, skipped: 0 }, 0 ).failed, 0 );
	} );

	it( 'says the sum as the closing line', () => {
		assert.equal( sentence( { passed: 7, failed: 0, skipped: 2 } ), '7 passed, 0 failed, 2 skipped' );
	} );
} );
