import type { Static } from 'typebox';
import { isShape } from '../contract/is-shape.ts';
import { kid } from '../contract/pairing.ts';
import { count, hex, listOf, nullable, oneOf, openRecord, record, text } from '../contract/schema.ts';
import { TRANSPORTS, wordsOf } from '../contract/vocabulary.ts';
import { RollcallError } from '../errors.ts';
import { readStateFile, writeStateFile } from '../store/state-folder.ts';
import { parseJson } from './answer.ts';
import { rotatedKeys, type KeyPair } from './keys.ts';

const keyPair = openRecord( { c2w: hex( 32, 'Key of calls to WordPress.' ), w2c: hex( 32, 'Key of calls from WordPress.' ) } );

/** A rotation that WordPress began and has not confirmed yet. */
const rotation = openRecord( {
	kid,
	wordpress_nonce: hex( 16, 'Nonce of WordPress.' ),
	companion_nonce: hex( 16, 'Our nonce; the same one until the rotation is done.' ),
} );

const pairedSite = record( 'A WordPress that this companion is paired with.', {
	site_url: text( 2048, 'Address, without a slash at the end.' ),
	site_id: hex( 16, 'Identity of the site.' ),
	site_name: text( 200, 'Name of the site.' ),
	companion_id: hex( 8, 'Our identity there.' ),
	kid,
	keys: keyPair,
	rotation: nullable( rotation ),
	/** Old keys, until the first answer under the new ones. */
	previous: nullable( openRecord( { kid, keys: keyPair } ) ),
	transport: oneOf( wordsOf( TRANSPORTS ), 'How calls got through when it was paired.' ),
	basic_auth: nullable( text( 512, "`user:password` of the web server's own login." ) ),
	paired_at_ms: count( 'When.' ),
} );
export type PairedSite = Static< typeof pairedSite >;

const keyFile = record( 'File of the keys.', { sites: listOf( pairedSite, 1000, 'Paired sites.' ) } );

const FILE = 'keys.json';

/** The pairings of a state folder, in a file that only this user can read. */
export type Keyring = {
	sites: () => PairedSite[];
	bySiteId: ( site_id: string ) => PairedSite | null;
	/** The site that a key id belongs to, and its keys; also by the previous key id during a rotation. */
	byKid: ( kid: string ) => { site: PairedSite; keys: KeyPair } | null;
	/** Adds a site, or replaces the one with the same address or identity. */
	save: ( site: PairedSite ) => void;
};

/** Throws state_folder when the file is damaged: keys cannot be made again without pairing. */
export function openKeyring( folder: string ): Keyring {
	const stored = readStateFile( folder, FILE );
	const value = stored === null ? { sites: [] } : parseJson( stored );
	if ( ! isShape( keyFile, value ) ) {
		throw new RollcallError( 'state_folder', `${ FILE } in ${ folder } is damaged.`, {
			hint: 'Move the file away and pair again with a new code. Nothing else is lost.',
		} );
	}
	let sites = value.sites;
	return {
		sites: () => sites,
		bySiteId: ( site_id ) => sites.find( ( site ) => site.site_id === site_id ) ?? null,
		byKid: ( wanted ) => keysByKid( sites, wanted ),
		save( site ) {
			const others = sites.filter( ( other ) => other.site_id !== site.site_id && other.site_url !== site.site_url );
			sites = [ ...others, site ];
			writeStateFile( folder, FILE, `${ JSON.stringify( { sites }, null, '\t' ) }\n` );
		},
	};
}

function keysByKid( sites: PairedSite[], wanted: string ): { site: PairedSite; keys: KeyPair } | null {
	for ( const site of sites ) {
		if ( site.kid === wanted ) {
			return { site, keys: site.keys };
		}
		if ( site.previous?.kid === wanted ) {
			return { site, keys: site.previous.keys };
		}
		if ( site.rotation?.kid === wanted ) {
			return { site, keys: rotatedKeys( site.keys, site.rotation ) };
		}
	}
	return null;
}

/** The site after its rotation: new keys, the old ones kept until the first answer under the new. */
export function rotated( site: PairedSite ): PairedSite {
	if ( site.rotation === null ) {
		return site;
	}
	return {
		...site,
		kid: site.rotation.kid,
		keys: rotatedKeys( site.keys, site.rotation ),
		previous: { kid: site.kid, keys: site.keys },
		rotation: null,
	};
}
