import { UsageError } from '../config.ts';
import { asksFor } from '../monitor/assertion-judge.ts';
import type { Assertion } from '../monitor/assertion-places.ts';
import { parseAssertion } from '../monitor/assertion.ts';
import { url_checks, type UrlType } from '../probes/index.ts';

/** The assertions of each type of check: those of `--expect` that it can answer, after the usual ones for places at which none
 *  of them looks. Throws UsageError for one that is wrong or that none of the types can answer. */
export function assertionsByType( written: readonly string[], types: ReadonlySet< UrlType > ): Map< UrlType, Assertion[] > {
	for ( const text of written ) {
		const faults = [ undefined, ...types ].map( ( type ) => parseAssertion( text, type ) );
		const [ wrong, ...unfit ] = faults;
		const fault = wrong?.ok === false ? wrong : unfit.every( ( parsed ) => ! parsed.ok ) ? unfit[ 0 ] : undefined;
		if ( fault?.ok === false ) {
			throw new UsageError( `--expect '${ text }': ${ fault.message }` );
		}
	}
	return new Map( [ ...types ].map( ( type ) => [ type, assertionsOf( type, written ) ] ) );
}

function assertionsOf( type: UrlType, written: readonly string[] ): Assertion[] {
	const given = parsedOf( type, written );
	const usual = parsedOf( type, url_checks[ type ].usual ).filter( ( { place } ) => ! asksFor( given, place ) );
	return [ ...usual, ...given ];
}

function parsedOf( type: UrlType, texts: readonly string[] ): Assertion[] {
	return texts.flatMap( ( text ) => {
		const parsed = parseAssertion( text, type );
		return parsed.ok ? [ parsed.assertion ] : [];
	} );
}
