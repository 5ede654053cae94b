/** Distinct byte strings with a count each, found by their bytes alone: open addressing over typed arrays, so that ten
 *  million additions make no garbage. About 40 octets an entry besides its bytes. */
export class HostTable {
	/** Entries in the order in which they came. */
	size = 0;
	counts = new Float64Array( 1024 );
	/** Entry + 1 by hash; 0 is free. At most half are taken. */
	private slots = new Int32Array( 2048 );
	private hashes = new Int32Array( 1024 );
	/** Where an entry's bytes begin; they end where those of the next one do. */
	private starts = new Int32Array( 1025 );
	private bytes = new Uint8Array( 16_384 );

	/** The entry that `text` from `from` to `to` makes in lower case, by its `hash`; -1 when there is none.
	 *  `lower` gives the lower case of each octet. */
	find( text: Uint8Array, from: number, to: number, hash: number, lower: Uint8Array ): number {
		const { slots, hashes, starts, bytes } = this;
		const mask = slots.length - 1;
		const length = to - from;
		for ( let slot = spread( hash ) & mask; ; slot = ( slot + 1 ) & mask ) {
			const entry = ( slots[ slot ] ?? 0 ) - 1;
			if ( entry === -1 ) {
				return -1;
			}
			if ( hashes[ entry ] === hash ) {
				const start = starts[ entry ] ?? 0;
				let at = ( starts[ entry + 1 ] ?? 0 ) - start === length ? 0 : length + 1;
				while ( at < length && bytes[ start + at ] === lower[ text[ from + at ] ?? 0 ] ) {
					at++;
				}
				if ( at === length ) {
					return entry;
				}
			}
		}
	}

	/** Makes the entry that `find` did not find. */
	add( text: Uint8Array, from: number, to: number, hash: number, lower: Uint8Array ): number {
		const entry = this.size++;
		const start = this.starts[ entry ] ?? 0;
		this.reserve( start + to - from );
		for ( let at = from; at < to; at++ ) {
			this.bytes[ start + at - from ] = lower[ text[ at ] ?? 0 ] ?? 0;
		}
		this.starts[ entry + 1 ] = start + to - from;
		this.hashes[ entry ] = hash;
		this.place( entry, hash );
		return entry;
	}

	/** Bytes of an entry, valid until the next `add`. */
	bytesOf( entry: number ): Uint8Array {
		return this.bytes.subarray( this.starts[ entry ], this.starts[ entry + 1 ] );
	}

	private place( entry: number, hash: number ): void {
		const { slots } = this;
		const mask = slots.length - 1;
		let slot = spread( hash ) & mask;
		while ( slots[ slot ] !== 0 ) {
			slot = ( slot + 1 ) & mask;
		}
		slots[ slot ] = entry + 1;
	}

	/** Room for the newest entry, and for its bytes up to `octets`. */
	private reserve( octets: number ): void {
		if ( octets > this.bytes.length ) {
			this.bytes = grown( this.bytes, new Uint8Array( this.bytes.length * 2 ) );
		}
		if ( this.size > this.hashes.length ) {
			const capacity = this.hashes.length * 2;
			this.hashes = grown( this.hashes, new Int32Array( capacity ) );
			this.counts = grown( this.counts, new Float64Array( capacity ) );
			this.starts = grown( this.starts, new Int32Array( capacity + 1 ) );
			this.slots = new Int32Array( capacity * 2 );
			for ( let entry = 0; entry < this.size - 1; entry++ ) {
				this.place( entry, this.hashes[ entry ] ?? 0 );
			}
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
	return hash ^ ( hash >>> 15 );
}

function grown< Numbers extends { set: ( from: Numbers ) => void } >( from: Numbers, into: Numbers ): Numbers {
	into.set( from );
	return into;
}
