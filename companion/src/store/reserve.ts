import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Disk space that is kept aside for handing over what waits: on a full disk not even a row can be deleted. */
export type Reserve = {
	/** Takes the space, if it is not kept already. False when the disk is too full for it. */
	keep: () => boolean;
	give: () => void;
	isKept: () => boolean;
};

const FILE = 'reserve';
/** As much as the journal grows between two checkpoints, which may all be new pages of the file; less on a tiny disk. */
const SIZES = [ 4, 2, 1 ].map( ( mebibytes ) => mebibytes * 1_048_576 );

export function reserveIn( folder: string ): Reserve {
	const path = join( folder, FILE );
	let is_kept = existsSync( path );
	const take = ( bytes: number ): boolean => {
		try {
			writeFileSync( path, Buffer.alloc( bytes ), { mode: 0o600 } );
			return true;
		} catch {
			// Whatever the disk does not take: what there is of it goes back.
			rmSync( path, { force: true } );
			return false;
		}
	};
	return {
		keep: () => ( is_kept ||= SIZES.some( take ) ),
		give() {
			is_kept = false;
			rmSync( path, { force: true } );
		},
		isKept: () => is_kept,
	};
}
