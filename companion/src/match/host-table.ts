/** Free words at the start, so that no record is at 0, and words before a record's bytes: its count and their number. */
const FIRST = 1;
const HEAD = 2;

/** In any octet of a word. */
const NON_ASCII = 0x80808080;

/** Hosts that are looked for at a time. */
export const BATCH = 128;

/** Distinct byte strings with a count each, found by their bytes alone. Open addressing over typed arrays makes no garbage
 *  on ten million additions, and a find touches two places of memory: the slot, and the record with count and bytes. */
export class HostTable {
	size = 0;
	/** Hash and record of each slot; record 0 is free. At most half are taken. */
	private slots = new Int32Array( 4096 );
	private words = new Int32Array( 8192 );
	private bytes = new Uint8Array( this.words.buffer );
	private view = new DataView( this.words.buffer );
	private readonly likely = new Int32Array( BATCH + 1 );
	/** The word behind the last record. */
	private used = FIRST;

	/** The record of the octets from `from` to `to`, by the `hash` that `hashOf` gives of them; 0 when there is none. */
	find( text: DataView, from: number, to: number, hash: number ): number {
		const { slots, words } = this;
		const mask = slots.length - 2;
		const length = to - from;
		for ( let slot = slotOf( hash ) & mask; ; slot = ( slot + 2 ) & mask ) {
			const record = slots[ slot + 1 ] ?? 0;
			if ( record === 0 || ( slots[ slot ] === hash && words[ record + 1 ] === length && this.isAt( record, text, from, length ) ) ) {
				return record;
			}
		}
	}

	/** Makes the record that `find` did not find. */
	add( text: DataView, from: number, to: number, hash: number ): number {
		const record = this.used;
		const length = to - from;
		this.size++;
		this.used = recordEnd( record, length );
		this.reserve();
		this.words[ record + 1 ] = length;
		this.bytes.set( new Uint8Array( text.buffer, text.byteOffset + from, length ), ( record + HEAD ) * 4 );
		place( this.slots, hash, record );
		return record;
	}

	/** Reads what the next finds will read, at most BATCH: one after the other they would each wait for the memory. */
	warm( hashes: Int32Array, number: number ): void {
		const { slots, words, likely } = this;
		const mask = slots.length - 2;
		for ( let index = 0; index < number; index++ ) {
			likely[ index ] = slots[ ( slotOf( hashes[ index ] ?? 0 ) & mask ) + 1 ] ?? 0;
		}
		let read = 0;
		for ( let index = 0; index < number; index++ ) {
			read |= words[ likely[ index ] ?? 0 ] ?? 0;
		}
		// Kept, or a compiler may find that nothing need be read.
		likely[ BATCH ] = read;
	}

	/** More of a record, up to 2 ** 32 - 1 in all. */
	count( record: number, more = 1 ): void {
		this.words[ record ] = ( this.words[ record ] ?? 0 ) + more;
	}

	countOf( record: number ): number {
		return ( this.words[ record ] ?? 0 ) >>> 0;
	}

	/** The records in the order in which they came. */
	*records(): Iterable< number > {
		for ( let record = FIRST; record < this.used; record = recordEnd( record, this.words[ record + 1 ] ?? 0 ) ) {
			yield record;
		}
	}

	isAscii( record: number ): boolean {
		const end = recordEnd( record, this.words[ record + 1 ] ?? 0 );
		let all = 0;
		for ( let word = record + HEAD; word < end; word++ ) {
			all |= this.words[ word ] ?? 0;
		}
		return ( all & NON_ASCII ) === 0;
	}

	/** Copies the octets of a record to `at`. Gives where they end, beyond `into` when there is no room for them. */
	copy( record: number, into: Uint8Array, at: number ): number {
		const length = this.words[ record + 1 ] ?? 0;
		const start = ( record + HEAD ) * 4;
		if ( at + length <= into.length ) {
			for ( let octet = 0; octet < length; octet++ ) {
				into[ at + octet ] = this.bytes[ start + octet ] ?? 0;
			}
		}
		return at + length;
	}

	private isAt( record: number, text: DataView, from: number, length: number ): boolean {
		const { view } = this;
		const start = ( record + HEAD ) * 4;
		let at = 0;
		for ( ; at + 4 <= length; at += 4 ) {
			if ( text.getInt32( from + at, true ) !== view.getInt32( start + at, true ) ) {
				return false;
			}
		}
		return at === length || ( text.getInt32( from + at, true ) & firstOctets( length - at ) ) === view.getInt32( start + at, true );
	}

	private reserve(): void {
		if ( this.used > this.words.length ) {
			// Gives the old memory back at once, where garbage would wait for a collection.
			this.words = new Int32Array( this.words.buffer.transfer( Math.ceil( this.words.length * 1.5 ) * 4 ) );
			this.bytes = new Uint8Array( this.words.buffer );
			this.view = new DataView( this.words.buffer );
		}
		if ( this.size * 4 > this.slots.length ) {
			const slots = new Int32Array( this.slots.length * 2 );
			for ( let slot = 0; slot < this.slots.length; slot += 2 ) {
				const record = this.slots[ slot + 1 ] ?? 0;
				if ( record !== 0 ) {
					place( slots, this.slots[ slot ] ?? 0, record );
				}
			}
			this.slots.buffer.transfer( 0 );
			this.slots = slots;
		}
	}
}

/** The hash that `find` takes. Octets are read four at a time: `text` must go on three octets behind `to`. */
export function hashOf( text: DataView, from: number, to: number ): number {
	let hash = NO_HASH;
	let at = from;
	for ( ; at + 4 <= to; at += 4 ) {
		hash = hashed( hash, text.getInt32( at, true ) );
	}
	return hashed( hash, text.getInt32( at, true ) & firstOctets( to - at ) );
}

/** The hash of no octets; `hashed` takes four more, the first in the lowest bits. The last ones are fewer, maybe none. */
export const NO_HASH = 0;

/** Multiplication brings low bits up, and the shift the high ones down again. */
export function hashed( hash: number, word: number ): number {
	const product = Math.imul( hash ^ word, 0x9e3779b1 );
	return product ^ ( product >>> 15 );
}

/** Less than four of the octets of a word. */
function firstOctets( number: number ): number {
	return ~( -1 << ( number * 8 ) );
}

function slotOf( hash: number ): number {
	return hash << 1;
}

function place( slots: Int32Array, hash: number, record: number ): void {
	const mask = slots.length - 2;
	let slot = slotOf( hash ) & mask;
	while ( slots[ slot + 1 ] !== 0 ) {
		slot = ( slot + 2 ) & mask;
	}
	slots[ slot ] = hash;
	slots[ slot + 1 ] = record;
}

function recordEnd( record: number, length: number ): number {
	return record + HEAD + ( ( length + 3 ) >> 2 );
}
