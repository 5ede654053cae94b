/** The source whose report a view of the screen shows; undefined when the view is no report. */
export function sourceOf( view: string ): string | undefined {
	return view === 'report' ? 'users' : /^report-([a-z][a-z0-9_]*)$/.exec( view )?.[ 1 ];
}
