import type { Reason } from '../contract/vocabulary.ts';
import { cutHost, encodeHost } from './cut-host.ts';
import type { HostCounts } from './host-counts.ts';
import { hostOfCell, hostOfUrl } from './normalize-domain.ts';
import { urlParts } from './url-parts.ts';

/** What a file of addresses or domains holds. Every row counts once: as its hosts (each host of a row once), else by the
 *  reason why it has none: that of a text that wants to be an address, else `empty` or `no_at`. A row without heading that
 *  holds nothing but addresses or domains counts each different one. */
export type Counted = {
	rows_read: number;
	/** Hosts as `normalizeHost` takes them, with the number of users at them. */
	hosts: HostCounts;
	invalid: Map< Reason, number >;
};

/** Counts the rows that it gets, in their order. */
export type RowCounter = {
	count: ( cells: string[] ) => void;
	/** True when it is known whether the file has a heading. */
	begun: () => boolean;
	/** Columns of domains that the heading names; null without a heading. */
	domainColumns: () => readonly number[] | null;
	/** Must be told of an address that was counted elsewhere: domains beside addresses do not count. */
	sawAddress: () => void;
};

/** Reasons for which a text without an at is a host all the same, if a bad one. */
const HOST_REASONS: readonly Reason[] = [ 'public_suffix', 'special_use', 'underscore', 'bad_hyphen', 'bad_punycode' ];

/** Columns that are searched for a domain where no heading names one. */
const MAX_COLUMNS = 100;

/** Counts rows into `counted`; the first one may be a heading. */
export function makeRowCounter( counted: Counted ): RowCounter {
	/** Columns of domains that the heading names; null without a heading. */
	let domain_columns: number[] | null = null;
	let is_first = true;
	let has_addresses = false;

	const domainsOf = ( cells: string[] ): string[] => {
		if ( domain_columns === null && has_addresses && cells.length > 1 ) {
			return [];
		}
		const columns = domain_columns ?? [ ...cells.keys() ].slice( 0, MAX_COLUMNS );
		const hosts = columns.flatMap( ( column ) =>
			hostOfPlainCell( cells[ column ] ?? '', cells.length === 1 || domain_columns !== null )
		);
		return hosts.slice( 0, 1 );
	};

	const countUser = ( cells: string[] ): void => {
		const tries = cells.filter( isAddressLike ).map( cutHost );
		const found = tries.flatMap( ( cut ) => ( cut.ok ? [ cut.host ] : [] ) );
		has_addresses ||= found.length > 0;
		const hosts = tries.length > 0 ? found : domainsOf( cells );
		for ( const host of new Set( hosts ) ) {
			counted.hosts.add( host );
		}
		if ( hosts.length === 0 ) {
			const refused = tries.find( ( cut ) => ! cut.ok );
			add( counted.invalid, refused?.reason ?? ( cells.every( ( cell ) => cell.trim() === '' ) ? 'empty' : 'no_at' ) );
		}
	};

	const count = ( cells: string[] ): void => {
		if ( is_first ) {
			is_first = false;
			domain_columns = headingColumns( cells );
			if ( domain_columns !== null ) {
				return;
			}
		}
		counted.rows_read++;
		if ( domain_columns === null && isListOfUsers( cells ) ) {
			for ( const cell of new Set( cells.map( ( text ) => text.trim() ).filter( ( text ) => text !== '' ) ) ) {
				countUser( [ cell ] );
			}
		} else {
			countUser( cells );
		}
	};

	return {
		count,
		begun: () => ! is_first,
		domainColumns: () => domain_columns,
		sawAddress: () => {
			has_addresses = true;
		},
	};
}

/** True for a line of nothing but addresses or nothing but domains, as in a To field. `@ann` is somebody's handle. */
function isListOfUsers( cells: string[] ): boolean {
	const filled = cells.filter( ( cell ) => cell.trim() !== '' );
	return (
		filled.length > 1 &&
		( filled.every( ( cell ) => isAddressLike( cell ) && cell.trim().indexOf( '@' ) > 0 ) ||
			filled.every( ( cell ) => ! isAddressLike( cell ) && hostOfPlainCell( cell, false ).length > 0 ) )
	);
}

/** URLs may hold an at, too, as in https://medium.com/@name. */
function isAddressLike( cell: string ): boolean {
	return cell.includes( '@' ) && ! /^\s*[a-z][a-z0-9+.-]*:\/\//iu.test( cell );
}

/** The host that a cell counts as where nothing but a domain can stand: in a row of one cell, or in a column of domains. */
export function hostOfDomainCell( cell: string ): string | null {
	return hostOfPlainCell( cell, true )[ 0 ] ?? null;
}

/** The host of a cell without an at: none, or one. A bad host counts only where nothing but a domain can stand. */
function hostOfPlainCell( cell: string, only_domain: boolean ): string[] {
	const is_url = cell.includes( '/' );
	const domain = is_url ? hostOfUrl( cell ) : hostOfCell( cell );
	if ( domain.ok ) {
		return [ domain.host ];
	}
	// Path and query stay out of the report: they may hold a token or an address.
	const typed = is_url ? ( urlParts( cell )?.host ?? '' ) : cell.trim();
	return only_domain && typed.includes( '.' ) && HOST_REASONS.includes( domain.reason ) ? [ domain.host ?? encodeHost( typed ) ] : [];
}

/** Which columns hold domains, when the row is a heading; null when it is none. A column of addresses makes all others idle. */
function headingColumns( cells: string[] ): number[] | null {
	const names = cells.map( ( cell ) => cell.trim() );
	const is_heading =
		names.some( ( name ) => HEADING.test( name ) ) && ! names.some( ( name ) => name.includes( '@' ) || hostOfCell( name ).ok );
	if ( ! is_heading ) {
		return null;
	}
	if ( names.some( ( name ) => MAIL_HEADING.test( name ) && ! DOMAIN_HEADING.test( name ) ) ) {
		return [];
	}
	return names.length === 1 ? [ 0 ] : [ ...names.keys() ].filter( ( column ) => DOMAIN_HEADING.test( names[ column ] ?? '' ) );
}

const MAIL_HEADING = /mail|^address$/iu;
const DOMAIN_HEADING = /domain|website|^url$|^host(?:name)?$|^site$/iu;
const HEADING =
	/mail|^address$|domain|website|^url$|^host(?:name)?$|^site$|^(?:user|full|first|last|display|company)?[ _-]?(?:name|login|id)$/iu;

function add< Key >( counts: Map< Key, number >, key: Key ): void {
	counts.set( key, ( counts.get( key ) ?? 0 ) + 1 );
}
