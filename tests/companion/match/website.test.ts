import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainsOfWebsite } from '../../../companion/src/match/website.ts';

const GIVES: [ what: string, website: string, domains: string[], origin: string | null ][] = [
	[ 'empty', '', [], null ],
	[ 'a scheme alone is empty', 'http://', [], null ],
	[
		'two websites by comma',
		'https://pragmaticleaders.io, https://ostronaut.com',
		[ 'pragmaticleaders.io', 'ostronaut.com' ],
		'https://pragmaticleaders.io',
	],
	[ 'two websites by space', 'https://one.com two.com', [ 'one.com', 'two.com' ], 'https://one.com' ],
	[ 'the same domain twice', 'https://one.com, https://www.one.com', [ 'one.com' ], 'https://one.com' ],
	[ 'trailing spaces', 'http://www.delee.co    ', [ 'delee.co' ], 'http://www.delee.co' ],
	[ 'no scheme', 'picplum.com', [ 'picplum.com' ], 'http://picplum.com' ],
	[ 'https stays https', 'https://acme.com', [ 'acme.com' ], 'https://acme.com' ],
	[ 'www is folded, the origin keeps it', 'https://www.acme.com', [ 'acme.com' ], 'https://www.acme.com' ],
	[ 'a path', 'https://acme.com/careers/jobs/', [ 'acme.com' ], 'https://acme.com' ],
	[ 'query and fragment', 'https://acme.com?utm_source=yc&ref=yc#top', [ 'acme.com' ], 'https://acme.com' ],
	[ 'upper case', 'HTTPS://ACME.COM', [ 'acme.com' ], 'https://acme.com' ],
	[ 'another subdomain', 'https://go.acme.co.uk', [ 'acme.co.uk' ], 'https://go.acme.co.uk' ],
	[ 'a port', 'http://acme.com:8080/x', [ 'acme.com' ], 'http://acme.com:8080' ],
	[ 'IDN', 'https://b\u00fccher.de', [ 'xn--bcher-kva.de' ], 'https://xn--bcher-kva.de' ],
	[ 'private suffix of a registry', 'https://lakonia.us.com', [ 'lakonia.us.com' ], 'https://lakonia.us.com' ],
	[ 'own root of a shared host', 'https://www.ycombinator.com', [ 'ycombinator.com' ], 'https://www.ycombinator.com' ],
	[ 'own root with a slash', 'http://producthunt.com/', [ 'producthunt.com' ], 'http://producthunt.com' ],
	[ 'own root of a host of tenants', 'http://weebly.com', [ 'weebly.com' ], 'http://weebly.com' ],
	[ 'good and refused together', 'https://facebook.com/acme, https://acme.com', [ 'acme.com' ], 'https://acme.com' ],
];

const REFUSES: [ website: string, host: string, reason: string ][] = [
	[ 'https://angel.co/slidepay', 'angel.co', 'platform' ],
	[ 'https://www.crunchbase.com/organization/orderahead', 'www.crunchbase.com', 'platform' ],
	[ 'https://googleblog.blogspot.com/2007/06/more-sharing.html', 'googleblog.blogspot.com', 'platform' ],
	[ 'http://facebook.com/live/producer', 'facebook.com', 'platform' ],
	[ 'http://m.me/higoosebump', 'm.me', 'platform' ],
	[ 'https://www.producthunt.com/posts/storyline-7', 'www.producthunt.com', 'platform' ],
	[ 'https://itunes.apple.com/us/app/x/id1?mt=8', 'itunes.apple.com', 'platform' ],
	[ 'https://apps.apple.com/us/app/x/id1', 'apps.apple.com', 'platform' ],
	[ 'https://www.ycombinator.com/companies/uiflow', 'www.ycombinator.com', 'platform' ],
	[ 'https://lnkd.in/x', 'lnkd.in', 'platform' ],
	[ 'https://play.google.com/store/apps/details?id=x', 'play.google.com', 'platform' ],
	[ 'https://play.google.com', 'play.google.com', 'platform' ],
	[ 'https://sorted-lp.webflow.io/', 'sorted-lp.webflow.io', 'platform' ],
	[ 'https://foo.vercel.app', 'foo.vercel.app', 'platform' ],
	[ 'facebook.com?x=1', 'facebook.com', 'platform' ],
	[ 'https://vercel.app', 'vercel.app', 'public_suffix' ],
	[ 'https://co.uk', 'co.uk', 'public_suffix' ],
	[ 'https://gmail.com', 'gmail.com', 'core_mail' ],
	[ 'https://www.qq.com', 'www.qq.com', 'core_mail' ],
	[ 'N/A', 'N/A', 'bad_url' ],
	[ 'javascript:alert(1)', 'javascript:alert(1)', 'bad_url' ],
	[ 'http://user:pw@acme.com', 'http://user:pw@acme.com', 'bad_url' ],
	[ 'http://127.0.0.1/', 'http://127.0.0.1/', 'numeric_tld' ],
	[ 'http://localhost:3000', 'localhost', 'special_use' ],
];

describe( 'domainsOfWebsite', () => {
	for ( const [ what, website, domains, origin ] of GIVES ) {
		it( `takes ${ what }`, () => {
			const found = domainsOfWebsite( website );
			assert.deepEqual( [ found.domains, found.origin ], [ domains, origin ] );
		} );
	}

	for ( const [ website, host, reason ] of REFUSES ) {
		it( `refuses ${ website } as ${ reason }`, () => {
			assert.deepEqual( domainsOfWebsite( website ), { domains: [], origin: null, refused: [ { host, reason } ] } );
		} );
	}

	it( 'looks at the first 2,048 characters only', () => {
		assert.equal( domainsOfWebsite( 'https://acme.com '.repeat( 100_000 ) ).domains.length, 1 );
	} );
} );
