import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { judgeAnswers, judgeUrl, PUBLIC_ONLY, refusalError, type GuardPolicy, type Refusal } from '../../../companion/src/guard/guard.ts';

type Verdict = 'allowed' | 'target_refused' | 'bad_url';

/** `answers` are what the name resolves to; literals need none. `open` is the widest allow list that the row is tried with. */
type Case = { row: string; urls: string[]; answers?: string[]; by_default: Verdict; open?: string; with_list?: Verdict; nat64?: boolean };

/** Everything that the row could hope for: a rule for the whole of both address spaces. */
const ALL = '0.0.0.0/0 ::/0';

const CASES: Case[] = [
	{ row: 'S1', urls: [ 'http://127.0.0.1/', 'http://127.255.255.254/' ], by_default: 'target_refused', open: '127.0.0.0/8', with_list: 'allowed' },
	{ row: 'S2', urls: [ 'http://2130706433/' ], by_default: 'target_refused', open: '127.0.0.1/32', with_list: 'allowed' },
	{ row: 'S3', urls: [ 'http://017700000001/', 'http://0177.0.0.1/' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'allowed' },
	{ row: 'S4', urls: [ 'http://0x7f000001/', 'http://0x7f.1/' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'allowed' },
	{ row: 'S5', urls: [ 'http://127.1/', 'http://127.0.1/' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'allowed' },
	{ row: 'S6', urls: [ 'http://0/', 'http://0x/', 'http://0.0.0.0/', 'http://0.0.0.1/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S7', urls: [ 'http://127.0.0.1./' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'allowed' },
	{ row: 'S8', urls: [ 'http://①②⑦.⓪.⓪.①/' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'allowed' },
	{ row: 'S9', urls: [ 'http://127。0。0。1/', 'http://127．0．0．1/', 'http://127｡0｡0｡1/' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'allowed' },
	{ row: 'S10', urls: [ 'http://%31%32%37.0.0.1/' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'allowed' },
	{ row: 'S11', urls: [ 'http://\u00ad127.0.0.1/', 'http://127.0.0.1\u200b/' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S12', urls: [ 'http://1.1/' ], by_default: 'allowed' },
	{ row: 'S13', urls: [ 'http://256.256.256.256/', 'http://1.2.3.4.5/', 'http://4294967296/', 'http://08.8.8.8/' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S14', urls: [ 'http://10.0.0.1/', 'http://172.16.0.1/', 'http://172.31.255.255/', 'http://192.168.1.1/' ], by_default: 'target_refused', open: '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16', with_list: 'allowed' },
	{ row: 'S15', urls: [ 'http://172.32.0.1/', 'http://172.15.255.255/', 'http://11.0.0.1/' ], by_default: 'allowed' },
	{ row: 'S16', urls: [ 'http://100.64.0.1/', 'http://100.127.255.255/' ], by_default: 'target_refused', open: '100.64.0.0/10', with_list: 'allowed' },
	{ row: 'S17', urls: [ 'http://100.63.255.255/', 'http://100.128.0.0/' ], by_default: 'allowed' },
	{ row: 'S18', urls: [ 'http://169.254.1.1/' ], by_default: 'target_refused', open: '169.254.0.0/16', with_list: 'allowed' },
	{ row: 'S19 in a wide rule', urls: [ 'http://169.254.169.254/', 'http://2852039166/', 'http://0xa9.0xfe.0xa9.0xfe/' ], by_default: 'target_refused', open: `${ ALL } 169.254.0.0/16!metadata`, with_list: 'target_refused' },
	{ row: 'S19 named exactly but not as metadata', urls: [ 'http://169.254.169.254/' ], by_default: 'target_refused', open: '169.254.169.254/32', with_list: 'target_refused' },
	{ row: 'S19', urls: [ 'http://169.254.169.254/', 'http://2852039166/' ], by_default: 'target_refused', open: '169.254.169.254/32!metadata', with_list: 'allowed' },
	{ row: 'S20', urls: [ 'http://100.100.100.200/' ], by_default: 'target_refused', open: '100.64.0.0/10', with_list: 'target_refused' },
	{ row: 'S20 exact', urls: [ 'http://100.100.100.200/' ], by_default: 'target_refused', open: '100.100.100.200!metadata', with_list: 'allowed' },
	{ row: 'S21', urls: [ 'http://168.63.129.16/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S21 exact', urls: [ 'http://168.63.129.16/' ], by_default: 'target_refused', open: '168.63.129.16!metadata', with_list: 'allowed' },
	{ row: 'S22', urls: [ 'http://[fd00:ec2::254]/', 'http://[fd20:ce::254]/' ], by_default: 'target_refused', open: 'fc00::/7', with_list: 'target_refused' },
	{ row: 'S22 exact', urls: [ 'http://[fd00:ec2::254]/' ], by_default: 'target_refused', open: 'fd00:ec2::254/128!metadata', with_list: 'allowed' },
	{ row: 'S23', urls: [ 'http://metadata.google.internal/', 'http://metadata.goog/' ], answers: [ '169.254.169.254' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S23 exact', urls: [ 'http://metadata.google.internal/', 'http://metadata.goog./' ], answers: [ '169.254.169.254' ], by_default: 'target_refused', open: '169.254.169.254!metadata', with_list: 'allowed' },
	{ row: 'S24', urls: [ 'http://192.0.0.8/', 'http://192.0.0.170/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S25', urls: [ 'http://192.0.0.9/', 'http://192.0.0.10/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S26', urls: [ 'http://192.0.2.1/', 'http://198.51.100.1/', 'http://203.0.113.1/' ], by_default: 'target_refused', open: '192.0.2.0/24,198.51.100.0/24,203.0.113.0/24', with_list: 'allowed' },
	{ row: 'S27', urls: [ 'http://198.18.0.1/', 'http://198.19.255.255/' ], by_default: 'target_refused', open: '198.18.0.0/15', with_list: 'allowed' },
	{ row: 'S28', urls: [ 'http://192.88.99.1/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S29', urls: [ 'http://192.31.196.1/', 'http://192.52.193.1/', 'http://192.175.48.1/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S30', urls: [ 'http://224.0.0.1/', 'http://239.255.255.255/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S31', urls: [ 'http://240.0.0.1/', 'http://255.255.255.255/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S32', urls: [ 'http://8.8.8.8/', 'http://[2606:4700:4700::1111]/' ], by_default: 'allowed' },
	{ row: 'S33 unspecified', urls: [ 'http://[::]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S33', urls: [ 'http://[::1]/', 'http://[0:0:0:0:0:0:0:1]/' ], by_default: 'target_refused', open: '::1', with_list: 'allowed' },
	{ row: 'S34', urls: [ 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/' ], by_default: 'target_refused', open: '127.0.0.0/8', with_list: 'allowed' },
	{ row: 'S34 metadata', urls: [ 'http://[::ffff:a9fe:a9fe]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S35', urls: [ 'http://[::ffff:8.8.8.8]/' ], by_default: 'allowed' },
	{ row: 'S36', urls: [ 'http://[::127.0.0.1]/', 'http://[::8.8.8.8]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S37', urls: [ 'http://[::ffff:0:127.0.0.1]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S38', urls: [ 'http://[64:ff9b::7f00:1]/' ], by_default: 'target_refused', open: '127.0.0.0/8', with_list: 'allowed' },
	{ row: 'S38 metadata', urls: [ 'http://[64:ff9b::a9fe:a9fe]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused', nat64: true },
	{ row: 'S39', urls: [ 'http://[64:ff9b::808:808]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S39 behind NAT64', urls: [ 'http://[64:ff9b::808:808]/' ], by_default: 'target_refused', open: '', nat64: true, with_list: 'allowed' },
	{ row: 'S38 behind NAT64', urls: [ 'http://[64:ff9b::7f00:1]/' ], by_default: 'target_refused', open: '', nat64: true, with_list: 'target_refused' },
	{ row: 'S40', urls: [ 'http://[64:ff9b:1::a00:1]/' ], by_default: 'target_refused', open: '64:ff9b:1::/48', with_list: 'allowed' },
	{ row: 'S41', urls: [ 'http://[2002:7f00:1::]/', 'http://[2002:a9fe:a9fe::]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S42', urls: [ 'http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S43', urls: [ 'http://[2001:db8::1]/', 'http://[3fff::1]/' ], by_default: 'target_refused', open: '2001:db8::/32 3fff::/20', with_list: 'allowed' },
	{ row: 'S44', urls: [ 'http://[2001:2::1]/', 'http://[2001:20::1]/', 'http://[5f00::1]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S45', urls: [ 'http://[100::1]/', 'http://[100:0:0:1::1]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S46', urls: [ 'http://[fc00::1]/', 'http://[fd12::1]/' ], by_default: 'target_refused', open: 'fc00::/7', with_list: 'allowed' },
	{ row: 'S47', urls: [ 'http://[fe80::1]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S47 zone', urls: [ 'http://[fe80::1%25eth0]/', 'http://[fe80::1%eth0]/' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S48', urls: [ 'http://[fec0::1]/', 'http://[ff02::1]/', 'http://[2620:4f:8000::1]/' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S49', urls: [ 'http://localhost/', 'http://LOCALHOST/', 'http://localhost./', 'http://ⓛocalhost/', 'http://foo.localhost/' ], answers: [ '127.0.0.1', '::1' ], by_default: 'target_refused', open: '127.0.0.0/8 ::1', with_list: 'allowed' },
	{ row: 'S49 half listed', urls: [ 'http://localhost/' ], answers: [ '127.0.0.1', '::1' ], by_default: 'target_refused', open: '127.0.0.0/8', with_list: 'target_refused' },
	{ row: 'S50', urls: [ 'http://ip6-localhost/', 'http://localhost.localdomain/', 'http://intranet/', 'http://wordpress/', 'http://db/' ], answers: [ '10.0.0.7' ], by_default: 'target_refused', open: '10.0.0.0/24', with_list: 'allowed' },
	{ row: 'S50 with a public answer that is not listed', urls: [ 'http://db/' ], answers: [ '8.8.8.8' ], by_default: 'target_refused', open: '10.0.0.0/24', with_list: 'target_refused' },
	{ row: 'S51', urls: [ 'http://x.local/', 'http://x.internal/', 'http://x.lan/', 'http://x.home.arpa/', 'http://host.docker.internal/' ], answers: [ '192.168.65.2' ], by_default: 'target_refused', open: '192.168.0.0/16', with_list: 'allowed' },
	{ row: 'S52', urls: [ 'http://127.0.0.1.nip.io/', 'http://www.acme.com/' ], answers: [ '127.0.0.1' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'allowed' },
	{ row: 'S52 private', urls: [ 'http://www.acme.com/' ], answers: [ '10.0.0.5' ], by_default: 'target_refused', open: '10.0.0.5', with_list: 'allowed' },
	{ row: 'S53 AAAA', urls: [ 'http://www.acme.com/' ], answers: [ '93.184.215.14', '::1' ], by_default: 'target_refused', open: '127.0.0.1', with_list: 'target_refused' },
	{ row: 'S53 two A', urls: [ 'http://www.acme.com/' ], answers: [ '93.184.215.14', '10.0.0.1' ], by_default: 'target_refused', open: '10.0.0.1', with_list: 'allowed' },
	{ row: 'S56', urls: [ 'http://example.com@127.0.0.1/', 'http://127.0.0.1@example.com/', 'http://user:pw@example.com/', 'http://@example.com/', 'http://:@example.com/' ], answers: [ '93.184.215.14' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S57', urls: [ 'http://127.0.0.1\\@example.com/', 'http://example.com\\@127.0.0.1/', 'http:/\\127.0.0.1/' ], answers: [ '93.184.215.14' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S58', urls: [ 'http://example.com#@127.0.0.1/', 'http://example.com/@127.0.0.1', 'http://example.com?@127.0.0.1' ], answers: [ '93.184.215.14' ], by_default: 'allowed' },
	{ row: 'S58 without slashes', urls: [ 'http:127.0.0.1', 'http:///127.0.0.1/', 'http:/127.0.0.1/' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S59', urls: [ 'http://exa\tmple.com/', '\0http://example.com/', 'http://example.com/\r\nX-Y: 1', ' http://example.com/', 'http://example.com/\n' ], answers: [ '93.184.215.14' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S60', urls: [ 'http://127.0.0.1%00.example.com/', 'http://127.0.0.1%2f.example.com/', 'http://example.com:80:80/', 'http://example.com:65536/', 'http://exa mple.com/' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S61', urls: [ 22, 25, 6379, 3306, 9200, 0 ].map( ( port ) => `http://example.com:${ port }/` ), answers: [ '93.184.215.14' ], by_default: 'target_refused', open: ALL, with_list: 'target_refused' },
	{ row: 'S61 listed', urls: [ 'http://example.com:9200/' ], answers: [ '93.184.215.14' ], by_default: 'target_refused', open: '93.184.215.0/24:9200', with_list: 'allowed' },
	{ row: 'S61 listed for another address', urls: [ 'http://example.com:9200/' ], answers: [ '93.184.215.14' ], by_default: 'target_refused', open: '127.0.0.1:9200', with_list: 'target_refused' },
	{ row: 'S61 a rule with ports opens only these', urls: [ 'http://127.0.0.1/', 'http://127.0.0.1:9201/' ], by_default: 'target_refused', open: '127.0.0.1:9200', with_list: 'target_refused' },
	{ row: 'S61 usual', urls: [ 'http://example.com:8080/', 'https://example.com:8443/', 'https://example.com/', 'http://example.com:443/' ], answers: [ '93.184.215.14' ], by_default: 'allowed' },
	{ row: 'S62', urls: [ 'file:///etc/passwd', 'ftp://example.com/', 'gopher://example.com/', 'data:,x', 'javascript:alert(1)', 'ws://example.com/', 'blob:http://example.com/x', 'dict://example.com/', 'ldap://example.com/', '//example.com/', 'example.com', '' ], by_default: 'bad_url', open: ALL, with_list: 'bad_url' },
	{ row: 'S66', urls: [ 'http://www.acme.com/', 'http://93.184.215.99/' ], answers: [ '93.184.215.99' ], by_default: 'target_refused', open: '93.184.215.99', with_list: 'allowed' },
];

/** The public address that this machine is supposed to have. */
const OWN = [ '127.0.0.1', '93.184.215.99' ];

function verdictOn( url: string, answers: string[], policy: GuardPolicy ): Verdict {
	const target = judgeUrl( url, policy, OWN );
	if ( ! target.ok ) {
		return target.code;
	}
	const judgement = target.address === null ? judgeAnswers( target, answers, policy, OWN ) : target;
	return judgement.ok ? 'allowed' : judgement.code;
}

describe( 'the guard on public addresses only', () => {
	for ( const { row, urls, answers = [], by_default } of CASES ) {
		for ( const url of urls ) {
			test( `${ row }: ${ JSON.stringify( url ) } is ${ by_default }`, () => {
				assert.equal( verdictOn( url, answers, PUBLIC_ONLY ), by_default );
			} );
		}
	}
} );

describe( 'the guard with what the operator listed', () => {
	for ( const { row, urls, answers = [], by_default, open = '', with_list = by_default, nat64 = false } of CASES ) {
		for ( const url of urls ) {
			test( `${ row }: ${ JSON.stringify( url ) } is ${ with_list } with "${ open }"${ nat64 ? ' behind NAT64' : '' }`, () => {
				assert.equal( verdictOn( url, answers, { allow: parseAllow( open ), nat64 } ), with_list );
			} );
		}
	}
} );

test( 'tells the same text for every private target', () => {
	const refused = [ 'http://127.0.0.1/', 'http://10.1.2.3:8080/x?y', 'http://169.254.169.254/latest/', 'https://db/', 'http://x.internal/', 'http://[::1]/', 'http://example.com:22/' ];
	const messages = refused.map( ( url ) => {
		const judged = judgeUrl( url, PUBLIC_ONLY );
		assert.equal( judged.ok, false, url );
		return refusalError( judged as Refusal ).message;
	} );
	assert.equal( new Set( messages ).size, 1 );
} );

test( 'refuses a name without an address', () => {
	assert.equal( verdictOn( 'http://www.acme.com/', [], PUBLIC_ONLY ), 'target_refused' );
} );

test( 'refuses an answer that is no address', () => {
	for ( const answer of [ '', 'localhost', '127.1', '0177.0.0.1', 'fe80::1%eth0', '8.8.8.8 ' ] ) {
		assert.equal( verdictOn( 'http://www.acme.com/', [ answer ], PUBLIC_ONLY ), 'target_refused', answer );
	}
} );

test( 'refuses a URL of more than 2,048 characters', () => {
	assert.equal( verdictOn( `http://example.com/${ 'a'.repeat( 2048 ) }`, [ '93.184.215.14' ], PUBLIC_ONLY ), 'bad_url' );
} );
