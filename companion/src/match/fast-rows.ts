import { HostCounts } from './host-counts.ts';
import { BATCH, hashed, hashOf, NO_HASH, type HostTable } from './host-table.ts';
import { hostOfDomainCell, type Counted, type RowCounter } from './row-counter.ts';
import {
	AT,
	atOrLineEnd,
	CARRIAGE_RETURN,
	CELL_ENDS,
	DOT,
	endsOfHost,
	HOST,
	IN_QUOTES,
	IS_DELIMITER,
	IS_LOCAL,
	IS_ODD,
	isUnicodeHost,
	KINDS,
	LINE_END,
	LINE_FEED,
	LOCAL,
	MAX_CELL,
	MAX_ENTRIES,
	MAX_HOST,
	MAX_QUOTED,
	NON_ASCII,
	octetOf,
	octetTable,
	QUOTE,
	SENTINELS,
	SPACE,
	textOf,
} from './octets.ts';

/** Rows that are plain, counted without decoding them: what the columns hold must be known, quotes must enclose whole
 *  cells, and a host must be one that `cutHost` takes behind a plain local part. */
export class FastRows {
	/** True when `read` stopped at a row that is not plain, false when the row was not there to its end. */
	is_stuck = false;
	private readonly addresses: HostTable;
	/** Hosts of rows without an address, where fewer texts are hosts. */
	private readonly domains = new HostCounts();
	private readonly entries = new Int32Array( MAX_ENTRIES );
	private readonly counted: Counted;
	private readonly counter: RowCounter;
	private readonly delimiter: number;
	/** What an octet is outside of quotes. */
	private readonly kinds: Uint8Array;
	/** The column that holds the domain where a row has no address; -1 when no column does, -2 when more than one may. */
	private readonly domain_column: number;
	private readonly has_heading: boolean;
	/** The delimiter in each octet. */
	private readonly delimiter_word: number;
	private bytes: Uint8Array = new Uint8Array();
	private view = new DataView< ArrayBufferLike >( this.bytes.buffer );
	/** Of usual rows: where they begin, where their hosts do and end, and the hosts' hashes. */
	private readonly rows = new Int32Array( BATCH + 1 );
	private readonly hosts = new Int32Array( BATCH );
	private readonly host_ends = new Int32Array( BATCH );
	private readonly hashes = new Int32Array( BATCH );
	private readonly lower = new DataView( new ArrayBuffer( MAX_HOST + SENTINELS ) );
	/** The first quote from the row on that is read. */
	private quote = -1;
	/** Where the bytes end that were given; at it the row is not there to its end. */
	private limit = 0;
	private at = 0;
	private cell_end = 0;
	private entry = 0;
	private saw_address = false;
	private domain_from = -1;
	private domain_to = -1;
	/** All octets of the host that was read last, or-ed. */
	private seen = 0;

	constructor( counted: Counted, counter: RowCounter, delimiter: string ) {
		const columns = counter.domainColumns();
		this.counted = counted;
		this.addresses = counted.hosts.table;
		this.counter = counter;
		this.delimiter = delimiter.charCodeAt( 0 );
		this.delimiter_word = this.delimiter * 0x01010101;
		this.kinds = octetTable( ( octet ) =>
			octet === this.delimiter ? IS_DELIMITER : ( KINDS.get( octet ) ?? LOCAL[ octet ] ?? IS_ODD )
		);
		this.has_heading = columns !== null;
		this.domain_column = columns === null ? 0 : columns.length === 1 ? ( columns[ 0 ] ?? -2 ) : columns.length === 0 ? -1 : -2;
	}

	/** Brings together what was counted here and elsewhere. */
	end(): void {
		const { hosts } = this.counted;
		for ( const [ host, user_count ] of this.domains ) {
			hosts.add( host, user_count );
		}
		hosts.encodeUnicode();
	}

	/** Takes octets up to a position, to be read from any place on until others are taken. */
	take( bytes: Uint8Array, to: number ): void {
		bytes[ to ] = LINE_FEED;
		bytes[ to + 1 ] = QUOTE;
		this.bytes = bytes;
		this.view = new DataView( bytes.buffer, bytes.byteOffset, bytes.byteLength );
		this.limit = to;
		this.quote = -1;
	}

	/** Counts rows from a position on. Gives where the first row begins that was not counted. */
	read( from: number ): number {
		const { bytes, limit: to } = this;
		this.is_stuck = false;
		let row = from;
		for ( let next = from; next !== -1; ) {
			const { rows } = this;
			const collected = this.collect( bytes, next );
			row = this.countCollected( bytes, collected );
			next = row === -1 ? ( rows[ collected ] ?? to ) : -1;
			if ( row === -1 && collected < BATCH ) {
				row = next;
				next = row < to ? this.readRow( bytes, row ) : -1;
			}
		}
		if ( this.saw_address ) {
			this.counter.sawAddress();
		}
		return row;
	}

	/** Finds the hosts of up to BATCH rows, until one is unusual: one address in a row and no quotes. Whether it is a host
	 *  is not looked at: those that are counted were. Gives their number; `rows` goes on to where the next one begins. */
	private collect( bytes: Uint8Array, from: number ): number {
		const { kinds, limit, view, delimiter_word, rows, hosts, host_ends, hashes } = this;
		let row = from;
		let collected = 0;
		while ( collected < BATCH ) {
			while ( row < limit && ( bytes[ row ] === LINE_FEED || bytes[ row ] === CARRIAGE_RETURN ) ) {
				row++;
			}
			if ( this.quote < row ) {
				this.quote = bytes.indexOf( QUOTE, row );
			}
			const sign = atOrLineEnd( view, row );
			if ( bytes[ sign ] !== AT ) {
				break;
			}
			let local = sign - 1;
			while ( local >= row && kinds[ bytes[ local ] ?? 0 ] === IS_LOCAL ) {
				local--;
			}
			let hash = NO_HASH;
			let end = sign + 1;
			let word = view.getInt32( end, true );
			let ends = endsOfHost( word, delimiter_word );
			while ( ends === 0 ) {
				hash = hashed( hash, word );
				end += 4;
				word = view.getInt32( end, true );
				ends = endsOfHost( word, delimiter_word );
			}
			const first = ends & -ends;
			hash = hashed( hash, word & ( ( first >>> 7 ) - 1 ) );
			end += octetOf( first );
			const line_end = atOrLineEnd( view, end );
			const next = kinds[ bytes[ end ] ?? 0 ];
			const is_whole =
				line_end < limit && bytes[ line_end ] !== AT && line_end < this.quote && ( next === LINE_END || next === IS_DELIMITER );
			const is_plain = local < sign - 1 && ( local < row || kinds[ bytes[ local ] ?? 0 ] === IS_DELIMITER );
			if ( ! is_whole || ! is_plain || end - local > MAX_CELL || end - sign > MAX_HOST ) {
				break;
			}
			rows[ collected ] = row;
			hosts[ collected ] = sign + 1;
			host_ends[ collected ] = end;
			hashes[ collected ] = hash;
			collected++;
			row = line_end + 1;
		}
		rows[ collected ] = row;
		return collected;
	}

	/** Counts the rows that were collected. Gives the first that was not counted; -1 when all were. */
	private countCollected( bytes: Uint8Array, collected: number ): number {
		const { addresses, view, rows, hosts, host_ends, hashes } = this;
		let unusual = 0;
		let uncounted = -1;
		addresses.warm( hashes, collected );
		for ( let index = 0; index < collected; index++ ) {
			const record = addresses.find( view, hosts[ index ] ?? 0, host_ends[ index ] ?? 0, hashes[ index ] ?? 0 );
			if ( record !== 0 ) {
				addresses.count( record );
			} else if ( this.readRow( bytes, rows[ index ] ?? 0 ) !== -1 ) {
				unusual++;
			} else {
				uncounted = index;
				break;
			}
		}
		const counted = ( uncounted === -1 ? collected : uncounted ) - unusual;
		this.counted.rows_read += counted;
		this.saw_address ||= counted > 0;
		return uncounted === -1 ? -1 : ( rows[ uncounted ] ?? 0 );
	}

	/** Counts one row. Gives where the next one begins, -1 when it was not counted. */
	private readRow( bytes: Uint8Array, row: number ): number {
		const { entries } = this;
		let found = 0;
		let column = 0;
		let plain = true;
		this.at = row;
		this.domain_from = -1;
		for ( ; ; column++ ) {
			const start = this.at;
			this.entry = 0;
			plain = bytes[ start ] === QUOTE ? this.quotedCell( bytes ) : this.plainCell( bytes );
			if ( ! plain || this.at >= this.limit ) {
				break;
			}
			if ( this.entry !== 0 ) {
				plain = found < MAX_ENTRIES;
				entries[ found++ ] = this.entry;
			} else if ( column === this.domain_column ) {
				this.domain_from = bytes[ start ] === QUOTE ? start + 1 : start;
				this.domain_to = this.cell_end;
			}
			if ( bytes[ this.at ] !== this.delimiter ) {
				break;
			}
			this.at++;
		}
		if ( this.at >= this.limit ) {
			return -1;
		}
		if ( ! plain || ! ( found > 0 ? this.countAddresses( found ) : this.countNone( bytes, row, column + 1 ) ) ) {
			this.is_stuck = true;
			return -1;
		}
		this.saw_address ||= found > 0;
		this.counted.rows_read++;
		return this.at + 1;
	}

	/** Reads a cell up to its end. False when it is not plain; true at the limit, where that is not known yet. */
	private plainCell( bytes: Uint8Array ): boolean {
		const { kinds, at: start } = this;
		let at = start;
		while ( ! CELL_ENDS[ kinds[ bytes[ at ] ?? 0 ] ?? 0 ] ) {
			at++;
		}
		this.at = at;
		this.cell_end = at;
		if ( bytes[ at ] !== AT ) {
			return true;
		}
		const end = this.hostEnd( bytes, start, at );
		const next = kinds[ bytes[ this.at ] ?? 0 ];
		const is_end = next === IS_DELIMITER || next === LINE_END;
		return this.at >= this.limit || ( end !== -1 && is_end && this.findAddress( bytes, at + 1, end ) );
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
		let seen = 0;
		for ( ; ; end++ ) {
			const octet = HOST[ bytes[ end ] ?? 0 ] ?? 0;
			if ( octet === 0 ) {
				break;
			}
			seen |= octet;
		}
		let local = sign;
		while ( local > start && LOCAL[ bytes[ local - 1 ] ?? 0 ] === IS_LOCAL ) {
			local--;
		}
		const has_local = local < sign;
		while ( local > start && bytes[ local - 1 ] === SPACE ) {
			local--;
		}
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
		const { addresses, lower } = this;
		const length = this.toLower( bytes, from, to );
		const hash = hashOf( lower, 0, length );
		this.entry = addresses.find( lower, 0, length, hash );
		if ( this.entry === 0 && ( this.seen < NON_ASCII || isUnicodeHost( bytes.subarray( from, to ) ) ) ) {
			this.entry = addresses.add( lower, 0, length, hash );
		}
		return this.entry !== 0;
	}

	/** Writes octets of a host into `lower`, at most MAX_HOST. Gives their number. */
	private toLower( bytes: Uint8Array, from: number, to: number ): number {
		for ( let at = from; at < to; at++ ) {
			this.lower.setUint8( at - from, HOST[ bytes[ at ] ?? 0 ] ?? 0 );
		}
		return to - from;
	}

	/** Counts each host of a row once. Without a heading each of several addresses may be a user. */
	private countAddresses( found: number ): boolean {
		if ( found > 1 && ! this.has_heading ) {
			return false;
		}
		for ( let index = 0; index < found; index++ ) {
			const entry = this.entries[ index ] ?? 0;
			if ( this.entries.indexOf( entry ) === index ) {
				this.addresses.count( entry );
			}
		}
		return true;
	}

	/** Counts a row without an address by its domain, or as no_at. False when that takes a closer look. */
	private countNone( bytes: Uint8Array, row: number, cells: number ): boolean {
		const { domain_column, domain_from: from, domain_to: to } = this;
		const domains = this.domains.table;
		if ( domain_column === -2 || ( cells > 1 && ! this.has_heading ) ) {
			return false;
		}
		if ( domain_column === -1 || from === to ) {
			return this.countNoAt( bytes, row );
		}
		let has_dot = false;
		for ( let at = from; at < to; at++ ) {
			const octet = HOST[ bytes[ at ] ?? 0 ] ?? 0;
			if ( octet === 0 || octet >= NON_ASCII ) {
				return false;
			}
			has_dot ||= octet === DOT;
		}
		if ( ! has_dot ) {
			return this.countNoAt( bytes, row );
		}
		if ( to - from > MAX_HOST ) {
			return false;
		}
		const { lower } = this;
		const length = this.toLower( bytes, from, to );
		const hash = hashOf( lower, 0, length );
		let entry = domains.find( lower, 0, length, hash );
		if ( entry === 0 ) {
			const text = textOf( bytes.subarray( from, to ) );
			const host = hostOfDomainCell( text );
			if ( host !== text ) {
				// What is no host is not kept: a file of ten million names would fill the memory.
				return host === null && this.countNoAt( bytes, row );
			}
			entry = domains.add( lower, 0, length, hash );
		}
		domains.count( entry );
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
