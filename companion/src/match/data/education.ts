import { domainSet } from './domain-set.ts';

/** Public suffixes that only such bodies get: `edu`, and `ac.uk`, `gov.au`, `k12.ca.us` by their first label. */
const OPEN_TO = new Set( [ 'edu', 'gov', 'mil' ] );
const FIRST_LABELS = new Set( [ 'ac', 'edu', 'gob', 'gov', 'gouv', 'govt', 'gub', 'gv', 'k12', 'mil', 'sch', 'school' ] );
const SUFFIXES = domainSet( `
	go.jp ed.jp lg.jp go.kr re.kr go.th go.id go.ke go.tz go.ug go.cr
	nhs.uk police.uk mod.uk nic.in res.in ernet.in gc.ca fed.us nsn.us cc.ut.us lib.tx.us
	uni.br jus.br leg.br mp.br def.br cri.nz health.nz parliament.nz
` );
const REGISTRABLE = domainSet( `
	europa.eu admin.ch bund.de bundestag.de bundeswehr.de canada.ca parliament.uk nato.int un.org who.int cern.ch
	gc.ca gov.bc.ca ontario.ca quebec.ca alberta.ca
	rijksoverheid.nl overheid.nl belgium.be fgov.be regeringen.se regeringskansliet.se
	mpg.de fraunhofer.de helmholtz.de ethz.ch epfl.ch utoronto.ca ubc.ca mcgill.ca uwaterloo.ca
` );

/** The rule's entry that makes a domain one of education or government; null when none does. */
export function educationEntry( registrable: string, suffix: string ): string | null {
	if ( REGISTRABLE.has( registrable ) ) {
		return registrable;
	}
	const [ first = '', ...rest ] = suffix.split( '.' );
	const listed = OPEN_TO.has( suffix ) || SUFFIXES.has( suffix ) || ( rest.length > 0 && FIRST_LABELS.has( first ) );
	return listed ? suffix : null;
}
