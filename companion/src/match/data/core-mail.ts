import { domainSet } from './domain-set.ts';

/** Mailbox providers so large that no company can own them, whatever a list says. Kept by hand and kept small:
 *  an entry here hides a company for good, so a provider that is also an employer's own domain stays out. */
export const CORE_MAIL = domainSet( `
	gmail.com googlemail.com
	outlook.com hotmail.com live.com msn.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es live.co.uk live.fr outlook.fr outlook.de outlook.es
	yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.co.in yahoo.in yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.ca yahoo.com.br yahoo.com.au yahoo.co.jp
	icloud.com me.com mac.com
	aol.com
	proton.me protonmail.com pm.me
	gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de
	mail.ru bk.ru inbox.ru list.ru yandex.ru yandex.com ya.ru rambler.ru
	qq.com 163.com 126.com sina.com foxmail.com
	naver.com hanmail.net
	mail.com
` );

/** Providers whose misspellings are looked for; short names would hit too many real domains. */
export const TYPO_TARGETS = [ 'gmail.com', 'googlemail.com', 'hotmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'protonmail.com' ];
