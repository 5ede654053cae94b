import { cutHost, encodeHost } from './cut-host.ts';
import { hashed, HostTable, NO_HASH } from './host-table.ts';
import { hostOfDomainCell, type Counted, type RowCounter } from './row-counter.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const DOT = 46;
const AT = 64;
const NON_ASCII = 128;

/** Longest cell that is read here, and longest host as `cutHost` takes it. */
const MAX_CELL = 1024;
const MAX_HOST = 253;
const MAX_QUOTED = 65_536;
const MAX_ENTRIES = 8;

/** Octets that a caller must leave free behind the end of what it gives to `read`. */
export const SENTINELS = 2;

/** Lower case of the octets that hosts are made of, 0 for all others. Those of UTF-8 count as they are. */
const HOST = octetTable( ( octet ) => {
	const letter = String.fromCharCode( octet ).toLowerCase();
	return octet >= NON_ASCII ? octet : /[a-z0-9._-]/u.test( letter ) ? letter.charCodeAt( 0 ) : 0;
} );
/** 1 for the octets of a local part that say nothing about the host: no quoting, comment, display name, white space or URL. */
const LOCAL = octetTable( ( octet ) => Number( octet > SPACE && octet < 127 && ! '"()<>@:'.includes( String.fromCharCode( octet ) ) ) );
/** What is looked for in a quoted cell. */
const IN_QUOTES = octetTable( ( octet ) => Number( octet === QUOTE || octet === AT ) );

/** Rows that are plain, counted without decoding them: what the columns hold must be known, quotes must enclose whole
 *  cells, and a host must be one that `cutHost` takes behind a plain local part. */
export class FastRows {
	/** True when `read` stopped at a row that is not plain, false when the row was not there to its end. */
	is_stuck = false;
	private readonly addresses = new HostTable();
	private readonly domains = new HostTable();
	private readonly entries = new Int32Array( MAX_ENTRIES );
	private readonly counted: Counted;
	private readonly counter: RowCounter;
	private readonly delimiter: number;
	/** 1 for what ends a plain cell, and for the at. */
	private readonly in_cell: Uint8Array;
	/** The column that holds the domain where a row has no address; -1 when no column does, -2 when more than one may. */
	private readonly domain_column: number;
	private readonly has_heading: boolean;
	/** Where the bytes end that were given; at it the row is not there to its end. */
	private limit = 0;
	private at = 0;
	private cell_end = 0;
	private entry = -1;
	private domain_from = -1;
	private domain_to = -1;
	/** Of the host that was read last: its hash, and all its octets or-ed. */
	private hash = NO_HASH;
	private seen = 0;

	constructor( counted: Counted, counter: RowCounter, delimiter: string ) {
		const columns = counter.domainColumns();
		this.counted = counted;
		this.counter = counter;
		this.delimiter = delimiter.charCodeAt( 0 );
		this.in_cell = octetTable( ( octet ) => Number( [ this.delimiter, LINE_FEED, CARRIAGE_RETURN, AT ].includes( octet ) ) );
		this.has_heading = columns !== null;
		this.domain_column = columns === null ? 0 : columns.length === 1 ? ( columns[ 0 ] ?? -2 ) : columns.length === 0 ? -1 : -2;
	}

	/** Adds the hosts of all rows to what was counted elsewhere. */
	end(): void {
		const decoder = new TextDecoder( 'utf-8', { ignoreBOM: true } );
		for ( const table of [ this.addresses, this.domains ] ) {
			for ( let entry = 0; entry < table.size; entry++ ) {
				const user_count = table.counts[ entry ] ?? 0;
				if ( user_count > 0 ) {
					const host = encodeHost( decoder.decode( table.bytesOf( entry ) ) );
					this.counted.hosts.set( host, ( this.counted.hosts.get( host ) ?? 0 ) + user_count );
				}
			}
		}
	}

	/** Counts rows of `bytes` between two positions. Gives where the first row begins that was not counted. */
	read( bytes: Uint8Array, from: number, to: number ): number {
		bytes[ to ] = LINE_FEED;
		bytes[ to + 1 ] = QUOTE;
		const { delimiter, entries, addresses, domain_column } = this;
		let row = from;
		let rows = 0;
		let saw_address = false;
		this.limit = to;
		this.is_stuck = false;
		while ( row < to ) {
			const first = bytes[ row ];
			if ( first === LINE_FEED || first === CARRIAGE_RETURN ) {
				row++;
				continue;
			}
			let found = 0;
			let column = 0;
			let plain = true;
			this.at = row;
			this.domain_from = -1;
			for ( ; ; column++ ) {
				const start = this.at;
				this.entry = -1;
				plain = bytes[ start ] === QUOTE ? this.quotedCell( bytes ) : this.plainCell( bytes );
				if ( ! plain || this.at >= to ) {
					break;
				}
				if ( this.entry !== -1 ) {
					plain = found < MAX_ENTRIES;
					entries[ found++ ] = this.entry;
				} else if ( column === domain_column ) {
					this.domain_from = bytes[ start ] === QUOTE ? start + 1 : start;
					this.domain_to = this.cell_end;
				}
				if ( bytes[ this.at ] !== delimiter ) {
					break;
				}
				this.at++;
			}
			if ( this.at >= to ) {
				break;
			}
			if ( plain && found === 1 ) {
				const entry = entries[ 0 ] ?? 0;
				addresses.counts[ entry ] = ( addresses.counts[ entry ] ?? 0 ) + 1;
			} else if ( ! plain || ! ( found > 1 ? this.countSeveral( found ) : this.countNone( bytes, row, column + 1 ) ) ) {
				this.is_stuck = true;
				break;
			}
			saw_address ||= found > 0;
			rows++;
			row = this.at + 1;
		}
		this.counted.rows_read += rows;
		if ( saw_address ) {
			this.counter.sawAddress();
		}
		return row;
	}

	/** Reads a cell up to its end. False when it is not plain; true at the limit, where that is not known yet. */
	private plainCell( bytes: Uint8Array ): boolean {
		const { in_cell, at: start } = this;
		let at = start;
		while ( in_cell[ bytes[ at ] ?? 0 ] === 0 ) {
			at++;
		}
		this.at = at;
		this.cell_end = at;
		if ( bytes[ at ] !== AT ) {
			return true;
		}
		const end = this.hostEnd( bytes, start, at );
		const next = bytes[ this.at ] ?? 0;
		return this.at >= this.limit || ( end !== -1 && next !== AT && in_cell[ next ] === 1 && this.findAddress( bytes, at + 1, end ) );
	}

	private quotedCell( bytes: Uint8Array ): boolean {
		const start = this.at + 1;
		let at = start;
		while ( IN_QUOTES[ bytes[ at ] ?? 0 ] === 0 ) {
			at++;
		}
		const sign = bytes[ at ] === AT ? at : -1;
		let end = -1;
		if ( sign !== -1 ) {
			end = this.hostEnd( bytes, start, sign );
			at = this.at;
		}
		if ( at - start >= MAX_QUOTED ) {
			this.at = start;
			return false;
		}
		this.cell_end = at;
		this.at = Math.min( at + 1, this.limit );
		const next = bytes[ this.at ];
		const is_closed = bytes[ at ] === QUOTE && ( next === this.delimiter || next === LINE_FEED || next === CARRIAGE_RETURN );
		return this.at >= this.limit || ( is_closed && ( sign === -1 || ( end !== -1 && this.findAddress( bytes, sign + 1, end ) ) ) );
	}

	/** Where the host behind the at at `sign` ends; -1 when its cell is not plain. Goes on to the end of the cell. */
	private hostEnd( bytes: Uint8Array, start: number, sign: number ): number {
		let end = sign + 1;
		let hash = NO_HASH;
		let seen = 0;
		for ( ; ; end++ ) {
			const octet = HOST[ bytes[ end ] ?? 0 ] ?? 0;
			if ( octet === 0 ) {
				break;
			}
			hash = hashed( hash, octet );
			seen |= octet;
		}
		let local = sign;
		while ( local > start && LOCAL[ bytes[ local - 1 ] ?? 0 ] === 1 ) {
			local--;
		}
		const has_local = local < sign;
		while ( local > start && bytes[ local - 1 ] === SPACE ) {
			local--;
		}
		this.hash = hash;
		this.seen = seen;
		this.at = end;
		while ( bytes[ this.at ] === SPACE ) {
			this.at++;
		}
		const length = end - sign - 1;
		return has_local && local === start && length > 0 && length <= MAX_HOST && this.at - start <= MAX_CELL ? end : -1;
	}

	/** Finds the entry of a host, or makes it when it is one. */
	private findAddress( bytes: Uint8Array, from: number, to: number ): boolean {
		const { addresses, hash } = this;
		this.entry = addresses.find( bytes, from, to, hash, HOST );
		if ( this.entry === -1 && ( this.seen < NON_ASCII || isUnicodeHost( bytes.subarray( from, to ) ) ) ) {
			this.entry = addresses.add( bytes, from, to, hash, HOST );
		}
		return this.entry !== -1;
	}

	/** Counts a row with several addresses: each host once. Without a heading each address may be a user. */
	private countSeveral( found: number ): boolean {
		if ( ! this.has_heading ) {
			return false;
		}
		const { counts } = this.addresses;
		for ( let index = 0; index < found; index++ ) {
			const entry = this.entries[ index ] ?? 0;
			if ( this.entries.indexOf( entry ) === index ) {
				counts[ entry ] = ( counts[ entry ] ?? 0 ) + 1;
			}
		}
		return true;
	}

	/** Counts a row without an address by its domain, or as no_at. False when that takes a closer look. */
	private countNone( bytes: Uint8Array, row: number, cells: number ): boolean {
		const { domains, domain_column, domain_from: from, domain_to: to } = this;
		if ( domain_column === -2 || ( cells > 1 && ! this.has_heading ) ) {
			return false;
		}
		if ( domain_column === -1 || from === to ) {
			return this.countNoAt( bytes, row );
		}
		let hash = NO_HASH;
		let has_dot = false;
		for ( let at = from; at < to; at++ ) {
			const octet = HOST[ bytes[ at ] ?? 0 ] ?? 0;
			if ( octet === 0 || octet >= NON_ASCII ) {
				return false;
			}
			has_dot ||= octet === DOT;
			hash = hashed( hash, octet );
		}
		if ( ! has_dot ) {
			return this.countNoAt( bytes, row );
		}
		let entry = to - from > MAX_HOST ? -1 : domains.find( bytes, from, to, hash, HOST );
		if ( entry === -1 ) {
			const text = textOf( bytes.subarray( from, to ) );
			const host = hostOfDomainCell( text );
			if ( host !== text ) {
				// What is no host is not kept: a file of ten million names would fill the memory.
				return host === null && this.countNoAt( bytes, row );
			}
			entry = domains.add( bytes, from, to, hash, HOST );
		}
		domains.counts[ entry ] = ( domains.counts[ entry ] ?? 0 ) + 1;
		return true;
	}

	/** Counts the row as no_at when it is certain that something stands in it. */
	private countNoAt( bytes: Uint8Array, row: number ): boolean {
		const { invalid } = this.counted;
		for ( let at = row; at < this.at; at++ ) {
			const octet = bytes[ at ] ?? 0;
			if ( octet > SPACE && octet < NON_ASCII && octet !== QUOTE && octet !== this.delimiter ) {
				invalid.set( 'no_at', ( invalid.get( 'no_at' ) ?? 0 ) + 1 );
				return true;
			}
		}
		return false;
	}
}

/** Whether octets of UTF-8 are a host that `cutHost` takes as it stands. */
function isUnicodeHost( bytes: Uint8Array ): boolean {
	const text = textOf( bytes );
	const cut = cutHost( `a@${ text }` );
	return cut.ok && cut.host === encodeHost( text );
}

/** With its ASCII letters in lower case. */
function textOf( bytes: Uint8Array ): string {
	const text = new TextDecoder( 'utf-8', { ignoreBOM: true } ).decode( bytes );
	return text.replace( /[A-Z]+/gu, ( letters ) => letters.toLowerCase() );
}

function octetTable( valueOf: ( octet: number ) => number ): Uint8Array {
	return Uint8Array.from( { length: 256 }, ( _, octet ) => valueOf( octet ) );
}
