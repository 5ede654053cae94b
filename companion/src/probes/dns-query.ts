import { Resolver } from 'node:dns/promises';
import { aliasFault, makeAliasWatch } from './alias-chain.ts';
import type { Query, RecordType } from './probe.ts';

/** Asks by c-ares, which goes on to the next server after silence, and repeats a cut answer over TCP. Node has it pass on the
 *  failure of a server, so asking the second one then is ours. */
export function makeQuery( now: () => number ): Query {
	const aliases = makeAliasWatch( now );

	return async ( name, type, servers, signal ) => {
		const [ resolver, beside ] = [ openResolver( servers ), openResolver( servers ) ];
		const cancel = (): void => {
			resolver.cancel();
			beside.cancel();
		};
		signal.addEventListener( 'abort', cancel );
		try {
			// Beside, because servers cannot be changed while a question is open.
			const chain = type === 'CNAME' ? null : aliases.of( beside, name );
			const records = await queryOnce( resolver, name, type ).catch( ( thrown: unknown ) => {
				const [ , ...others ] = resolver.getServers();
				if ( others.length === 0 || signal.aborted || ! [ 'ESERVFAIL', 'EREFUSED' ].includes( codeOf( thrown ) ) ) {
					throw thrown;
				}
				resolver.setServers( others );
				return queryOnce( resolver, name, type );
			} );
			const fault = await chain?.();
			if ( fault ) {
				throw fault;
			}
			return records;
		} finally {
			cancel();
			signal.removeEventListener( 'abort', cancel );
		}
	};
}

function openResolver( servers: Parameters< Query >[ 2 ] ): Resolver {
	const resolver = new Resolver( { timeout: 1500, tries: 2 } );
	if ( servers !== null ) {
		resolver.setServers(
			servers.addresses.map( ( address ) => `${ address.includes( ':' ) ? `[${ address }]` : address }:${ servers.port }` )
		);
	}
	return resolver;
}

async function queryOnce( resolver: Resolver, name: string, type: RecordType ): Promise< readonly string[] > {
	try {
		const records = await ASK[ type ]( resolver, name );
		if ( records.length === 0 ) {
			// c-ares gives an answer of aliases alone as an empty one.
			throw Object.assign( new Error( `query${ type } ENODATA ${ name }` ), { code: 'ENODATA' } );
		}
		return records;
	} catch ( thrown ) {
		throw codeOf( thrown ) === 'ENODATA' && type !== 'CNAME' ? ( ( await aliasFault( resolver, name ) ) ?? thrown ) : thrown;
	}
}

function codeOf( thrown: unknown ): string {
	return thrown instanceof Error && 'code' in thrown ? String( thrown.code ) : '';
}

/** Records as text in the form of a zone file; the pieces of a TXT record are joined (RFC 7208 section 3.3). */
const ASK: Record< RecordType, ( resolver: Resolver, name: string ) => Promise< string[] > > = {
	A: ( resolver, name ) => resolver.resolve4( name ),
	AAAA: ( resolver, name ) => resolver.resolve6( name ),
	CNAME: ( resolver, name ) => resolver.resolveCname( name ),
	NS: ( resolver, name ) => resolver.resolveNs( name ),
	PTR: ( resolver, name ) => resolver.resolvePtr( name ),
	TXT: async ( resolver, name ) => ( await resolver.resolveTxt( name ) ).map( ( pieces ) => pieces.join( '' ) ),
	MX: async ( resolver, name ) => ( await resolver.resolveMx( name ) ).map( ( { priority, exchange } ) => `${ priority } ${ exchange }` ),
	SRV: async ( resolver, name ) =>
		( await resolver.resolveSrv( name ) ).map(
			( { priority, weight, port, name: host } ) => `${ priority } ${ weight } ${ port } ${ host }`
		),
	CAA: async ( resolver, name ) =>
		( await resolver.resolveCaa( name ) ).map( ( { critical, issue, issuewild, iodef, contactemail, contactphone } ) => {
			const [ [ tag, value ] = [ '', '' ] ] = Object.entries( { issue, issuewild, iodef, contactemail, contactphone } ).filter(
				( [ , found ] ) => found !== undefined
			);
			return `${ critical } ${ tag } ${ value }`;
		} ),
	SOA: async ( resolver, name ) => {
		const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = await resolver.resolveSoa( name );
		return [ `${ nsname } ${ hostmaster } ${ serial } ${ refresh } ${ retry } ${ expire } ${ minttl }` ];
	},
};
