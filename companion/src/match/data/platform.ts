import { domainSet } from './domain-set.ts';

/** Shared hosts: a page on one says nothing of who owns the domain. A company whose website is the root of such a host
 *  keeps it, because it runs the host; a page below it or on a subdomain gives no domain. Mail at one has the label platform. */
export const PLATFORM = domainSet( `
	google.com google.co.uk google.de goo.gl g.page g.co forms.gle youtube.com youtu.be
	apple.com
	facebook.com fb.com fb.me m.me messenger.com instagram.com whatsapp.com wa.me threads.net
	twitter.com t.co x.com t.me telegram.me discord.gg lnkd.in
	tiktok.com snapchat.com pinterest.com vk.com weibo.com
	angel.co wellfound.com crunchbase.com producthunt.com ycombinator.com f6s.com
	linktr.ee beacons.ai about.me bio.link
	bit.ly tinyurl.com ow.ly rebrand.ly is.gd buff.ly
` );

/** Hosts with pages of others that are also large employers: the same rule for websites, no label for mail. */
export const PAGE_HOSTS = domainSet( `
	linkedin.com reddit.com twitch.tv vimeo.com discord.com
	github.com gitlab.com bitbucket.org sourceforge.net npmjs.com pypi.org huggingface.co
	medium.com substack.com blogger.com livejournal.com ghost.org
	notion.so coda.io airtable.com figma.com canva.com miro.com calendly.com typeform.com loom.com
	wix.com webflow.com godaddy.com
	amazon.com ebay.com etsy.com shopify.com gumroad.com kickstarter.com indiegogo.com gofundme.com patreon.com
	microsoft.com archive.org wikipedia.org steampowered.com itch.io techcrunch.com pitchbook.com
` );

/** Hosts whose subdomains are handed out to anyone. One of them gives its company no domain; mail at one is an
 *  organisation of its own, so it has no label. */
export const TENANT_HOSTS = domainSet( `
	webflow.io wixsite.com wixstudio.io wixstudio.com squarespace.com weebly.com weeblysite.com myshopify.com strikingly.com mystrikingly.com
	github.io gitlab.io pages.dev workers.dev vercel.app now.sh netlify.app herokuapp.com fly.dev onrender.com
	web.app firebaseapp.com appspot.com run.app azurewebsites.net azurestaticapps.net cloudfront.net amplifyapp.com
	blogspot.com wordpress.com tumblr.com ghost.io
	framer.app framer.ai framer.website framer.media framer.photos framer.wiki notion.site super.site
	replit.app replit.dev repl.co glitch.me surge.sh deno.dev bubbleapps.io lovable.app bolt.host
	streamlit.app hf.space stackblitz.io codesandbox.io softr.app softr.io glide.page adalo.com
	carrd.co myportfolio.com cargo.site bigcartel.com
	gitbook.io readme.io mintlify.app zendesk.com intercom.help unbounce.com launchrock.com
` );
