const REPORT = 'report';

/** The source whose report a view of the screen shows; undefined when the view is no report. */
export function sourceOf( view: string ): string | undefined {
	if ( view === REPORT ) {
		return 'users';
	}
	return /^report-([a-z][a-z0-9_]*)$/.exec( view )?.[ 1 ];
}

/** The view that shows the report of a source. */
export function viewOf( source: string ): string {
	return source === 'users' ? REPORT : `${ REPORT }-${ source }`;
}
