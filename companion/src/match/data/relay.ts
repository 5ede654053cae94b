import { domainSet } from './domain-set.ts';

/** Services that forward to a hidden address: the person is real, the domain says nothing of where they work. */
export const RELAY = domainSet( `
	privaterelay.appleid.com
	mozmail.com relay.firefox.com
	duck.com
	simplelogin.com simplelogin.co simplelogin.fr simplelogin.io aleeas.com slmail.me slmails.com silomails.com 8alias.com 8shield.net dralias.com
	passmail.net passmail.com passinbox.com passfwd.com
	anonaddy.com anonaddy.me addy.io addymail.com
	33mail.com
	erine.email
	fastmail.to
	mailbux.net
	relay.cloaked.app cloaked.email mycloak.email
	ironvest.email abine.com blur.com
	startmail.me
	forwardemail.me
	alias.sh
	sneakemail.com
	spamgourmet.com spamgourmet.net
	burnermail.io
	reply.github.com users.noreply.github.com
	guest.booking.com guest.airbnb.com
	reply.craigslist.org
	marketplace.amazon.com marketplace.amazon.co.uk marketplace.amazon.de marketplace.amazon.fr marketplace.amazon.it marketplace.amazon.es
	members.ebay.com
	shop.app
` );
