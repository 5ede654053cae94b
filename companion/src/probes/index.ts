import type { CheckType } from '../contract/vocabulary.ts';
import { dns, dnsUrl } from './dns.ts';
import { http } from './http.ts';
import { httpUrl } from './http-url.ts';
import type { UrlCheck } from './probe.ts';
import { push } from './push.ts';
import { IANA_BOOTSTRAP, makeRdap, rdapUrl } from './rdap.ts';
import { tcp, tcpUrl } from './tcp.ts';
import { tls, tlsUrl } from './tls.ts';

const rdap = makeRdap( IANA_BOOTSTRAP );

/** The probes by the type of check. */
export const probes = { http, tcp, tls, dns, push, rdap } satisfies Record< CheckType, unknown >;

/** The types whose targets are written as URLs. */
export const url_checks = {
	http: httpUrl,
	tcp: tcpUrl,
	tls: tlsUrl,
	dns: dnsUrl,
	rdap: rdapUrl( rdap ),
} satisfies { [ Type in CheckType ]?: UrlCheck };

export type UrlType = keyof typeof url_checks;

/** The type of check that a URL asks for by its scheme; http for anything that has none, which then says so. */
export function typeOfUrl( url: string ): UrlType {
	const scheme = /^[a-z]+:/i.exec( url )?.[ 0 ].toLowerCase() ?? '';
	// The own keys of the literal object are exactly its declared ones.
	const types = Object.keys( url_checks ) as UrlType[];
	return types.find( ( type ) => url_checks[ type ].schemes.includes( scheme ) ) ?? 'http';
}
