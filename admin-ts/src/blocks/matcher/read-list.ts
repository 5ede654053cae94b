import { cutHost } from '../../../../companion/src/match/cut-host.ts';
import { urlParts } from '../../../../companion/src/match/url-parts.ts';

/** People by domain: ASCII hosts in lower case. */
export type DomainCounts = Map< string, number >;

/** Takes a text in pieces of any size; memory depends on the number of distinct domains. */
export type ListReader = { push: ( text: string ) => void; end: () => DomainCounts };

/** A line that is longer is read in pieces. */
const MAX_LINE = 65_536;
/** What stands between addresses. A quote of its own kind is part of a quoted local part; see QUOTED_LOCAL. */
const BETWEEN = /[\s,;|<>"()[\]{}]+/u;
/** What is in quotes before an at may hold anything, also another address. */
const QUOTED_LOCAL = /"(?:[^"\\]|\\.)*"@/gu;
const HOST = /^(?:[a-z0-9_-]{1,63}\.)+(?:[a-z][a-z0-9-]{0,62})$/u;

/** Reads a list of addresses, or of domains when there is no address in it. In a list with addresses any other text is
 *  left alone: `john.doe` in a column of names looks like a domain. */
export function makeListReader(): ListReader {
	const by_address: DomainCounts = new Map();
	const plain: DomainCounts = new Map();
	let has_at = false;
	let rest = '';

	const readLine = ( line: string ): void => {
		has_at ||= line.includes( '@' );
		for ( const host of hostsOfAddresses( line ) ) {
			add( by_address, host );
		}
		for ( const host of has_at ? [] : hostsOfDomains( line ) ) {
			add( plain, host );
		}
	};

	return {
		push: ( text ) => {
			const lines = ( rest + text ).split( /[\r\n]+/u );
			rest = lines.pop() ?? '';
			lines.forEach( readLine );
			if ( rest.length > MAX_LINE ) {
				const end = lastBreak( rest );
				readLine( rest.slice( 0, end ) );
				rest = rest.slice( end );
			}
		},
		end: () => {
			readLine( rest );
			return has_at ? by_address : plain;
		},
	};
}

/** Where a line that is too long may be cut: behind its last comma, semicolon or space. */
function lastBreak( text: string ): number {
	const at = Math.max( text.lastIndexOf( ',' ), text.lastIndexOf( ';' ), text.lastIndexOf( ' ' ), text.lastIndexOf( '\t' ) );
	return at === -1 ? text.length : at + 1;
}

function hostsOfAddresses( line: string ): string[] {
	if ( ! line.includes( '@' ) ) {
		return [];
	}
	return line
		.replace( QUOTED_LOCAL, 'quoted@' )
		.split( BETWEEN )
		.filter( ( token ) => token.includes( '@' ) && ! isPath( token ) )
		.flatMap( ( token ) => {
			const cut = cutHost( token.replace( /^mailto:([^?]*).*$/iu, '$1' ).replace( /['.:!?]+$/u, '' ) );
			return cut.ok ? asHost( cut.host ) : [];
		} );
}

/** URLs may hold an at, as in https://medium.com/@name. */
function isPath( token: string ): boolean {
	const slash = token.indexOf( '/' );
	return slash !== -1 && slash < token.indexOf( '@' );
}

/** The domains of a line that holds nothing else. */
function hostsOfDomains( line: string ): string[] {
	const cells = line.split( /[,;\t]/u ).map( ( cell ) => cell.trim().replace( /^"(.*)"$/u, '$1' ) );
	const hosts = cells.filter( ( cell ) => cell !== '' ).map( ( cell ) => asHost( urlParts( cell )?.host ?? '' )[ 0 ] );
	return hosts.every( ( host ) => host !== undefined ) ? hosts : [];
}

/** The host in A-label form; nothing for what can be no company's. */
function asHost( host: string ): string[] {
	const typed = host.replace( /\.$/u, '' );
	const ascii = /^[\x21-\x7e]*$/u.test( typed ) && ! typed.includes( '%' ) ? typed.toLowerCase() : labelsOf( typed );
	return ascii.length <= 253 && HOST.test( ascii ) ? [ ascii ] : [];
}

function labelsOf( host: string ): string {
	return URL.canParse( `http://${ host }` ) ? new URL( `http://${ host }` ).hostname : '';
}

/** A host that is new is copied: a part of a string keeps the whole piece of the file in memory. */
function add( counts: DomainCounts, host: string ): void {
	const count = counts.get( host );
	counts.set( count === undefined ? `.${ host }`.slice( 1 ) : host, ( count ?? 0 ) + 1 );
}
