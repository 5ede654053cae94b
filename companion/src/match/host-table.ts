/** Free words at the start, so that no record is at 0, and words before a record's bytes: its count and their number. */
const FIRST = 1;
const HEAD = 2;

/** Distinct byte strings with a count each, found by their bytes alone. Open addressing over typed arrays makes no garbage
 *  on ten million additions, and a find touches two places of memory: the slot, and the record with count and bytes. */
export class HostTable {
	size = 0;
	/** Hash and record of each slot; record 0 is free. At most half are taken. */
	private slots = new Int32Array( 4096 );
	private words = new Int32Array( 8192 );
	private bytes = new Uint8Array( this.words.buffer );
	/** The word behind the last record. */
	private used = FIRST;

	/** The record that `text` from `from` to `to` makes in lower case, by its `hash`; 0 when there is none.
	 *  `lower` gives the lower case of each octet. */
	find( text: Uint8Array, from: number, to: number, hash: number, lower: Uint8Array ): number {
		const { slots, words, bytes } = this;
		const mask = slots.length - 2;
		const length = to - from;
		for ( let slot = spread( hash ) & mask; ; slot = ( slot + 2 ) & mask ) {
			const record = slots[ slot + 1 ] ?? 0;
			if ( record === 0 ) {
				return 0;
			}
			if ( slots[ slot ] === hash && words[ record + 1 ] === length ) {
				const start = ( record + HEAD ) * 4;
				let at = 0;
				while ( at < length && bytes[ start + at ] === lower[ text[ from + at ] ?? 0 ] ) {
					at++;
				}
				if ( at === length ) {
					return record;
				}
			}
		}
	}

	/** Makes the record that `find` did not find. */
	add( text: Uint8Array, from: number, to: number, hash: number, lower: Uint8Array ): number {
		const record = this.used;
		const length = to - from;
		this.size++;
		this.used = recordEnd( record, length );
		this.reserve();
		this.words[ record + 1 ] = length;
		for ( let at = 0; at < length; at++ ) {
			this.bytes[ ( record + HEAD ) * 4 + at ] = lower[ text[ from + at ] ?? 0 ] ?? 0;
		}
		place( this.slots, hash, record );
		return record;
	}

	/** More of a record, up to 2 ** 32 - 1 in all. */
	count( record: number, more = 1 ): void {
		this.words[ record ] = ( this.words[ record ] ?? 0 ) + more;
	}

	/** All byte strings with their counts, in the order in which they came. The octets are valid until the next `add`. */
	*records(): Iterable< { record: number; octets: Uint8Array; count: number } > {
		for ( let record = FIRST; record < this.used; ) {
			const length = this.words[ record + 1 ] ?? 0;
			const start = ( record + HEAD ) * 4;
			yield { record, octets: this.bytes.subarray( start, start + length ), count: ( this.words[ record ] ?? 0 ) >>> 0 };
			record = recordEnd( record, length );
		}
	}

	private reserve(): void {
		if ( this.used > this.words.length ) {
			// Gives the old memory back at once, where garbage would wait for a collection.
			this.words = new Int32Array( this.words.buffer.transfer( Math.ceil( this.words.length * 1.5 ) * 4 ) );
			this.bytes = new Uint8Array( this.words.buffer );
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

/** The hash of no octets; `hashed` takes one more. */
export const NO_HASH = -2_128_831_035;

/** FNV-1a: multiplication brings low bits up, so that `spread` brings the high ones down again. */
export function hashed( hash: number, octet: number ): number {
	return Math.imul( hash ^ octet, 16_777_619 );
}

function spread( hash: number ): number {
	return ( hash ^ ( hash >>> 15 ) ) << 1;
}

function place( slots: Int32Array, hash: number, record: number ): void {
	const mask = slots.length - 2;
	let slot = spread( hash ) & mask;
	while ( slots[ slot + 1 ] !== 0 ) {
		slot = ( slot + 2 ) & mask;
	}
	slots[ slot ] = hash;
	slots[ slot + 1 ] = record;
}

function recordEnd( record: number, length: number ): number {
	return record + HEAD + ( ( length + 3 ) >> 2 );
}
