import type { Batch } from '../contract/exchange.ts';
import type { Database, Row } from '../store/database.ts';
import { countMonitoring, countRows, digestOf, halvesOf, noRows, portionsOf, sealed, withoutFreeText, type Rows } from './rows.ts';

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
	/** Rows of monitoring in all batches. */
	monitoringCount: () => number;
	/** Gives each batch whose rows `change` makes other ones a new id; one without rows leaves. */
	rewrite: ( change: ( rows: Rows ) => Rows ) => void;
};

/** An order that halving keeps: part '' becomes '0' and '1', then '0' becomes '00' and '01'. */
const ORDER = 'ORDER BY sequence, part LIMIT 1';

const REMOVE = 'DELETE FROM spool WHERE site_id = ? AND sequence = ? AND part = ?';

function batchReader() {
	/** Batches weigh up to 800 kB and are looked at several times an exchange; checks wait while one is read. */
	let newest: { batch: Batch; body: unknown } | undefined;
	const counts = new Map< string, number >();
	const headOf = ( row: Row ): Head => {
		const is_same = newest !== undefined && newest.batch.id === row.batch_id && newest.body === row.body;
		const found = newest !== undefined && is_same ? newest : { batch: batchOf( row ), body: row.body };
		newest = found;
		return { batch: found.batch, strikes: Number( row.strikes ), is_stripped: row.is_stripped === 1 };
	};
	const countOf = ( row: Row ): number => {
		const count = counts.get( String( row.batch_id ) ) ?? countMonitoring( batchOf( row ) );
		counts.set( String( row.batch_id ), count );
		return count;
	};
	const remember = ( batch: Batch, body: string ): void => {
		newest = { batch, body };
		counts.set( batch.id, countMonitoring( batch ) );
	};
	return { headOf, countOf, remember, counts };
}

export function spool( database: Database, site_id: string ): Spool {
	const { headOf, countOf, remember, counts } = batchReader();
	const every = ( columns: string ): Row[] => database.all( `SELECT ${ columns } FROM spool WHERE site_id = ?`, site_id );
	const first = (): Row | undefined => database.all( `SELECT * FROM spool WHERE site_id = ? ${ ORDER }`, site_id )[ 0 ];
	const insert = ( sequence: number, part: string, rows: Rows, strikes: number, is_stripped: boolean ): void => {
		const { id, digest, text } = sealed( rows );
		remember( { ...rows, id, digest }, text );
		database.run(
			'INSERT INTO spool ( site_id, sequence, part, batch_id, digest, body, strikes, is_stripped ) VALUES ( ?, ?, ?, ?, ?, ?, ?, ? )',
			...[ site_id, sequence, part, id, digest, text, strikes, is_stripped ? 1 : 0 ]
		);
	};
	const remove = ( row: Row ): void => void database.run( REMOVE, site_id, Number( row.sequence ), String( row.part ) );
	const replace = ( row: Row, parts: { suffix: string; rows: Rows }[], strikes: number, is_stripped: boolean ): void => {
		remove( row );
		for ( const { suffix, rows } of parts ) {
			insert( Number( row.sequence ), String( row.part ) + suffix, rows, strikes, is_stripped );
		}
	};
	return {
		init: () => database.keepTables( 'spool', () => createTable( database ) ),
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
		strike: ( limit ) =>
			database.transaction( () => {
				const row = first();
				return row === undefined ? { result: 'kept', rows: 0 } : struck( database, row, headOf( row ), limit, replace, remove );
			} ),
		discard() {
			const row = first();
			if ( row !== undefined ) {
				remove( row );
			}
		},
		count: () => Number( every( 'COUNT( * ) AS batches' )[ 0 ]?.batches ),
		monitoringCount() {
			const ids = every( 'batch_id' ).map( ( row ) => String( row.batch_id ) );
			const is_known = ids.every( ( id ) => counts.has( id ) );
			const total = is_known
				? ids.reduce( ( sum, id ) => sum + ( counts.get( id ) ?? 0 ), 0 )
				: every( '*' ).reduce( ( sum, row ) => sum + countOf( row ), 0 );
			[ ...counts.keys() ].filter( ( id ) => ! ids.includes( id ) ).forEach( ( id ) => counts.delete( id ) );
			return total;
		},
		rewrite( change ) {
			database.transaction( () => {
				for ( const row of every( '*' ) ) {
					const { batch: rows, strikes, is_stripped } = headOf( row );
					const changed = change( rows );
					if ( countRows( changed ) < countRows( rows ) ) {
						replace( row, countRows( changed ) === 0 ? [] : [ { suffix: '', rows: changed } ], strikes, is_stripped );
					}
				}
			} );
		},
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

/** A batch of an older companion lacks the kinds that are newer. Throws when the text is not the one that was sealed: the
 *  file is damaged. A row that WordPress does not take is no damage; it is refused there, alone. */
function batchOf( row: Row ): Batch {
	const text = String( row.body );
	if ( digestOf( text ) !== row.digest ) {
		throw Object.assign( new Error( 'A batch of the spool is damaged.' ), { errcode: 11 } );
	}
	// Only `sealed` writes such a text.
	const rows = JSON.parse( text ) as Partial< Rows >;
	return { ...noRows(), ...rows, id: String( row.batch_id ), digest: String( row.digest ) };
}

function struck(
	database: Database,
	row: Row,
	{ batch: rows, strikes, is_stripped }: Head,
	limit: number,
	replace: ( row: Row, parts: { suffix: string; rows: Rows }[], strikes: number, is_stripped: boolean ) => void,
	remove: ( row: Row ) => void
): Struck {
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
