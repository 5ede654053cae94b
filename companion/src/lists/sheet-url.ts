/** The address of a Google Sheet's tab as CSV, from any link that Google shows for it: `/edit?gid=7#gid=7`, `/edit#gid=7`,
 *  `/view`, `/u/1/d/...`, published `/pubhtml?gid=7` and `/pub?output=csv`, or the export itself. Without gid it is the first
 *  tab. Null for what is no sheet. The tab behind the `#` is the one that was looked at, so it wins. */
export function sheetCsvUrl( text: string ): string | null {
	const url = URL.parse( text.trim() );
	if ( url === null || url.hostname !== 'docs.google.com' || ! /^https?:$/.test( url.protocol ) || url.username !== '' ) {
		return null;
	}
	const [ , published, id ] = /^(?:\/a\/[^/]+)?\/spreadsheets\/(?:u\/\d+\/)?d\/(e\/)?([\w-]{10,200})(?:\/|$)/.exec( url.pathname ) ?? [];
	if ( id === undefined ) {
		return null;
	}
	const gid = /[#&?]gid=(\d{1,20})(?:&|$)/.exec( url.hash )?.[ 1 ] ?? /^\d{1,20}$/.exec( url.searchParams.get( 'gid' ) ?? '' )?.[ 0 ];
	const tab = gid === undefined ? '' : `&gid=${ gid }`;
	return published === undefined
		? `https://docs.google.com/spreadsheets/d/${ id }/export?format=csv${ tab }`
		: `https://docs.google.com/spreadsheets/d/e/${ id }/pub?output=csv${ tab === '' ? '' : `${ tab }&single=true` }`;
}
