import type { HttpHead } from './http-exchange.ts';

/** Headers by which a firewall says that it asks for a browser or a person instead of passing the request on, as their
 *  vendors write them: Cloudflare (challenge pages, detect a challenge page response), AWS WAF (CAPTCHA and challenge
 *  actions), Vercel (attack challenge mode), SiteGround, DataDome, Sucuri. */
const CHALLENGES: readonly ( readonly [ header: string, value: RegExp, vendor: string ] )[] = [
	[ 'cf-mitigated', /challenge/i, 'Cloudflare' ],
	[ 'x-amzn-waf-action', /challenge|captcha/i, 'AWS WAF' ],
	[ 'x-vercel-mitigated', /challenge/i, 'Vercel' ],
	[ 'sg-captcha', /challenge/i, 'SiteGround' ],
	[ 'x-datadome', /protected/i, 'DataDome' ],
	[ 'x-sucuri-block', /./, 'Sucuri' ],
];

/** The firewall that challenged a request; null when the answer is the site's. An answer that succeeded is the site's. */
export function challenger( head: HttpHead ): string | null {
	const { status } = head;
	const is_success = status === 200 || ( status >= 300 && status < 400 );
	return is_success ? null : ( CHALLENGES.find( ( [ header, value ] ) => value.test( head.headers[ header ] ?? '' ) )?.[ 2 ] ?? null );
}
