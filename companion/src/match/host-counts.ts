import { encodeHost } from './cut-host.ts';
import { hashOf, HostTable } from './host-table.ts';

/** Hosts that are decoded at once, which takes a fifth of the time. */
const PIECE = 1000;

/** Users by host, without an object a host: a Map of 200,000 takes 30 MB, this 8. In the order in which the hosts came. */
export class HostCounts implements Iterable< [ string, number ] > {
	/** By octets in lower case; those of a host that is not ASCII as they stand in the file, until `encodeUnicode`. */
	readonly table = new HostTable();
	/** Room for octets that go into the table or come out of it. */
	private octets = new Uint8Array( 16_384 );
	private view = new DataView( this.octets.buffer );

	/** `host` is ASCII, as `cutHost` gives it. */
	add( host: string, user_count = 1 ): void {
		const { table } = this;
		const hash = this.takeOctets( host );
		const record = table.find( this.view, 0, host.length, hash ) || table.add( this.view, 0, host.length, hash );
		table.count( record, user_count );
	}

	/** Users at an ASCII host; 0 when it did not come. */
	countOf( host: string ): number {
		const hash = this.takeOctets( host );
		const record = this.table.find( this.view, 0, host.length, hash );
		return record === 0 ? 0 : this.table.countOf( record );
	}

	/** Brings hosts that were counted by their UTF-8 to the form in which `cutHost` gives them. */
	encodeUnicode(): void {
		const { table } = this;
		const records = [ ...table.records() ].filter( ( record ) => ! table.isAscii( record ) );
		for ( const record of records ) {
			const user_count = table.countOf( record );
			const [ host = '' ] = this.textsOf( [ record ] );
			table.count( record, -user_count );
			if ( user_count > 0 ) {
				this.add( encodeHost( host ), user_count );
			}
		}
	}

	*[ Symbol.iterator ](): IterableIterator< [ string, number ] > {
		let records: number[] = [];
		for ( const record of this.records() ) {
			records.push( record );
			if ( records.length === PIECE ) {
				yield* this.pairsOf( records );
				records = [];
			}
		}
		yield* this.pairsOf( records );
	}

	/** Records of the table that have users. */
	*records(): Iterable< number > {
		for ( const record of this.table.records() ) {
			if ( this.table.countOf( record ) > 0 ) {
				yield record;
			}
		}
	}

	/** ASCII hosts of records, or a single one of any kind, in their order. */
	textsOf( records: readonly number[] ): string[] {
		const texts: string[] = [];
		const decoder = new TextDecoder( 'utf-8', { ignoreBOM: true } );
		const ends: number[] = [];
		const decode = (): void => {
			const text = decoder.decode( this.octets.subarray( 0, ends.at( -1 ) ?? 0 ) );
			let start = 0;
			for ( const end of ends ) {
				texts.push( text.slice( start, end ) );
				start = end;
			}
			ends.length = 0;
		};
		for ( const record of records ) {
			let end = this.table.copy( record, this.octets, ends.at( -1 ) ?? 0 );
			if ( end > this.octets.length ) {
				decode();
				end = this.table.copy( record, this.octets, 0 );
				this.reserve( end );
				this.table.copy( record, this.octets, 0 );
			}
			ends.push( end );
		}
		decode();
		return texts;
	}

	private *pairsOf( records: readonly number[] ): Iterable< [ string, number ] > {
		const texts = this.textsOf( records );
		for ( const [ index, record ] of records.entries() ) {
			yield [ texts[ index ] ?? '', this.table.countOf( record ) ];
		}
	}

	/** Writes an ASCII host to the start of `octets`. Gives its hash. */
	private takeOctets( host: string ): number {
		const { length } = host;
		this.reserve( length );
		const { octets, view } = this;
		for ( let at = 0; at < length; at++ ) {
			octets[ at ] = host.charCodeAt( at );
		}
		return hashOf( view, 0, length );
	}

	private reserve( length: number ): void {
		if ( length + 4 > this.octets.length ) {
			this.octets = new Uint8Array( length * 2 );
			this.view = new DataView( this.octets.buffer );
		}
	}
}
