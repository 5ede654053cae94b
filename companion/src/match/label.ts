import type { Verdict } from '../contract/exchange.ts';
import type { Label } from '../contract/vocabulary.ts';
import { isAmbiguous, matchesOf, walkUp, type CompanyIndex } from './company-index.ts';
import { CORE_MAIL } from './data/core-mail.ts';
import { DISPOSABLE } from './data/disposable.ts';
import { entryFor, parentOf } from './data/domain-set.ts';
import { educationEntry } from './data/education.ts';
import { FREE_MAIL } from './data/free-mail.ts';
import { PLATFORM } from './data/platform.ts';
import { RELAY } from './data/relay.ts';
import { isPrivateSuffix, normalizeHost, type Domain, type NoDomain, type Normalized } from './normalize-domain.ts';
import { typoOf } from './typo.ts';
import { lookAlike } from './unicode-flags.ts';

/** What verdicts are made on; from `labelRules`. */
export type LabelRules = { index: CompanyIndex; own: ReadonlySet< string >; excluded: ReadonlySet< string > };

/** The contract's limit of companies in a verdict. */
const MAX_COMPANIES = 20;

/** `own_hosts` are the site's hosts, whose whole registrable domain is its own; `exclusions` are domains that the owner
 *  does not want to see. Both in any form that `normalizeHost` takes. */
export function labelRules( options: { index: CompanyIndex; own_hosts: readonly string[]; exclusions: readonly string[] } ): LabelRules {
	const accepted = ( hosts: readonly string[] ) => hosts.map( normalizeHost ).filter( ( domain ) => domain.ok );
	return {
		index: options.index,
		own: new Set( accepted( options.own_hosts ).map( ( { registrable } ) => registrable ) ),
		excluded: new Set( accepted( options.exclusions ).map( ( { host } ) => host ) ),
	};
}

/** The verdict on a host as WordPress sends it or a person types it. */
export function labelHost( host: string, rules: LabelRules ): Verdict {
	return labelDomain( normalizeHost( host ), rules );
}

/** The verdict on what the normaliser made of a text. Labels are tried in the order of LABELS; the first that fits holds. */
export function labelDomain( domain: Normalized, rules: LabelRules ): Verdict {
	if ( ! domain.ok ) {
		return refusal( domain );
	}
	return (
		ownVerdict( domain, rules ) ??
		( isListed( domain.host, rules.index ) ? listedVerdict( domain, rules.index ) : null ) ??
		entryVerdict( domain, 'education_government', educationEntry( domain.registrable, domain.suffix ) ) ??
		unmatched( domain )
	);
}

/** All domains below: most hosts are in none of the lists, and it takes a third of the time to see that at once. */
const LISTED = new Set( [ ...CORE_MAIL, ...PLATFORM, ...FREE_MAIL, ...DISPOSABLE, ...RELAY ] );

function isListed( host: string, index: CompanyIndex ): boolean {
	for ( let domain = host; domain !== ''; domain = parentOf( domain ) ) {
		if ( LISTED.has( domain ) || index.has( domain ) ) {
			return true;
		}
	}
	return false;
}

function listedVerdict( domain: Domain, index: CompanyIndex ): Verdict | null {
	return (
		entryVerdict( domain, 'core_mail', entryFor( domain.host, CORE_MAIL ) ) ??
		companyVerdict( domain, index ) ??
		entryVerdict( domain, 'platform', entryFor( domain.host, PLATFORM ) ) ??
		entryVerdict( domain, 'free_mail', entryFor( domain.host, FREE_MAIL ) ) ??
		entryVerdict( domain, 'disposable', disposableEntry( domain ) ) ??
		entryVerdict( domain, 'relay', entryFor( domain.host, RELAY ) )
	);
}

function refusal( { reason, host }: NoDomain ): Verdict {
	const label = reason === 'special_use' ? 'special_use' : 'invalid';
	const evidence = reason === 'public_suffix' && host !== null && isPrivateSuffix( host ) ? `${ host } (private suffix)` : ( host ?? '' );
	return {
		ascii_host: host,
		registrable: null,
		label,
		rule: reason,
		evidence,
		flags: [],
		typo_of: null,
		ambiguous: false,
		companies: [],
	};
}

function verdict( domain: Domain, label: Label, rule: string, evidence: string ): Verdict {
	return {
		ascii_host: domain.host,
		registrable: domain.registrable,
		label,
		rule,
		evidence,
		flags: domain.flags,
		typo_of: null,
		ambiguous: false,
		companies: [],
	};
}

/** The verdict of a rule that is a list; null when the list has no entry for the domain. The rule is named like the label. */
function entryVerdict( domain: Domain, label: Label, entry: string | null ): Verdict | null {
	return entry === null ? null : verdict( domain, label, label, entry );
}

function ownVerdict( domain: Domain, { own, excluded }: LabelRules ): Verdict | null {
	return (
		entryVerdict( domain, 'own_site', own.has( domain.registrable ) ? domain.registrable : null ) ??
		entryVerdict( domain, 'excluded', excluded.size === 0 ? null : entryFor( domain.host, excluded ) )
	);
}

function companyVerdict( domain: Domain, index: CompanyIndex ): Verdict | null {
	const walk = walkUp( domain.host, index );
	const companies = walk ? matchesOf( domain.host, walk ) : [];
	const [ best ] = companies;
	if ( ! walk || ! best ) {
		return null;
	}
	return {
		...verdict( domain, 'company', `company_${ best.kind }`, walk.domain ),
		ambiguous: isAmbiguous( companies ),
		companies: companies.slice( 0, MAX_COMPANIES ),
	};
}

/** The list names gmial.com: who mistypes a provider has no throw-away address, so a misspelling stays unmatched. */
function disposableEntry( { host, registrable }: Domain ): string | null {
	return typoOf( registrable ) === null ? entryFor( host, DISPOSABLE ) : null;
}

function unmatched( domain: Domain ): Verdict {
	const like = lookAlike( domain.host );
	const typo_of = typoOf( domain.registrable );
	return {
		...verdict( domain, 'unmatched', 'unmatched', like === null ? '' : `looks like ${ like }` ),
		flags: typo_of === null ? domain.flags : [ ...domain.flags, 'suspected_typo' ],
		typo_of,
	};
}
