import { Check } from 'typebox/value';
import { batch, type Batch } from '../contract/exchange.ts';
import type { Database, Row } from '../store/database.ts';
import { parseJson } from './answer.ts';
import { countRows, halvesOf, noRows, portionsOf, sealed, withoutFreeText, type Rows } from './rows.ts';

/** The batch that is sent until WordPress has signed for it. `strikes`: how often it was refused while an
 *  empty call got through. */
export type Head = { batch: Batch; strikes: number; is_stripped: boolean };

/** What became of a batch that is refused again and again. */
export type Struck = { result: 'kept' | 'halved' | 'stripped' | 'dropped'; rows: number };

/** Batches in flight of one site. They survive a kill and leave only when WordPress has signed for them. */
export type Spool = {
	init: () => void;
	head: () => Head | null;
	/** Puts the rows behind what waits already, in batches below 1 MiB. */
	add: ( rows: Rows ) => void;
	/** Takes the head away, when it has this id. Answers whether it had. */
	settle: ( batch_id: string ) => boolean;
	/** Gives the head another id, for when WordPress knows the id with other rows. */
	renew: () => void;
	/** Counts a refusal: from `limit` on the head is halved, a single row sent without free text, and then dropped. */
	strike: ( limit: number ) => Struck;
	/** Takes the head away unsent, to be made anew. */
	discard: () => void;
	count: () => number;
};

/** An order that halving keeps: part '' becomes '0' and '1', then '0' becomes '00' and '01'. */
const ORDER = 'ORDER BY sequence, part LIMIT 1';

export function spool( database: Database, site_id: string ): Spool {
	const first = (): Row | undefined => database.all( `SELECT * FROM spool WHERE site_id = ? ${ ORDER }`, site_id )[ 0 ];
	const insert = ( sequence: number, part: string, rows: Rows, strikes: number, is_stripped: boolean ): void => {
		const { id, digest, text } = sealed( rows );
		database.run(
			'INSERT INTO spool ( site_id, sequence, part, batch_id, digest, body, strikes, is_stripped ) VALUES ( ?, ?, ?, ?, ?, ?, ?, ? )',
			...[ site_id, sequence, part, id, digest, text, strikes, is_stripped ? 1 : 0 ]
		);
	};
	const remove = ( row: Row ): void => {
		database.run(
			'DELETE FROM spool WHERE site_id = ? AND sequence = ? AND part = ?',
			site_id,
			Number( row.sequence ),
			String( row.part )
		);
	};
	const replace = ( row: Row, parts: { suffix: string; rows: Rows }[], strikes: number, is_stripped: boolean ): void => {
		remove( row );
		for ( const { suffix, rows } of parts ) {
			insert( Number( row.sequence ), String( row.part ) + suffix, rows, strikes, is_stripped );
		}
	};
	return {
		init: () => createTable( database ),
		head() {
			const row = first();
			return row === undefined ? null : headOf( row );
		},
		add( rows ) {
			database.transaction( () => {
				const [ last ] = database.all( 'SELECT COALESCE( MAX( sequence ), 0 ) AS sequence FROM spool WHERE site_id = ?', site_id );
				portionsOf( rows ).forEach( ( portion, index ) => insert( Number( last?.sequence ) + 1 + index, '', portion, 0, false ) );
			} );
		},
		settle( batch_id ) {
			return database.run( 'DELETE FROM spool WHERE site_id = ? AND batch_id = ?', site_id, batch_id ).changes === 1;
		},
		renew() {
			database.transaction( () => {
				const row = first();
				if ( row !== undefined ) {
					const { batch: rows, strikes, is_stripped } = headOf( row );
					replace( row, [ { suffix: '', rows } ], strikes, is_stripped );
				}
			} );
		},
		strike: ( limit ) => database.transaction( () => struck( database, first(), limit, replace, remove ) ),
		discard() {
			const row = first();
			if ( row !== undefined ) {
				remove( row );
			}
		},
		count: () => Number( database.all( 'SELECT COUNT( * ) AS batches FROM spool WHERE site_id = ?', site_id )[ 0 ]?.batches ),
	};
}

function createTable( database: Database ): void {
	database.run(
		`CREATE TABLE IF NOT EXISTS spool (
			site_id TEXT NOT NULL,
			sequence INTEGER NOT NULL,
			part TEXT NOT NULL,
			batch_id TEXT NOT NULL UNIQUE,
			digest TEXT NOT NULL,
			body TEXT NOT NULL,
			strikes INTEGER NOT NULL,
			is_stripped INTEGER NOT NULL,
			PRIMARY KEY ( site_id, sequence, part )
		) STRICT`
	);
}

/** A batch of an older companion lacks the kinds that are newer. Throws when the stored text is no batch: only sealed()
 *  writes it, so the file is damaged. */
function headOf( row: Row ): Head {
	const rows = parseJson( String( row.body ) );
	const value = { id: row.batch_id, digest: row.digest, ...( typeof rows === 'object' ? { ...noRows(), ...rows } : {} ) };
	if ( ! Check( batch, value ) ) {
		throw Object.assign( new Error( 'A batch of the spool is damaged.' ), { errcode: 11 } );
	}
	return { batch: value, strikes: Number( row.strikes ), is_stripped: row.is_stripped === 1 };
}

function struck(
	database: Database,
	row: Row | undefined,
	limit: number,
	replace: ( row: Row, parts: { suffix: string; rows: Rows }[], strikes: number, is_stripped: boolean ) => void,
	remove: ( row: Row ) => void
): Struck {
	if ( row === undefined ) {
		return { result: 'kept', rows: 0 };
	}
	const { batch: rows, strikes, is_stripped } = headOf( row );
	const size = countRows( rows );
	if ( strikes + 1 < limit ) {
		database.run( 'UPDATE spool SET strikes = strikes + 1 WHERE batch_id = ?', rows.id );
		return { result: 'kept', rows: size };
	}
	const halves = halvesOf( rows );
	if ( halves !== null ) {
		replace(
			row,
			halves.map( ( half, index ) => ( { suffix: String( index ), rows: half } ) ),
			1,
			is_stripped
		);
		return { result: 'halved', rows: size };
	}
	if ( ! is_stripped ) {
		replace( row, [ { suffix: '', rows: withoutFreeText( rows ) } ], 0, true );
		return { result: 'stripped', rows: size };
	}
	remove( row );
	return { result: 'dropped', rows: size };
}
