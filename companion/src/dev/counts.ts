/** Tests of one runner. */
export type Counts = { passed: number; failed: number; skipped: number };

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add( left: Counts, right: Counts ): Counts {
	return {
		passed: left.passed + right.passed,
		failed: left.failed + right.failed,
		skipped: left.skipped + right.skipped,
	};
}

/** The closing line of `npm test`. */
export function sentence( counts: Counts ): string {
	return `${ counts.passed } passed, ${ counts.failed } failed, ${ counts.skipped } skipped`;
}

/** Counts of a TAP report of node:test, from the lines at its end. */
export function ofTap( report: string ): Counts {
	const figure = ( name: string ): number => Number( new RegExp( `^# ${ name } (\\d+)$`, 'm' ).exec( report )?.[ 1 ] ?? 0 );
	return {
		passed: figure( 'pass' ),
		failed: figure( 'fail' ) + figure( 'cancelled' ),
		skipped: figure( 'skipped' ) + figure( 'todo' ),
	};
}

/** Counts of a JUnit log of PHPUnit: one element `testcase` a test. */
export function ofJunit( report: string ): Counts {
	const cases = report.match( /<testcase\b[^>]*\/>|<testcase\b[\s\S]*?<\/testcase>/g ) ?? [];
	const failed = cases.filter( ( text ) => /<(failure|error)\b/.test( text ) ).length;
	const skipped = cases.filter( ( text ) => /<skipped\b/.test( text ) ).length;
	return { passed: cases.length - failed - skipped, failed, skipped };
}

/** Counts of the JSON report of Vitest. A file that could not be loaded counts as one failure. */
export function ofVitest( report: string ): Counts {
	const json: Record< string, unknown > = JSON.parse( report );
	const figure = ( name: string ): number => Number( json[ name ] ?? 0 );
	const failed = figure( 'numFailedTests' );
	return {
		passed: figure( 'numPassedTests' ),
		failed: failed === 0 && json.success !== true ? Math.max( 1, figure( 'numFailedTestSuites' ) ) : failed,
		skipped: figure( 'numPendingTests' ) + figure( 'numTodoTests' ),
	};
}

/** Counts of the JSON report of Playwright. An error outside of a test counts as one failure. */
export function ofPlaywright( report: string ): Counts {
	const json: { stats?: Record< string, number >; errors?: unknown[] } = JSON.parse( report );
	const figure = ( name: string ): number => json.stats?.[ name ] ?? 0;
	return {
		passed: figure( 'expected' ) + figure( 'flaky' ),
		failed: figure( 'unexpected' ) + ( json.errors?.length ?? 0 ),
		skipped: figure( 'skipped' ),
	};
}

/** A runner that ran nothing has failed, and so has one that ended badly without a failed test. */
export function judged( counts: Counts, exit_code: number ): Counts {
	const ran = counts.passed + counts.failed;
	if ( ran === 0 || ( exit_code !== 0 && counts.failed === 0 ) ) {
		return { ...counts, failed: counts.failed + 1 };
	}
	return counts;
}
