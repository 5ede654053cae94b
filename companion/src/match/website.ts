import type { Reason } from '../contract/vocabulary.ts';
import { CORE_MAIL } from './data/core-mail.ts';
import { domainSet, entryFor } from './data/domain-set.ts';
import { PAGE_HOSTS, PLATFORM, TENANT_HOSTS } from './data/platform.ts';
import { hostOfUrl, type Domain } from './normalize-domain.ts';
import { isEmptyUrl, urlParts } from './url-parts.ts';

/** Why a website gives no domain; `platform`: a page on a shared host, `core_mail`: a mailbox provider. */
export type RefusedReason = Reason | 'platform' | 'core_mail';

/** What a website says of its company. `domains` are registrable domains in A-label form, each once; `origin` is that of
 *  the first website that gave one, as upstream wrote it, null without one. An empty website has neither and nothing refused. */
export type WebsiteDomains = {
	domains: string[];
	origin: string | null;
	refused: { host: string; reason: RefusedReason }[];
};

const SHARED_HOSTS = domainSet( [ ...PLATFORM, ...PAGE_HOSTS, ...TENANT_HOSTS ].join( ' ' ) );
/** The longest website that is looked at; upstream's longest has 150 characters. */
const MAX_WEBSITE = 2048;

/** Domains of a company's website; several websites may stand in it with commas or white space between them.
 *  Never a public suffix, a mailbox provider, or a shared host on which the company only has a page. */
export function domainsOfWebsite( website: string ): WebsiteDomains {
	const found: WebsiteDomains = { domains: [], origin: null, refused: [] };
	for ( const text of website.slice( 0, MAX_WEBSITE ).split( /[\s,]+/u ) ) {
		if ( isEmptyUrl( text ) ) {
			continue;
		}
		const domain = hostOfUrl( text );
		const reason = domain.ok ? claimReason( domain, text ) : domain.reason;
		if ( ! domain.ok || reason !== null ) {
			found.refused.push( { host: domain.host ?? text.slice( 0, 253 ), reason: reason ?? 'bad_url' } );
			continue;
		}
		if ( ! found.domains.includes( domain.registrable ) ) {
			found.domains.push( domain.registrable );
		}
		found.origin ??= originOf( text, domain.host );
	}
	return found;
}

/** Why a company cannot claim a good domain; null when it can. */
function claimReason( domain: Domain, text: string ): RefusedReason | null {
	if ( entryFor( domain.host, CORE_MAIL ) !== null ) {
		return 'core_mail';
	}
	const shared = entryFor( domain.host, SHARED_HOSTS );
	const at_root = domain.host.replace( /^www\./u, '' ) === shared && urlParts( text )?.is_root === true;
	return shared === null || at_root ? null : 'platform';
}

function originOf( text: string, host: string ): string | null {
	const parts = urlParts( text );
	return parts && `${ parts.scheme }://${ host }${ parts.port === '' ? '' : `:${ parts.port }` }`;
}
